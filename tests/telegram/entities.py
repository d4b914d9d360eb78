"""Formatted text: from Telegram's HTML, or from text with entities, to what a person reads.

`<tg-time>` and the Markdown modes are not read here: Leo writes HTML.
"""

import html
import re
from typing import Any, NamedTuple

from tests.telegram.limits import Json, RefusedError, bad_request, utf16_length

TYPES = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline",
    "ins": "underline", "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
    "span": "spoiler", "tg-spoiler": "spoiler", "a": "text_link", "code": "code", "pre": "pre",
    "blockquote": "blockquote", "tg-emoji": "custom_emoji",
}  # fmt: skip
# The attribute an entity cannot do without, and the entity's field it becomes.
REQUIRED = {"a": ("href", "url"), "tg-emoji": ("emoji-id", "custom_emoji_id")}

TAG = re.compile(r"""<(?P<end>/?)(?P<name>[^\s>]*)(?P<rest>(?:[^>"']|"[^"]*"|'[^']*')*)>""")
ATTRIBUTE = re.compile(r"""\s+(?P<name>[^\s=>"']+)(?:\s*=\s*(?P<value>"[^"]*"|'[^']*'|[\w.-]+))?""")
REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
PLAIN = re.compile(r"[^<&]+")
BLANK = " \t\r\n"


class Formatted(NamedTuple):
    """Text as a person reads it, its entities, and the HTML it was sent as."""

    text: str
    entities: list[Json]
    html: str


class _Open(NamedTuple):
    name: str
    fields: Json | None
    offset: int


def read_text(text: str, parse_mode: str | None, entities: list[Json] | None) -> Formatted:
    """The text after parsing, blanks at both ends left out. Raises `RefusedError`."""
    if parse_mode:
        if parse_mode.lower().startswith("markdown"):
            raise bad_request("the double reads HTML only")
        if parse_mode.lower() != "html":
            raise bad_request("unsupported parse_mode")
        return _trimmed(*parse_html(text), text)
    for entity in entities or []:
        if entity["offset"] + entity["length"] > utf16_length(text):
            raise bad_request("can't parse entities: entity ends after the end of the text")
    return _trimmed(text, entities or [], html.escape(text, quote=False))


def _trimmed(text: str, entities: list[Json], source: str) -> Formatted:
    shift = len(text) - len(text.lstrip(BLANK))
    text = text.strip(BLANK)
    end = utf16_length(text)
    kept = []
    for entity in entities:
        first = max(0, entity["offset"] - shift)
        last = min(end, entity["offset"] + entity["length"] - shift)
        if last > first:
            kept.append({**entity, "offset": first, "length": last - first})
    kept.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return Formatted(text, kept, source.strip(BLANK))


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Plain text and entities of Telegram's HTML. Raises `RefusedError` where Telegram would.

    Stricter in one thing: a bare `&`, or a reference Telegram does not know (`&nbsp;`), which it
    would show as typed, is refused, as its documentation asks for `&amp;`.
    """
    pieces: list[str] = []
    entities: list[Json] = []
    opened: list[_Open] = []
    length = at = 0
    while at < len(source):
        if source[at] == "<":
            tag = TAG.match(source, at)
            if tag is None:
                raise _unreadable("Unclosed start tag", source, at)
            if tag["end"]:
                entities += _closed(tag, opened, length, source)
            else:
                opened.append(_opened(tag, length, source))
            at = tag.end()
            continue
        match = (REFERENCE if source[at] == "&" else PLAIN).match(source, at)
        if match is None:
            raise _unreadable("Character '&' must be escaped", source, at)
        pieces.append(html.unescape(match[0]) if source[at] == "&" else match[0])
        length += utf16_length(pieces[-1])
        at = match.end()
    if opened:
        raise bad_request(
            "can't parse entities: Can't find end tag corresponding to start tag "
            f'"{opened[-1].name}"'
        )
    return "".join(pieces), entities


def _unreadable(reason: str, source: str, at: int) -> RefusedError:
    offset = len(source[:at].encode())
    return bad_request(f"can't parse entities: {reason} at byte offset {offset}")


def _opened(tag: re.Match[str], offset: int, source: str) -> _Open:
    name = tag["name"].lower()
    if name not in TYPES:
        raise _unreadable(f'Unsupported start tag "{name}"', source, tag.start())
    attributes = {each["name"].lower(): _value(each) for each in ATTRIBUTE.finditer(tag["rest"])}
    if ATTRIBUTE.sub("", tag["rest"]).strip():
        raise _unreadable(f'Empty attribute name in the tag "{name}"', source, tag.start())
    if name == "span" and attributes.get("class") != "tg-spoiler":
        raise _unreadable('Tag "span" must have class "tg-spoiler"', source, tag.start())
    if name not in REQUIRED:
        return _Open(name, {}, offset)
    attribute, field = REQUIRED[name]
    # Without its address a link is plain text, and no error.
    fields: dict[str, Any] | None = (
        {field: attributes[attribute]} if attributes.get(attribute) else None
    )
    return _Open(name, fields, offset)


def _value(attribute: re.Match[str]) -> str:
    return html.unescape((attribute["value"] or "").strip("\"'"))


def _closed(tag: re.Match[str], opened: list[_Open], length: int, source: str) -> list[Json]:
    if not opened:
        raise _unreadable("Unexpected end tag", source, tag.start())
    start, name = opened.pop(), tag["name"].lower()
    if name and name != start.name:
        offset = len(source[: tag.start()].encode())
        raise bad_request(
            f"can't parse entities: Unmatched end tag at byte offset {offset}, "
            f'expected "</{start.name}>", found "</{name}>"'
        )
    if tag["rest"].strip():
        raise _unreadable("Unclosed end tag", source, tag.start())
    if start.fields is None or length == start.offset:
        return []
    at = {"offset": start.offset, "length": length - start.offset}
    return [{"type": TYPES[start.name], **at, **start.fields}]
