"""Splitting a long message where a reader would: at a paragraph, a sentence, a space."""

import re
from html import escape
from html.parser import HTMLParser
from typing import NamedTuple

# Telegram's limit, in UTF-16 code units of what is shown.
LIMIT = 4096


class _Tag(NamedTuple):
    """A tag opened at one place; two tags of the same text are not the same tag."""

    name: str
    text: str


type _Piece = tuple[tuple[_Tag, ...], str]


def split(html: str, limit: int = LIMIT) -> list[str]:
    """Return the message in parts of at most `limit` shown UTF-16 units each.

    Tags open at a cut are closed before it and opened again behind it.
    """
    if units(html) <= limit:
        return [html]
    pieces = _pieces(html)
    text = "".join(shown for _, shown in pieces)
    cuts = _cuts(text, limit)
    return [_render(pieces, start, end).strip() for start, end in cuts if text[start:end].strip()]


def units(text: str) -> int:
    """Return the length in UTF-16 code units, as Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


def _cuts(text: str, limit: int) -> list[tuple[int, int]]:
    cuts, start = [], 0
    while start < len(text):
        end = _cut(text, start, limit)
        cuts.append((start, end))
        start = end
    return cuts


def _cut(text: str, start: int, limit: int) -> int:
    furthest = start
    room = limit
    while furthest < len(text) and (room := room - units(text[furthest])) >= 0:
        furthest += 1
    if furthest == len(text):
        return furthest
    window = text[start:furthest]
    for pattern in (r"\n\n", r"[.!?…»”]\s", r"\n", r"\s"):
        ends = [match.end() for match in re.finditer(pattern, window)]
        if ends and ends[-1] > limit // 4:
            return start + ends[-1]
    return furthest


class _Pieces(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[_Tag] = []
        self.pieces: list[_Piece] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(_Tag(tag, self.get_starttag_text() or f"<{tag}>"))

    def handle_endtag(self, tag: str) -> None:
        if self.open:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.pieces.append((tuple(self.open), data))


def _pieces(html: str) -> list[_Piece]:
    parser = _Pieces()
    parser.feed(html)
    parser.close()
    return parser.pieces


def _render(pieces: list[_Piece], start: int, end: int) -> str:
    rendered, position = "", 0
    open_now: tuple[_Tag, ...] = ()
    for tags, shown in pieces:
        part = shown[max(start - position, 0) : max(end - position, 0)]
        position += len(shown)
        if part:
            rendered += _change(open_now, tags) + escape(part, quote=False)
            open_now = tags
    return rendered + _change(open_now, ())


def _change(old: tuple[_Tag, ...], new: tuple[_Tag, ...]) -> str:
    """Return what closes the tags that end here, and opens those that begin."""
    same = 0
    while same < min(len(old), len(new)) and old[same] is new[same]:
        same += 1
    closing = "".join(f"</{tag.name}>" for tag in reversed(old[same:]))
    return closing + "".join(tag.text for tag in new[same:])
