"""Splitting a long message where a reader would: at a paragraph, a sentence, a space."""

import re
from html import escape
from html.parser import HTMLParser

# Telegram's limit, in UTF-16 code units of what is shown.
LIMIT = 4096


def split(html: str, limit: int = LIMIT) -> list[str]:
    """Return the message in parts of at most `limit` shown UTF-16 units each.

    Tags open at a cut are closed before it and opened again behind it.
    """
    if units(html) <= limit:
        return [html]
    pieces = _pieces(html)
    text = "".join(shown for _, shown in pieces)
    cuts = _cuts(text, limit)
    return [part for start, end in cuts if (part := _render(pieces, start, end).strip())]


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
        self.open: list[tuple[str, str]] = []
        self.pieces: list[tuple[tuple[tuple[str, str], ...], str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append((tag, self.get_starttag_text() or f"<{tag}>"))

    def handle_endtag(self, tag: str) -> None:
        if self.open:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.pieces.append((tuple(self.open), data))


def _pieces(html: str) -> list[tuple[tuple[tuple[str, str], ...], str]]:
    parser = _Pieces()
    parser.feed(html)
    parser.close()
    return parser.pieces


def _render(pieces: list[tuple[tuple[tuple[str, str], ...], str]], start: int, end: int) -> str:
    rendered, position = [], 0
    for tags, shown in pieces:
        part = shown[max(start - position, 0) : max(end - position, 0)]
        position += len(shown)
        if part:
            opening = "".join(tag for _, tag in tags)
            closing = "".join(f"</{name}>" for name, _ in reversed(tags))
            rendered.append(f"{opening}{escape(part, quote=False)}{closing}")
    return "".join(rendered)
