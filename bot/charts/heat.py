"""What part of a group took part, week by week and kind by kind: the darker, the more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from bot.charts.style import (
    HIDDEN,
    INK,
    INNER,
    LEADING,
    MIDDLE,
    NOTE,
    PAD,
    QUIET,
    TICK,
    draw_legend,
    draw_lines,
    draw_nothing,
    draw_title,
)

if TYPE_CHECKING:
    from bot.charts.canvas import Canvas, Point

# A fifth each. On none of them is the figure paler than 4.5 to 1: the last two bear light ones.
_SHADES = ("#e3ebf3", "#c0d4e7", "#99bbd9", "#3d719f", "#1c4166")
_DARK, _LIGHT_WORDS = 3, "#ffffff"

# All in pixels.
_MOST_WEEKS = 9  # side by side: more would not be readable on a phone
_LABEL_WIDTH, _LABEL_GAP = 264, 24
_CELL, _CELL_WIDTH, _SEAM = 76, 120, 6  # least height, greatest width, between two cells
_ROW_GAP = 24  # least space between two labels
_FIGURE = 30  # its type
_BAND_GAP = 44
_SWATCH, _SWATCH_HEIGHT = 84, 40


@dataclass(frozen=True)
class HeatRow:
    """One kind: a share from 0 to 1 a week, or None where it may not be shown.

    Raises ValueError for a share out of these bounds.
    """

    label: str
    shares: tuple[float | None, ...]

    def __post_init__(self) -> None:
        for share in self.shares:
            if share is not None and not 0 <= share <= 1:
                raise ValueError(f"a share is from 0 to 1, not {share!r}")


@dataclass(frozen=True)
class HeatPicture:
    """What a picture of shares shows; `weeks` are their names, as many as each row has shares.

    `week` stands before the names of the weeks. `legend` says what the figures are, in per cent;
    `too_few` what an empty place is, shown only when there is one. Raises ValueError where
    they are not as many.
    """

    title: str
    legend: str
    week: str
    weeks: tuple[str, ...]
    rows: tuple[HeatRow, ...]
    too_few: str

    def __post_init__(self) -> None:
        if any(len(row.shares) != len(self.weeks) for row in self.rows):
            raise ValueError("each row has one share, or None, for each week")

    def to_json(self) -> dict[str, Any]:
        """The picture as plain data, to be stored and drawn later."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> HeatPicture:
        """The picture that `to_json` gave.

        Raises KeyError or TypeError for data of another shape, ValueError for a share off bounds.
        """
        rows = tuple(HeatRow(**{**row, "shares": tuple(row["shares"])}) for row in data["rows"])
        return cls(**{**data, "weeks": tuple(data["weeks"]), "rows": rows})


def draw(canvas: Canvas, picture: HeatPicture) -> float:
    """Draw `picture` from the top of the sheet down and return where it ended."""
    y = draw_title(canvas, picture.title, PAD) + 24
    if picture.weeks and picture.rows:
        y = _draw_scale(canvas, picture, y)
        return _draw_bands(canvas, picture, y + _BAND_GAP)
    return draw_nothing(canvas, y)


# Each of these draws from `top` down and returns where it ended.


def _draw_scale(canvas: Canvas, picture: HeatPicture, top: float) -> float:
    """What the figures, the shades and the stripes stand for."""
    legend = canvas.wrap(picture.legend, NOTE, INNER)
    y = draw_lines(canvas, legend, (PAD, top), NOTE, colour=INK) + 16
    for number, shade in enumerate(_SHADES):
        canvas.bar((PAD + number * _SWATCH, y), _SWATCH, _SWATCH_HEIGHT, colour=shade)
    y += _SWATCH_HEIGHT + 4
    for number in range(len(_SHADES) + 1):
        words, at = str(100 * number // len(_SHADES)), (PAD + number * _SWATCH, y)
        end = draw_lines(
            canvas, [words], at, TICK, colour=QUIET, align="center" if number else "left"
        )
    if any(share is None for row in picture.rows for share in row.shares):
        end = draw_legend(canvas, [(_draw_hidden, _SWATCH, picture.too_few)], end + 16)
    return end


def _draw_bands(canvas: Canvas, picture: HeatPicture, top: float) -> float:
    """The weeks in bands of as many as can be read side by side, all bands alike."""
    count = len(picture.weeks)
    in_band = -(-count // -(-count // _MOST_WEEKS))
    labels = [canvas.wrap(row.label, NOTE, _LABEL_WIDTH) for row in picture.rows]
    heads = [canvas.wrap(picture.week, TICK, _LABEL_WIDTH, most=1), *labels]
    left = PAD + _LABEL_GAP + max(canvas.span(line, NOTE) for lines in heads for line in lines)
    width = min(_CELL_WIDTH, (PAD + INNER - left) / in_band)
    height = max(_CELL, max(map(len, labels)) * NOTE * LEADING + _ROW_GAP)
    for first in range(0, count, in_band):
        band = slice(first, first + in_band)
        top = _draw_weeks(canvas, heads[0], picture.weeks[band], (left, top), width)
        for row, label in zip(picture.rows, labels, strict=True):
            top = _draw_row(canvas, label, row.shares[band], (left, top), (width, height))
        top += _BAND_GAP
    return top - _BAND_GAP


def _draw_weeks(
    canvas: Canvas, head: list[str], weeks: tuple[str, ...], corner: Point, width: float
) -> float:
    left, top = corner
    middles = [left + (number + 0.5) * width for number in range(len(weeks))]
    draw_lines(canvas, head, (PAD, top), TICK, colour=QUIET)
    names = [canvas.wrap(week, TICK, width - _SEAM, most=1)[0] for week in weeks]
    for middle, name in zip(middles, names, strict=True):
        draw_lines(canvas, [name], (middle, top), TICK, colour=QUIET, align="center")
    return top + TICK * LEADING + 8


def _draw_row(
    canvas: Canvas,
    label: list[str],
    shares: tuple[float | None, ...],
    corner: Point,
    size: Point,
) -> float:
    """A kind's name and its cells, each with its seam of a size."""
    (left, top), (width, height) = corner, size
    label_height = len(label) * NOTE * LEADING
    draw_lines(canvas, label, (PAD, top + (height - _SEAM - label_height) / 2), NOTE, colour=INK)
    for number, share in enumerate(shares):
        cell = left + number * width, top
        _draw_cell(canvas, share, cell, (width - _SEAM, height - _SEAM))
    return top + height


def _draw_cell(canvas: Canvas, share: float | None, corner: Point, size: Point) -> None:
    if share is None:
        return canvas.hatch(corner, *size, colour=HIDDEN)
    (x, y), (width, height) = corner, size
    shade = min(int(share * len(_SHADES)), len(_SHADES) - 1)
    canvas.bar(corner, width, height, colour=_SHADES[shade])
    at = (x + width / 2, y + height / 2 + MIDDLE * _FIGURE)
    colour = _LIGHT_WORDS if shade >= _DARK else INK
    return canvas.text(at, f"{share:.0%}".removesuffix("%"), _FIGURE, colour=colour, align="center")


def _draw_hidden(canvas: Canvas, centre: Point) -> None:
    x, y = centre
    corner = (x - _SWATCH / 2, y - _SWATCH_HEIGHT / 2)
    canvas.hatch(corner, _SWATCH, _SWATCH_HEIGHT, colour=HIDDEN)
