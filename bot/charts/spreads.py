"""Marks over weeks: for each mark a line of means, over the bands in which half of them lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.charts.canvas import Canvas

_WIDTH, _LABEL, _RIGHT = 900, 250, 30
_ROW, _TOP, _PLOT = 92, 16, 64
_INK, _SOFT, _LINE, _BAND, _MAIN = "#1d2b2a", "#55625f", "#c9d2cf", "#98c7bf", "#1f5f5b"
_LEAST, _MOST = 1, 5


@dataclass(frozen=True)
class SpreadPoint:
    """A mark in a week: its mean, and the ratings between which half lie."""

    mean: float
    low: int
    high: int


@dataclass(frozen=True)
class SpreadRow:
    """A mark over the weeks; None where a week is not shown."""

    label: str
    points: tuple[SpreadPoint | None, ...]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> SpreadRow:
        """Return the row of a plain description, whose points without a mean are not shown."""
        points = (
            SpreadPoint(**point) if point["mean"] is not None else None for point in data["points"]
        )
        return cls(data["label"], tuple(points))


def spreads_svg(rows: tuple[SpreadRow, ...]) -> str:
    """Return the picture as an SVG document; weeks are numbered from 1."""
    # Imported here so that a process which draws nothing does not pay for matplotlib.
    from bot.charts.canvas import Canvas

    canvas = Canvas(_WIDTH, "#ffffff")
    for number, row in enumerate(rows):
        _draw(canvas, row, _TOP + number * _ROW)
    canvas.cut(_TOP + len(rows) * _ROW + 8)
    return canvas.svg()


def _draw(canvas: Canvas, row: SpreadRow, top: float) -> None:
    for number, words in enumerate(canvas.wrap(row.label, 16, _LABEL - 40, most=2)):
        canvas.text((16, top + 30 + 20 * number), words, 16, colour=_INK)
    for rating in (_LEAST, _MOST):
        y = _height(rating, top)
        canvas.line((_LABEL, y), (_WIDTH - _RIGHT, y), colour=_LINE, thick=1)
        canvas.text((_LABEL - 10, y + 5), str(rating), 13, colour=_SOFT, align="right")
    step = (_WIDTH - _RIGHT - _LABEL) / max(len(row.points), 1)
    places = [_LABEL + step * (number + 0.5) for number in range(len(row.points))]
    for x, point in zip(places, row.points, strict=True):
        if point is not None:
            low, high = _height(point.low, top) + 3, _height(point.high, top) - 3
            canvas.line((x, low), (x, high), colour=_BAND, thick=min(step * 0.5, 14))
    _join(canvas, places, row, top)
    every = max(1, len(places) // 13)
    for number in range(0, len(places), every):
        at = (places[number], top + _PLOT + 18)
        canvas.text(at, str(number + 1), 12, colour=_SOFT, align="center")


def _join(canvas: Canvas, places: list[float], row: SpreadRow, top: float) -> None:
    before: tuple[float, float] | None = None
    for x, point in zip(places, row.points, strict=True):
        here = (x, _height(point.mean, top)) if point is not None else None
        if here is not None and before is not None:
            canvas.line(before, here, colour=_MAIN, thick=2)
        if here is not None:
            canvas.disc(here, 4, colour=_MAIN)
        before = here


def _height(rating: float, top: float) -> float:
    return top + _PLOT * (_MOST - rating) / (_MOST - _LEAST)
