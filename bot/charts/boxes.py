"""What somebody said, laid out in boxes: side by side, one leading to the next, or in a grid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import batched
from typing import TYPE_CHECKING, Any, Literal

from bot.charts.style import (
    GRID,
    INK,
    INNER,
    LEADING,
    NOTE,
    NOTHING,
    NOW,
    PAD,
    QUIET,
    WIDTH,
    draw_lines,
    draw_title,
)

if TYPE_CHECKING:
    from bot.charts.canvas import Canvas, Point

type Line = tuple[str, int, str]  # a dot or nothing, how far in the words stand, the words
type Layout = Literal["columns", "chain", "grid"]

# All in pixels.
_GAP = 28
_INSIDE = 32  # from a box's edge to its words
_EDGE = 3
_ARROW, _ARROW_LINE = 20, 6
_HEADING = 36
_CARD = "#fffdf8"
_BULLET, _INDENT = "•", 34
_HEADING_GAP = 12

# What a box holds of long answers.
_LINES = 12
_ITEM_LENGTH = 400
_MORE = "…"
# No more than two stand side by side: in narrower ones the words would be broken up. Where one
# would be taller than so many lines, all go below each other, so that none is mostly bare.
_SIDE_BY_SIDE = 2
_TALL = 8


@dataclass(frozen=True)
class Box:
    """One box: its title, and what was said, one thing a line; no lines when nothing was."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class BoxesPicture:
    """What a picture of boxes shows, in words ready to be read.

    What a box cannot hold is cut, with an ellipsis in its place.
    """

    title: str
    layout: Layout
    boxes: tuple[Box, ...]

    def to_json(self) -> dict[str, Any]:
        """The picture as plain data, to be stored and drawn later."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> BoxesPicture:
        """The picture that `to_json` gave. Raises KeyError or TypeError for another shape."""
        boxes = tuple(Box(**{**box, "lines": tuple(box["lines"])}) for box in data["boxes"])
        return cls(**{**data, "boxes": boxes})


def draw(canvas: Canvas, picture: BoxesPicture) -> float:
    """Draw `picture` from the top of the sheet down and return where it ended."""
    y = draw_title(canvas, picture.title, PAD) + 44
    rows = list(batched(picture.boxes, _columns(canvas, picture)))
    for number, row in enumerate(rows):
        y = _draw_row(canvas, row, y)
        if number < len(rows) - 1:
            y = _draw_arrow(canvas, y) if picture.layout == "chain" else y + _GAP
    return y


def _columns(canvas: Canvas, picture: BoxesPicture) -> int:
    """How many boxes stand side by side; three columns become three bands."""
    even = len(picture.boxes) % _SIDE_BY_SIDE == 0
    if picture.layout == "chain" or (picture.layout == "columns" and not even):
        return 1
    inner = _width(_SIDE_BY_SIDE) - 2 * _INSIDE
    tall = any(len(_wrapped(canvas, box, inner)) > _TALL for box in picture.boxes)
    return 1 if tall else _SIDE_BY_SIDE


def _width(boxes: int) -> float:
    """How wide each of so many boxes is that stand side by side."""
    return (INNER - _GAP * (boxes - 1)) / boxes


# Each of these draws from `top` down and returns where it ended.


def _draw_row(canvas: Canvas, row: tuple[Box, ...], top: float) -> float:
    width = _width(len(row))
    inner = width - 2 * _INSIDE
    headings = [canvas.wrap(box.title, _HEADING, inner, bold=True) for box in row]
    bodies = [_wrapped(canvas, box, inner) for box in row]
    words = max(
        len(heading) * _HEADING * LEADING + _HEADING_GAP + len(body) * NOTE * LEADING
        for heading, body in zip(headings, bodies, strict=True)
    )
    height = round(2 * _INSIDE + words)
    for number, (heading, body) in enumerate(zip(headings, bodies, strict=True)):
        x = PAD + number * (width + _GAP)
        canvas.box((x, top), width, height, colour=GRID, fill=_CARD, thick=_EDGE)
        corner = (x + _INSIDE, top + _INSIDE)
        y = draw_lines(canvas, heading, corner, _HEADING, colour=NOW, bold=True)
        _draw_body(canvas, body, (corner[0], y + _HEADING_GAP))
    return top + height


def _draw_body(canvas: Canvas, lines: list[Line], corner: Point) -> None:
    x, y = corner
    for mark, indent, line in lines:
        draw_lines(canvas, [mark] if mark else [], (x, y), NOTE, colour=NOW)
        colour = QUIET if line in (NOTHING, _MORE) else INK
        y = draw_lines(canvas, [line], (x + indent, y), NOTE, colour=colour)


def _wrapped(canvas: Canvas, box: Box, width: float) -> list[Line]:
    """The lines in a box; several things get a dot each."""
    listed = len(box.lines) > 1
    indent = _INDENT if listed else 0
    lines: list[Line] = []
    for item in box.lines or (NOTHING,):
        left = _LINES - len(lines)
        if left <= 0:
            return [*lines, ("", indent, _MORE)]
        wrapped = canvas.wrap(_short(item), NOTE, width - indent, most=left)
        marks = [_BULLET if listed else "", *[""] * (len(wrapped) - 1)]
        lines += [(mark, indent, line) for mark, line in zip(marks, wrapped, strict=True)]
    return lines


def _short(item: str) -> str:
    """What is looked at of one thing said: cut at a space if there is one, with an ellipsis."""
    if len(item) <= _ITEM_LENGTH:
        return item
    return f"{item[:_ITEM_LENGTH].rsplit(' ', 1)[0]} …"


def _draw_arrow(canvas: Canvas, top: float) -> float:
    middle, end = WIDTH / 2, top + 64
    canvas.line((middle, top + 10), (middle, end - _ARROW), colour=NOW, thick=_ARROW_LINE)
    canvas.arrow_down((middle, end - 6), _ARROW, colour=NOW)
    return end
