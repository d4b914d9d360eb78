"""The ratings of each week, mark by mark: how each one moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from bot.charts.style import (
    FIRST,
    GRID,
    INK,
    LABEL,
    LABEL_WIDTH,
    LAST,
    LEADING,
    MIDDLE,
    NOTE,
    NOTHING,
    NOW,
    PAD,
    QUIET,
    TICK,
    draw_along,
    draw_lines,
    draw_title,
    draw_value,
)

if TYPE_CHECKING:
    from bot.charts.canvas import Canvas, Point

_RATINGS = range(1, 6)

# All in pixels.
_GRID_LINE, _LINE = 2.5, 5
_DOT, _LAST_DOT = 10, 16  # radii
_STEP = 24  # from one rating to the next, upwards
_ROW_GAP = 58
_MOST_DOTS = 16  # so many weeks have a dot each; more would hide the line


@dataclass(frozen=True)
class WeeksRow:
    """One mark: a rating from 1 to 5 a week, or None for a week without one.

    Raises ValueError for a rating off the scale.
    """

    label: str
    ratings: tuple[int | None, ...]

    def __post_init__(self) -> None:
        for rating in self.ratings:
            if rating is not None and rating not in _RATINGS:
                raise ValueError(f"a rating is from 1 to 5, not {rating!r}")


@dataclass(frozen=True)
class WeeksPicture:
    """What a picture of weeks shows; `weeks` are their names, as many as each row has ratings.

    Raises ValueError where they are not as many.
    """

    title: str
    weeks: tuple[str, ...]
    rows: tuple[WeeksRow, ...]

    def __post_init__(self) -> None:
        if any(len(row.ratings) != len(self.weeks) for row in self.rows):
            raise ValueError("each row has one rating, or None, for each week")

    def to_json(self) -> dict[str, Any]:
        """The picture as plain data, to be stored and drawn later."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> WeeksPicture:
        """The picture that `to_json` gave. Raises KeyError or TypeError for another shape."""
        rows = tuple(WeeksRow(**{**row, "ratings": tuple(row["ratings"])}) for row in data["rows"])
        return cls(**{**data, "weeks": tuple(data["weeks"]), "rows": rows})


def draw(canvas: Canvas, picture: WeeksPicture) -> float:
    """Draw `picture` from the top of the sheet down and return where it ended."""
    y = draw_title(canvas, picture.title, PAD) + 48
    for row in picture.rows:
        y = _draw_row(canvas, row, y) + _ROW_GAP
    count = len(picture.weeks)
    places = [_stand(week, count) for week in range(count)]
    return draw_along(canvas, picture.weeks, places, y - _ROW_GAP + 22, size=NOTE)


# Each of these draws from `top` down and returns where it ended.


def _draw_row(canvas: Canvas, row: WeeksRow, top: float) -> float:
    label = canvas.wrap(row.label, LABEL, LABEL_WIDTH)
    label_height = len(label) * LABEL * LEADING
    height = max(_STEP * (len(_RATINGS) - 1), label_height)
    middle = top + height / 2
    base = middle + _STEP * (len(_RATINGS) - 1) / 2
    _draw_scale(canvas, base)
    draw_lines(canvas, label, (PAD, middle - label_height / 2), LABEL, colour=INK)
    _draw_ratings(canvas, row.ratings, base)
    given = [rating for rating in row.ratings if rating is not None]
    if given:
        draw_value(canvas, str(given[-1]), middle)
    else:
        draw_value(canvas, NOTHING, middle, colour=QUIET)
    return top + height


def _draw_scale(canvas: Canvas, base: float) -> None:
    """A line for the lowest, the middle and the highest rating; the ends are named."""
    for rating in (_RATINGS[0], _RATINGS[2], _RATINGS[-1]):
        y = _height(rating, base)
        canvas.line((FIRST - 20, y), (LAST + 20, y), colour=GRID, thick=_GRID_LINE)
        if rating != _RATINGS[2]:
            at = (FIRST - 34, y + MIDDLE * TICK)
            canvas.text(at, str(rating), TICK, colour=QUIET, align="right")


def _draw_ratings(canvas: Canvas, ratings: tuple[int | None, ...], base: float) -> None:
    """A dot for each rating, the last one larger; a line joins those of neighbouring weeks."""
    points: list[Point | None] = [
        None if rating is None else (_stand(week, len(ratings)), _height(rating, base))
        for week, rating in enumerate(ratings)
    ]
    for one, other in pairwise(points):
        if one is not None and other is not None:
            canvas.line(one, other, colour=NOW, thick=_LINE)
    given = [point for point in points if point is not None]
    for point in given if len(ratings) <= _MOST_DOTS else given[-1:]:
        canvas.disc(point, _LAST_DOT if point is given[-1] else _DOT, colour=NOW)


def _stand(week: int, weeks: int) -> float:
    """Where a week stands, from the left edge; one alone stands in the middle."""
    if weeks == 1:
        return (FIRST + LAST) / 2
    return FIRST + (LAST - FIRST) * week / (weeks - 1)


def _height(rating: int, base: float) -> float:
    return base - _STEP * (rating - _RATINGS[0])
