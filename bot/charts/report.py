"""A report: a page of A4 with words, pictures in two columns, and notes below them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.charts.kinds import draw_on, read
from bot.charts.style import GRID, INK, INNER, LEADING, PAD, QUIET, WIDTH, draw_lines

if TYPE_CHECKING:
    from bot.charts.canvas import Canvas

A4 = (595.28, 841.89)  # points

# The page in units of its own, so that its words stand as finely as those of the pictures.
_PAGE = 2340.0
_HEIGHT = _PAGE * A4[1] / A4[0]
_EDGE, _COLUMN_GAP, _NOTE_GAP = 140, 110, 70
_WIDE = _PAGE - 2 * _EDGE
_COLUMN = (_WIDE - _COLUMN_GAP) / 2
_TITLE, _FACT, _NOTE = 84, 42, 37  # type
_GAP, _PICTURE_GAP, _RULE = 64, 80, 4


@dataclass(frozen=True)
class ReportPicture:
    """What a report shows, in words ready to be read; `columns` hold pictures, top down."""

    title: str
    facts: tuple[str, ...]
    columns: tuple[tuple[Any, ...], ...]
    notes: tuple[str, ...]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ReportPicture:
        """Return the report of a plain description, with a plain description of each picture.

        Raises KeyError for one of another shape.
        """
        columns = tuple(tuple(map(read, column)) for column in data["columns"])
        return cls(data["title"], tuple(data["facts"]), columns, tuple(data["notes"]))


def draw_report(canvas: Canvas, report: ReportPicture) -> None:
    """Draw a report on a sheet of A4; its pictures become smaller where they would not fit."""
    page = canvas.inset((0, 0), A4[0] / _PAGE)
    top = _draw_head(page, report)
    step = (_WIDE + _NOTE_GAP) / max(len(report.notes), 1)
    notes = [page.wrap(note, _NOTE, step - _NOTE_GAP) for note in report.notes]
    bottom = _HEIGHT - _EDGE - max(map(len, notes), default=0) * _NOTE * LEADING
    _draw_columns(page, report.columns, top, bottom - top - 1.5 * _GAP)
    _rule(page, bottom - _GAP / 2)
    for number, lines in enumerate(notes):
        draw_lines(page, lines, (_EDGE + number * step, bottom), _NOTE, colour=INK)


def _draw_head(page: Canvas, report: ReportPicture) -> float:
    """Draw title and facts and return where they ended."""
    title = page.wrap(report.title, _TITLE, _WIDE, bold=True, most=2)
    y = draw_lines(page, title, (_EDGE, _EDGE), _TITLE, colour=INK, bold=True) + 16
    for fact in report.facts:
        y = draw_lines(page, page.wrap(fact, _FACT, _WIDE), (_EDGE, y), _FACT, colour=QUIET)
    _rule(page, y + _GAP / 2)
    return y + _GAP + 30


def _draw_columns(page: Canvas, columns: Sequence[Sequence[Any]], top: float, room: float) -> None:
    heights = [[_height_of(page, picture) for picture in column] for column in columns]
    highest = max((_stacked(column) for column in heights), default=1.0)
    scale = min(_COLUMN / INNER, room / highest)
    step = (_WIDE - INNER * scale) / max(len(columns) - 1, 1)
    for number, column in enumerate(columns):
        left, y = _EDGE + number * step, top
        for picture, height in zip(column, heights[number], strict=True):
            # The margins of a picture lie outside its column.
            draw_on(page.inset((left - PAD * scale, y - PAD * scale), scale), picture)
            y += (height + _PICTURE_GAP) * scale


def _stacked(heights: Sequence[float]) -> float:
    return sum(heights) + _PICTURE_GAP * (len(heights) - 1)


def _height_of(page: Canvas, picture: Any) -> float:
    """Return how high a picture is without its margins: drawn on a sheet that nobody sees."""
    return draw_on(page.blank(WIDTH), picture) - PAD


def _rule(page: Canvas, y: float) -> None:
    page.line((_EDGE, y), (_PAGE - _EDGE, y), colour=GRID, thick=_RULE)
