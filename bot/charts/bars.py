"""Things counted, a bar for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from bot.charts.style import (
    GRID,
    INK,
    INNER,
    LABEL_WIDTH,
    LEADING,
    MIDDLE,
    NOTE,
    NOW,
    PAD,
    QUIET,
    draw_lines,
    draw_nothing,
    draw_title,
    figure,
)

if TYPE_CHECKING:
    from bot.charts.canvas import Canvas, Point

# All in pixels.
_BAR, _ROW, _ROW_GAP = 34, 60, 20  # heights; least space between two labels
_BASE_LINE = 2.5
_APART = 28  # between a label and its bar
_FIGURE_GAP = 16


@dataclass(frozen=True)
class BarRow:
    """One thing counted; None where the count may not be shown, and `instead` says so.

    Raises ValueError for a count below zero.
    """

    label: str
    count: int | None
    instead: str = ""

    def __post_init__(self) -> None:
        if self.count is not None and self.count < 0:
            raise ValueError(f"a count is not below zero: {self.count}")


@dataclass(frozen=True)
class BarsPicture:
    """What a picture of bars shows, in words ready to be read."""

    title: str
    rows: tuple[BarRow, ...]

    def to_json(self) -> dict[str, Any]:
        """The picture as plain data, to be stored and drawn later."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> BarsPicture:
        """The picture that `to_json` gave.

        Raises KeyError or TypeError for data of another shape, ValueError for a count below zero.
        """
        return cls(**{**data, "rows": tuple(BarRow(**row) for row in data["rows"])})


def draw(canvas: Canvas, picture: BarsPicture) -> float:
    """Draw `picture` from the top of the sheet down and return where it ended."""
    top = draw_title(canvas, picture.title, PAD) + 40
    return _draw_rows(canvas, picture, top) if picture.rows else draw_nothing(canvas, top)


def _draw_rows(canvas: Canvas, picture: BarsPicture, top: float) -> float:
    """The rows; their bars start where the widest label has ended."""
    labels = [canvas.wrap(row.label, NOTE, LABEL_WIDTH) for row in picture.rows]
    counts = [row.count for row in picture.rows if row.count is not None]
    widest_label = max(canvas.span(line, NOTE) for lines in labels for line in lines)
    widest_figure = max((_width(canvas, count) for count in counts), default=0)
    base = PAD + widest_label + _APART
    room = PAD + INNER - base - _FIGURE_GAP - widest_figure
    y = top
    for row, label in zip(picture.rows, labels, strict=True):
        words = [] if row.count is not None else canvas.wrap(row.instead, NOTE, room)
        height = max(_ROW, max(len(label), len(words)) * NOTE * LEADING + _ROW_GAP)
        middle = y + height / 2
        _draw_middle(canvas, label, (PAD, middle), colour=INK)
        if row.count is None:
            _draw_middle(canvas, words, (base + _FIGURE_GAP, middle), colour=QUIET)
        else:
            length = room * row.count / max(*counts, 1)
            _draw_bar(canvas, row.count, length, (base, middle))
        y += height
    canvas.line((base, top), (base, y), colour=GRID, thick=_BASE_LINE)
    return y


def _draw_middle(canvas: Canvas, lines: list[str], at: Point, *, colour: str) -> None:
    """Draw lines whose middle is at the height of a point."""
    x, middle = at
    draw_lines(canvas, lines, (x, middle - len(lines) * NOTE * LEADING / 2), NOTE, colour=colour)


def _draw_bar(canvas: Canvas, count: int, length: float, base: Point) -> None:
    """Draw a bar to the right of a point, and its figure after it."""
    x, middle = base
    if count:
        canvas.bar((x, middle - _BAR / 2), length, _BAR, colour=NOW)
    at = (x + length + _FIGURE_GAP, middle + MIDDLE * NOTE)
    canvas.text(at, figure(count), NOTE, colour=NOW, bold=True)


def _width(canvas: Canvas, count: int) -> float:
    return canvas.span(figure(count), NOTE, bold=True)
