"""What was done, counted: a dot for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from bot.charts.style import (
    FIRST,
    INK,
    LABEL,
    LABEL_WIDTH,
    LAST,
    LEADING,
    MIDDLE,
    NOTE,
    NOW,
    PAD,
    PAPER,
    QUIET,
    VALUE,
    WIDTH,
    draw_lines,
    draw_title,
    figure,
)

if TYPE_CHECKING:
    from bot.charts.canvas import Canvas, Point

type Fill = Literal["full", "half", "empty", "dotted"]

# All in pixels.
_DOT, _RING_LINE = 17, 5
_APART = 52  # from one dot to the next
_ROW_GAP = 34
_FIGURE_GAP = 24  # least space between the dots and the figure
_MOST_LINES = 3  # of dots; the figure says the rest
_MORE = "…"


@dataclass(frozen=True)
class TallyRow:
    """One thing counted, and how its dots are drawn."""

    label: str
    count: int
    fill: Fill


@dataclass(frozen=True)
class TallySection:
    """Rows under a heading."""

    title: str
    rows: tuple[TallyRow, ...]


@dataclass(frozen=True)
class TallyPicture:
    """What a picture of counts shows, in words ready to be read."""

    title: str
    sections: tuple[TallySection, ...]

    def to_json(self) -> dict[str, Any]:
        """The picture as plain data, to be stored and drawn later."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> TallyPicture:
        """The picture that `to_json` gave. Raises KeyError or TypeError for another shape."""
        sections = tuple(
            TallySection(**{**section, "rows": tuple(TallyRow(**row) for row in section["rows"])})
            for section in data["sections"]
        )
        return cls(**{**data, "sections": sections})


def draw(canvas: Canvas, picture: TallyPicture) -> float:
    """Draw `picture` from the top of the sheet down and return where it ended."""
    in_line = _in_line(canvas, picture)
    y = draw_title(canvas, picture.title, PAD)
    for section in picture.sections:
        heading = canvas.wrap(section.title, NOTE, WIDTH - 2 * PAD)
        y = draw_lines(canvas, heading, (PAD, y + 44), NOTE, colour=QUIET) + 20
        for row in section.rows:
            y = _draw_row(canvas, row, y, in_line) + _ROW_GAP
        y -= _ROW_GAP
    return y


def _in_line(canvas: Canvas, picture: TallyPicture) -> int:
    """How many dots a line holds, so that the widest figure has its room after them."""
    figures = [figure(row.count) for section in picture.sections for row in section.rows]
    widest = max((canvas.span(words, VALUE, bold=True) for words in figures), default=0)
    end = min(LAST, WIDTH - PAD - widest - _FIGURE_GAP - _DOT)
    return int((end - FIRST) // _APART) + 1


def _draw_row(canvas: Canvas, row: TallyRow, top: float, in_line: int) -> float:
    """Draw a row from `top` down and return where it ended."""
    label = canvas.wrap(row.label, LABEL, LABEL_WIDTH)
    label_height = len(label) * LABEL * LEADING
    most = _MOST_LINES * in_line
    dots = row.count if row.count <= most else most - 1
    lines = max(1, -(-min(row.count, most) // in_line))
    height = max(label_height, lines * _APART)
    middle = top + height / 2
    draw_lines(canvas, label, (PAD, middle - label_height / 2), LABEL, colour=INK)
    first = middle - (lines - 1) * _APART / 2
    for dot in range(dots):
        line, place = divmod(dot, in_line)
        _draw_dot(canvas, (FIRST + place * _APART, first + line * _APART), row.fill)
    if dots < row.count:
        at = (FIRST + (in_line - 1) * _APART, first + (lines - 1) * _APART + _DOT)
        canvas.text(at, _MORE, LABEL, colour=NOW, align="center")
    at = (WIDTH - PAD, middle + MIDDLE * VALUE)
    canvas.text(at, figure(row.count), VALUE, colour=NOW, bold=True, align="right")
    return top + height


def _draw_dot(canvas: Canvas, centre: Point, fill: Fill) -> None:
    if fill == "full":
        return canvas.disc(centre, _DOT, colour=NOW)
    colour = QUIET if fill == "dotted" else NOW
    canvas.ring(centre, _DOT, colour=colour, fill=PAPER, thick=_RING_LINE)
    if fill == "half":
        canvas.half_disc(centre, _DOT - _RING_LINE / 2, colour=colour)
    if fill == "dotted":
        canvas.disc(centre, _RING_LINE, colour=colour)
    return None
