"""How a group's ratings moved and how far apart they lie: a panel for each mark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from itertools import batched
from typing import TYPE_CHECKING, Any, Literal

from bot.charts.style import (
    GRID,
    INK,
    INNER,
    LEADING,
    MIDDLE,
    NOTE,
    NOW,
    PAD,
    QUIET,
    TICK,
    TINT,
    draw_along,
    draw_legend,
    draw_lines,
    draw_nothing,
    draw_title,
)

if TYPE_CHECKING:
    from bot.charts.canvas import Canvas, Point
    from bot.charts.style import Entry

    type Run = list[tuple[float, SpreadPoint]]  # neighbouring weeks: their places and ratings

_RATINGS = range(1, 6)

# All in pixels.
_STEP = 44  # from one rating to the next, upwards
_GRID_LINE, _LINE, _DOT, _LAST_DOT = 2.5, 5, 8, 13
_ALONE = 24  # the width of a week's band between two gaps
_AROUND = 7  # what a band reaches beyond its ratings, so that one of a single rating is seen
_TICKS, _FIGURE = 44, 88  # left of a panel's weeks for the scale, right of them for the figure
_COLUMN_GAP, _PANEL_GAP = 48, 60
_SAMPLE, _SAMPLE_HEIGHT = 64, 32
_MOST_DOTS = 16  # so many weeks have a dot each; more would hide the line


@dataclass(frozen=True)
class SpreadPoint:
    """The ratings of a week: their mean, and the ratings between which half of them lie.

    Raises ValueError where one is off the scale, or `low` above `high`.
    """

    mean: float
    low: int
    high: int

    def __post_init__(self) -> None:
        first, last = _RATINGS[0], _RATINGS[-1]
        if not (first <= self.low <= self.high <= last and first <= self.mean <= last):
            raise ValueError(f"ratings are from 1 to 5, the low one first: {self}")


@dataclass(frozen=True)
class SpreadMark:
    """One mark: its ratings each week, or None where they may not be shown."""

    label: str
    weeks: tuple[SpreadPoint | None, ...]


@dataclass(frozen=True)
class SpreadPicture:
    """What a picture of spreads shows; `weeks` are their names, as many as each row has weeks.

    `scale` says what 1 and 5 mean, `average` what the line is, `half` what the band is (the
    middle half of the ratings), `too_few` why there are gaps, shown only when there are.
    `decimal` stands before the tenths of a figure. Raises ValueError where weeks are missing,
    and for other than one or two columns.
    """

    title: str
    weeks: tuple[str, ...]
    rows: tuple[SpreadMark, ...]
    scale: str
    average: str
    half: str
    too_few: str
    decimal: str
    columns: Literal[1, 2] = 2

    def __post_init__(self) -> None:
        if self.columns not in (1, 2):
            raise ValueError(f"panels stand in one column or in two, not in {self.columns}")
        if any(len(row.weeks) != len(self.weeks) for row in self.rows):
            raise ValueError("each row has its ratings, or None, for each week")

    def to_json(self) -> dict[str, Any]:
        """The picture as plain data, to be stored and drawn later."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> SpreadPicture:
        """The picture that `to_json` gave.

        Raises KeyError or TypeError for data of another shape, ValueError for wrong ratings.
        """
        rows = tuple(
            SpreadMark(**{**row, "weeks": tuple(map(_point, row["weeks"]))}) for row in data["rows"]
        )
        return cls(**{**data, "weeks": tuple(data["weeks"]), "rows": rows})


def _point(week: Mapping[str, Any] | None) -> SpreadPoint | None:
    return None if week is None else SpreadPoint(**week)


def draw(canvas: Canvas, picture: SpreadPicture) -> float:
    """Draw `picture` from the top of the sheet down and return where it ended."""
    y = draw_title(canvas, picture.title, PAD) + 24
    if picture.weeks and picture.rows:
        y = _draw_legend(canvas, picture, y) + 52
        for row in batched(picture.rows, picture.columns):
            y = _draw_panels(canvas, picture, row, y) + _PANEL_GAP
        return y - _PANEL_GAP
    return draw_nothing(canvas, y)


# Each of these draws from `top` down and returns where it ended.


def _draw_legend(canvas: Canvas, picture: SpreadPicture, top: float) -> float:
    """What the scale, the line, the band and the gaps are."""
    scale = canvas.wrap(picture.scale, NOTE, INNER)
    y = draw_lines(canvas, scale, (PAD, top), NOTE, colour=QUIET) + 16
    entries: list[Entry] = [
        (_draw_average, _SAMPLE, picture.average),
        (_draw_half, _SAMPLE, picture.half),
    ]
    if any(point is None for row in picture.rows for point in row.weeks):
        entries.append((_draw_gap, _SAMPLE, picture.too_few))
    return draw_legend(canvas, entries, y)


def _draw_panels(
    canvas: Canvas, picture: SpreadPicture, rows: tuple[SpreadMark, ...], top: float
) -> float:
    """Panels side by side, their scales at one height."""
    width = (INNER - _COLUMN_GAP * (picture.columns - 1)) / picture.columns
    labels = [canvas.wrap(row.label, NOTE, width, bold=True) for row in rows]
    plot = top + max(map(len, labels)) * NOTE * LEADING
    end = plot
    for number, (row, label) in enumerate(zip(rows, labels, strict=True)):
        left = PAD + number * (width + _COLUMN_GAP)
        label_top = plot - len(label) * NOTE * LEADING
        draw_lines(canvas, label, (left, label_top), NOTE, colour=INK, bold=True)
        end = _draw_panel(canvas, picture, row, (left, plot + 24), width)
    return end


