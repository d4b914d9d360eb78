"""The marks given to one person, each from 1 to 5, beside those of last time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from bot.charts.style import (
    BEFORE,
    FIRST,
    GRID,
    INK,
    LABEL,
    LABEL_WIDTH,
    LAST,
    LEADING,
    NOTE,
    NOTHING,
    NOW,
    PAD,
    PAPER,
    QUIET,
    draw_legend,
    draw_lines,
    draw_title,
    draw_value,
)

if TYPE_CHECKING:
    from bot.charts.canvas import Canvas, Point
    from bot.charts.style import Entry

_RATINGS = range(1, 6)

# All in pixels.
_GRID_LINE, _CHANGE_LINE = 2.5, 6
_DISC, _RING, _RING_LINE = 17, 27, 6  # radii, and the thickness of the ring
_ROW, _ROW_GAP = 116, 40  # least height of a row; least space between two labels


@dataclass(frozen=True)
class MarkRow:
    """One mark: `now` and `before` are from 1 to 5, or None where there is no rating.

    Raises ValueError for a rating off the scale.
    """

    label: str
    now: int | None
    before: int | None

    def __post_init__(self) -> None:
        for rating in (self.now, self.before):
            if rating is not None and rating not in _RATINGS:
                raise ValueError(f"a rating is from 1 to 5, not {rating!r}")


@dataclass(frozen=True)
class MarksPicture:
    """What a picture of marks shows, in words ready to be read.

    `low` and `high` say what 1 and 5 mean. `before_legend` is shown only when a row has a rating
    from before. Labels and legends are shown whole; a title that two lines cannot hold is cut.
    """

    title: str
    rows: tuple[MarkRow, ...]
    low: str
    high: str
    now_legend: str
    before_legend: str

    def to_json(self) -> dict[str, Any]:
        """The picture as plain data, to be stored and drawn later."""
        data = asdict(self)
        return {**data, "rows": list(data["rows"])}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> MarksPicture:
        """The picture that `to_json` gave.

        Raises KeyError or TypeError for data of another shape, ValueError for a rating off the
        scale.
        """
        return cls(**{**data, "rows": tuple(MarkRow(**row) for row in data["rows"])})


def draw(canvas: Canvas, picture: MarksPicture) -> float:
    """Draw `picture` from the top of the sheet down and return where it ended."""
    y = draw_title(canvas, picture.title, PAD)
    y = round(_draw_legend(canvas, picture, y + 32) + 40)
    for row in picture.rows:
        y = _draw_row(canvas, row, y)
    return _draw_scale(canvas, picture, y)


# Each of these draws from `top` down and returns where it ended.


def _draw_legend(canvas: Canvas, picture: MarksPicture, top: float) -> float:
    """What the dots stand for."""
    entries: list[Entry] = [(_draw_now, 2 * _DISC, picture.now_legend)]
    if any(row.before is not None for row in picture.rows):
        entries.append((_draw_before, 2 * _RING, picture.before_legend))
    return draw_legend(canvas, entries, top)


def _draw_row(canvas: Canvas, row: MarkRow, top: float) -> float:
    lines = canvas.wrap(row.label, LABEL, LABEL_WIDTH)
    label_height = len(lines) * LABEL * LEADING
    height = max(_ROW, round(label_height + _ROW_GAP))
    middle = top + height / 2
    for rating in _RATINGS:
        x = _stand(rating)
        canvas.line((x, top), (x, top + height), colour=GRID, thick=_GRID_LINE)
    canvas.line((FIRST, middle), (LAST, middle), colour=GRID, thick=_GRID_LINE)
    draw_lines(canvas, lines, (PAD, middle - label_height / 2), LABEL, colour=INK)
    _draw_ratings(canvas, row, middle)
    return top + height


def _draw_ratings(canvas: Canvas, row: MarkRow, y: float) -> None:
    """The dots of a row and, after the scale, the rating of now as a figure."""
    now, before = row.now, row.before
    if now is not None and before is not None:
        ends = (_stand(before), y), (_stand(now), y)
        canvas.line(*ends, colour=NOW, thick=_CHANGE_LINE)
    if before is not None:
        _draw_before(canvas, (_stand(before), y))
    if now is not None:
        _draw_now(canvas, (_stand(now), y))
    value, colour = (NOTHING, QUIET) if now is None else (str(now), NOW)
    draw_value(canvas, value, y, colour=colour)


def _draw_scale(canvas: Canvas, picture: MarksPicture, top: float) -> float:
    """The five ratings under their lines, and what the first and the last of them mean."""
    below = top + 8
    for rating in _RATINGS:
        end = draw_lines(
            canvas, [str(rating)], (_stand(rating), below), NOTE, colour=QUIET, align="center"
        )
    left, right = FIRST - _RING, LAST + _RING
    width = (right - left - 24) / 2
    low, high = (canvas.wrap(words, NOTE, width) for words in (picture.low, picture.high))
    return max(
        draw_lines(canvas, low, (left, end), NOTE, colour=QUIET),
        draw_lines(canvas, high, (right, end), NOTE, colour=QUIET, align="right"),
    )


def _draw_now(canvas: Canvas, centre: Point) -> None:
    canvas.disc(centre, _DISC, colour=NOW)


def _draw_before(canvas: Canvas, centre: Point) -> None:
    canvas.ring(centre, _RING, colour=BEFORE, fill=PAPER, thick=_RING_LINE)


def _stand(rating: int) -> float:
    """Where a rating stands on the scale, from the left edge."""
    return FIRST + (LAST - FIRST) * (rating - 1) / (len(_RATINGS) - 1)
