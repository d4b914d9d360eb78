"""How many messages were sent each day, and how many of them were answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.charts.style import BEFORE, GRID, INK, INNER, NOW, PAD, QUIET, TINT, WIDTH

if TYPE_CHECKING:
    from bot.charts.canvas import Canvas

# All in pixels.
_FLOOR, _TOP, _BOTTOM = 530, 150, 18
_TITLE, _NOTE = 40, 26
_LABELS = 8  # days that are named below, at most


@dataclass(frozen=True)
class Day:
    """One day: its label, and how many were sent, answered, and left until they expired."""

    label: str
    sent: int
    answered: int
    expired: int


@dataclass(frozen=True)
class DaysPicture:
    """A title, the days in order, and what the three columns are called."""

    title: str
    days: Sequence[Day]
    sent: str
    answered: str
    expired: str


def draw(canvas: Canvas, picture: DaysPicture) -> float:
    """Draw a column for each day, and two more within it; return where they ended."""
    most = max((day.sent for day in picture.days), default=0) or 1
    step = INNER / max(len(picture.days), 1)
    canvas.text((PAD, 64), picture.title, size=_TITLE, colour=INK)
    _legend(canvas, picture)
    canvas.line((PAD, _FLOOR), (WIDTH - PAD, _FLOOR), colour=GRID, thick=2)
    every = -(-len(picture.days) // _LABELS)
    for number, day in enumerate(picture.days):
        middle = PAD + (number + 0.5) * step
        columns = ((day.sent, 0.0, 0.8, TINT), (day.answered, -0.2, 0.3, NOW))
        for count, aside, wide, colour in (*columns, (day.expired, 0.2, 0.3, BEFORE)):
            top = _FLOOR - (_FLOOR - _TOP) * count / most
            x = middle + aside * step
            canvas.line((x, _FLOOR), (x, top), colour=colour, thick=max(wide * step, 1))
        if number % every == 0:
            at = (middle, _FLOOR + 44)
            canvas.text(at, day.label, size=_NOTE, colour=QUIET, align="center")
    canvas.text((PAD, _TOP - 14), str(most), size=_NOTE, colour=QUIET)
    return _FLOOR + _BOTTOM


def _legend(canvas: Canvas, picture: DaysPicture) -> None:
    x = float(PAD) + 120
    legend = ((picture.sent, TINT), (picture.answered, NOW), (picture.expired, BEFORE))
    for words, colour in legend:
        canvas.disc((x, _TOP - 22), 11, colour=colour)
        canvas.text((x + 24, _TOP - 14), words, size=_NOTE, colour=QUIET)
        x += 48 + canvas.span(words, _NOTE) + 24