def _draw_panel(
    canvas: Canvas, picture: SpreadPicture, row: SpreadMark, corner: Point, width: float
) -> float:
    left, top = corner
    base = top + _STEP * (len(_RATINGS) - 1)
    ends = first, last = left + _TICKS, left + width - _FIGURE
    count = len(row.weeks)
    places = [_stand(week, count, ends) for week in range(count)]
    runs = _runs(row.weeks, places)
    for run in runs:
        _draw_band(canvas, run, base, min(_ALONE, (last - first) / count))
    _draw_scale(canvas, ends, base)
    for run in runs:
        _draw_line(canvas, run, base, dots=count <= _MOST_DOTS)
    if runs:
        _draw_last(canvas, runs[-1], base, picture.decimal)
    else:
        _draw_hidden(canvas, picture.too_few, ends, base)
    names = [canvas.wrap(name, TICK, width, most=1)[0] for name in picture.weeks]
    halves = [canvas.span(name, TICK) / 2 for name in names]
    inside = [
        min(max(place, left + half), left + width - half)
        for place, half in zip(places, halves, strict=True)
    ]
    return draw_along(canvas, names, inside, base + 20, size=TICK)


def _draw_scale(canvas: Canvas, ends: tuple[float, float], base: float) -> None:
    """A line for the lowest, the middle and the highest rating, each with its figure."""
    first, last = ends
    for rating in (_RATINGS[0], _RATINGS[2], _RATINGS[-1]):
        y = _height(rating, base)
        canvas.line((first - 14, y), (last + 14, y), colour=GRID, thick=_GRID_LINE)
        at = (first - 24, y + MIDDLE * TICK)
        canvas.text(at, str(rating), TICK, colour=QUIET, align="right")


def _runs(weeks: Iterable[SpreadPoint | None], places: list[float]) -> list[Run]:
    """The weeks between two gaps, each with its place."""
    known: list[Run] = [[]]
    for place, point in zip(places, weeks, strict=True):
        if point is None:
            known.append([])
        else:
            known[-1].append((place, point))
    return [run for run in known if run]


def _draw_band(canvas: Canvas, run: Run, base: float, alone: float) -> None:
    """The middle half of the ratings of neighbouring weeks; one is `alone` pixels wide."""
    lows = [(x, _height(point.low, base) + _AROUND) for x, point in run]
    highs = [(x, _height(point.high, base) - _AROUND) for x, point in run]
    if len(run) > 1:
        return canvas.area([*lows, *reversed(highs)], colour=TINT)
    (x, low), high = lows[0], highs[0][1]
    return canvas.bar((x - alone / 2, high), alone, low - high, colour=TINT)


def _draw_line(canvas: Canvas, run: Run, base: float, *, dots: bool) -> None:
    """The averages of neighbouring weeks."""
    points = [(x, _height(point.mean, base)) for x, point in run]
    canvas.trace(points, colour=NOW, thick=_LINE)
    for point in points if dots or len(points) == 1 else ():
        canvas.disc(point, _DOT, colour=NOW)


def _draw_last(canvas: Canvas, run: Run, base: float, decimal: str) -> None:
    """The average of the last known week, as a figure beside its dot."""
    x, point = run[-1]
    y = _height(point.mean, base)
    canvas.disc((x, y), _LAST_DOT, colour=NOW)
    words, at = f"{point.mean:.1f}".replace(".", decimal), (x + 22, y + MIDDLE * NOTE)
    canvas.text(at, words, NOTE, colour=NOW, bold=True)


def _draw_hidden(canvas: Canvas, too_few: str, ends: tuple[float, float], base: float) -> None:
    """Why a panel without any week that may be shown is bare."""
    first, last = ends
    lines = canvas.wrap(too_few, TICK, last - first)
    width = max(canvas.span(line, TICK) for line in lines) + TICK
    height = len(lines) * TICK * LEADING
    middle, top = (first + last) / 2, _height(_RATINGS[2], base) - height / 2
    canvas.bar((middle - width / 2, top), width, height, colour=canvas.background)
    draw_lines(canvas, lines, (middle, top), TICK, colour=QUIET, align="center")


def _draw_average(canvas: Canvas, centre: Point) -> None:
    x, y = centre
    canvas.line((x - _SAMPLE / 2, y), (x + _SAMPLE / 2, y), colour=NOW, thick=_LINE)
    canvas.disc(centre, _DOT, colour=NOW)


def _draw_half(canvas: Canvas, centre: Point) -> None:
    corner = (centre[0] - _SAMPLE / 2, centre[1] - _SAMPLE_HEIGHT / 2)
    canvas.bar(corner, _SAMPLE, _SAMPLE_HEIGHT, colour=TINT)


def _draw_gap(canvas: Canvas, centre: Point) -> None:
    """A line that is broken off and goes on."""
    x, y = centre
    for start, end in ((x - _SAMPLE / 2, x - 12), (x + 12, x + _SAMPLE / 2)):
        canvas.line((start, y), (end, y), colour=NOW, thick=_LINE)


def _stand(week: int, weeks: int, ends: tuple[float, float]) -> float:
    """Where a week stands, from the left edge; one alone stands in the middle."""
    first, last = ends
    return first + (last - first) * (week / (weeks - 1) if weeks > 1 else 0.5)


def _height(rating: float, base: float) -> float:
    return base - _STEP * (rating - _RATINGS[0])
