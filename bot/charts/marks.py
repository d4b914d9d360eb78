"""The marks given to one person, each from 1 to 5, beside those of last time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.charts.canvas import Align, Canvas, Point

_RATINGS = range(1, 6)
_SKIPPED = "–"

# All in pixels. A phone shows the picture at about a third of its width.
_WIDTH = 1080
_PAD = 72
_INNER = _WIDTH - 2 * _PAD
_LABEL_WIDTH = 424
_FIRST, _LAST = 552, 920  # where ratings 1 and 5 stand
_VALUE_MIDDLE = 992
_GRID_LINE, _CHANGE_LINE = 2.5, 6
_DISC, _RING, _RING_LINE = 17, 27, 6  # radii, and the thickness of the ring
_LEGEND_GAP = 56
_ROW, _ROW_GAP = 116, 40  # least height of a row; least space between two labels

_TITLE_SIZES = (56, 48, 40)  # the largest that needs no more than the lines below
_TITLE_LINES = 2
_TITLE_LENGTH = 160  # characters looked at: two lines of letters hold fewer
_LABEL, _NOTE, _VALUE = 42, 34, 46
_LEADING = 1.28  # from one line to the next, in sizes of type
_MIDDLE = 0.36  # from a baseline up to the middle of its capitals, in sizes of type

# Blue and ochre differ for every kind of colour vision, and neither praises nor blames.
_PAPER, _INK, _QUIET, _GRID = "#f7f3ea", "#2a3340", "#626b7a", "#ddd6c7"
_NOW, _BEFORE = "#2f5f8f", "#b07a2a"


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


def marks_png(picture: MarksPicture) -> bytes:
    """Draw `picture` as a PNG file, 1080 pixels wide and as high as its words need."""
    return _drawn(picture).png()


def marks_svg(picture: MarksPicture) -> str:
    """Draw `picture` as an SVG document, to be shown as an image; its words stay text."""
    return _drawn(picture).svg()


def _drawn(picture: MarksPicture) -> Canvas:
    # Imported here so that a process which draws nothing does not pay for matplotlib.
    from bot.charts.canvas import Canvas

    canvas = Canvas(_WIDTH, _PAPER)
    y = _draw_title(canvas, picture.title[:_TITLE_LENGTH], _PAD)
    y = round(_draw_legend(canvas, picture, y + 32) + 40)
    for row in picture.rows:
        y = _draw_row(canvas, row, y)
    y = _draw_scale(canvas, picture, y)
    canvas.cut(round(y + _PAD))
    return canvas


# Each of these draws from `top` down and returns where it ended.


def _draw_title(canvas: Canvas, title: str, top: float) -> float:
    for size in _TITLE_SIZES:
        lines = canvas.wrap(title, size, _INNER, bold=True)
        if len(lines) <= _TITLE_LINES:
            break
    else:
        lines = canvas.wrap(title, size, _INNER, bold=True, most=_TITLE_LINES)
    return _draw_lines(canvas, lines, (_PAD, top), size, colour=_INK, bold=True)


def _draw_legend(canvas: Canvas, picture: MarksPicture, top: float) -> float:
    """What the dots stand for: side by side where there is room, else one below the other."""
    entries = [(_draw_now, _DISC, picture.now_legend)]
    if any(row.before is not None for row in picture.rows):
        entries.append((_draw_before, _RING, picture.before_legend))
    x, end = float(_PAD), top
    for draw_dot, radius, words in entries:
        indent = 2 * radius + 18
        lines = canvas.wrap(words, _NOTE, _INNER - indent)
        width = indent + max(canvas.span(line, _NOTE) for line in lines)
        if x + width > _PAD + _INNER:
            x, top = float(_PAD), end + 16
        draw_dot(canvas, (x + radius, top + _NOTE * _LEADING / 2))
        end = _draw_lines(canvas, lines, (x + indent, top), _NOTE, colour=_INK)
        x += width + _LEGEND_GAP
    return end


def _draw_row(canvas: Canvas, row: MarkRow, top: float) -> float:
    lines = canvas.wrap(row.label, _LABEL, _LABEL_WIDTH)
    label_height = len(lines) * _LABEL * _LEADING
    height = max(_ROW, round(label_height + _ROW_GAP))
    middle = top + height / 2
    for rating in _RATINGS:
        x = _stand(rating)
        canvas.line((x, top), (x, top + height), colour=_GRID, thick=_GRID_LINE)
    canvas.line((_FIRST, middle), (_LAST, middle), colour=_GRID, thick=_GRID_LINE)
    _draw_lines(canvas, lines, (_PAD, middle - label_height / 2), _LABEL, colour=_INK)
    _draw_ratings(canvas, row, middle)
    return top + height


def _draw_ratings(canvas: Canvas, row: MarkRow, y: float) -> None:
    """The dots of a row and, after the scale, the rating of now as a figure."""
    now, before = row.now, row.before
    if now is not None and before is not None:
        ends = (_stand(before), y), (_stand(now), y)
        canvas.line(*ends, colour=_NOW, thick=_CHANGE_LINE)
    if before is not None:
        _draw_before(canvas, (_stand(before), y))
    if now is not None:
        _draw_now(canvas, (_stand(now), y))
    value, colour = (_SKIPPED, _QUIET) if now is None else (str(now), _NOW)
    at = (_VALUE_MIDDLE, y + _MIDDLE * _VALUE)
    canvas.text(at, value, _VALUE, colour=colour, bold=True, align="center")


def _draw_scale(canvas: Canvas, picture: MarksPicture, top: float) -> float:
    """The five ratings under their lines, and what the first and the last of them mean."""
    below = top + 8
    for rating in _RATINGS:
        end = _draw_lines(
            canvas, [str(rating)], (_stand(rating), below), _NOTE, colour=_QUIET, align="center"
        )
    left, right = _FIRST - _RING, _LAST + _RING
    width = (right - left - 24) / 2
    low, high = (canvas.wrap(words, _NOTE, width) for words in (picture.low, picture.high))
    return max(
        _draw_lines(canvas, low, (left, end), _NOTE, colour=_QUIET),
        _draw_lines(canvas, high, (right, end), _NOTE, colour=_QUIET, align="right"),
    )


def _draw_now(canvas: Canvas, centre: Point) -> None:
    canvas.disc(centre, _DISC, colour=_NOW)


def _draw_before(canvas: Canvas, centre: Point) -> None:
    canvas.ring(centre, _RING, colour=_BEFORE, fill=_PAPER, thick=_RING_LINE)


def _draw_lines(
    canvas: Canvas,
    lines: list[str],
    corner: Point,
    size: float,
    *,
    colour: str,
    align: Align = "left",
    bold: bool = False,
) -> float:
    x, y = corner
    for line in lines:
        baseline = y + (_LEADING / 2 + _MIDDLE) * size
        canvas.text((x, baseline), line, size, colour=colour, bold=bold, align=align)
        y += _LEADING * size
    return y


def _stand(rating: int) -> float:
    """Where a rating stands on the scale, from the left edge."""
    return _FIRST + (_LAST - _FIRST) * (rating - 1) / (len(_RATINGS) - 1)
