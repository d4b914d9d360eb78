"""How many messages were sent each day, and how many of them were answered."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.charts.canvas import Canvas

_WIDTH, _HEIGHT, _PAD, _TOP, _BOTTOM = 1080, 620, 72, 150, 90
_PAPER, _INK, _QUIET, _GRID = "#f7f3ea", "#2a3340", "#626b7a", "#ddd6c7"
_SENT, _ANSWERED, _EXPIRED = "#c9d6e4", "#2f5f8f", "#b07a2a"
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


def days_png(picture: DaysPicture) -> bytes:
    """Return the picture as PNG: a column for each day, and two more within it."""
    canvas = Canvas(_WIDTH, _PAPER)
    floor, height = _HEIGHT - _BOTTOM, _HEIGHT - _BOTTOM - _TOP
    most = max((day.sent for day in picture.days), default=0) or 1
    step = (_WIDTH - 2 * _PAD) / max(len(picture.days), 1)
    canvas.text((_PAD, 64), picture.title, size=_TITLE, colour=_INK)
    _legend(canvas, picture)
    canvas.line((_PAD, floor), (_WIDTH - _PAD, floor), colour=_GRID, thick=2)
    every = -(-len(picture.days) // _LABELS)
    for number, day in enumerate(picture.days):
        middle = _PAD + (number + 0.5) * step
        columns = ((day.sent, 0.0, 0.8, _SENT), (day.answered, -0.2, 0.3, _ANSWERED))
        for count, aside, wide, colour in (*columns, (day.expired, 0.2, 0.3, _EXPIRED)):
            top = floor - height * count / most
            x = middle + aside * step
            canvas.line((x, floor), (x, top), colour=colour, thick=max(wide * step, 1))
        if number % every == 0:
            canvas.text((middle, floor + 44), day.label, size=_NOTE, colour=_QUIET, align="center")
    canvas.text((_PAD, _TOP - 14), str(most), size=_NOTE, colour=_QUIET)
    canvas.cut(_HEIGHT)
    return canvas.png()


def _legend(canvas: Canvas, picture: DaysPicture) -> None:
    x = float(_PAD) + 120
    legend = ((picture.sent, _SENT), (picture.answered, _ANSWERED), (picture.expired, _EXPIRED))
    for words, colour in legend:
        canvas.disc((x, _TOP - 22), 11, colour=colour)
        canvas.text((x + 24, _TOP - 14), words, size=_NOTE, colour=_QUIET)
        x += 48 + canvas.span(words, _NOTE) + 24
