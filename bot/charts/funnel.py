"""How many of those invited came how far: a bar for each stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from bot.charts.style import (
    HIDDEN,
    INK,
    INNER,
    LABEL,
    LEADING,
    NOTE,
    NOW,
    PAD,
    QUIET,
    TRACK,
    VALUE,
    draw_lines,
    draw_nothing,
    draw_title,
    figure,
)

if TYPE_CHECKING:
    from bot.charts.canvas import Canvas

# All in pixels.
_BAR, _STAGE_GAP = 56, 52
_APART = 32  # between a label and its figure
_HALF = (INNER - _APART) / 2


@dataclass(frozen=True)
class FunnelStage:
    """One stage: how many came so far, or None where that may not be shown.

    `note` says what part of the others that is, or why it is not shown, in words ready to be
    read; it may be empty. Raises ValueError for a count below zero.
    """

    label: str
    count: int | None
    note: str

    def __post_init__(self) -> None:
        if self.count is not None and self.count < 0:
            raise ValueError(f"a count is not below zero: {self.count}")


@dataclass(frozen=True)
class FunnelPicture:
    """What a picture of a funnel shows, in words ready to be read, the widest stage first."""

    title: str
    stages: tuple[FunnelStage, ...]

    def to_json(self) -> dict[str, Any]:
        """The picture as plain data, to be stored and drawn later."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> FunnelPicture:
        """The picture that `to_json` gave.

        Raises KeyError or TypeError for data of another shape, ValueError for a count below zero.
        """
        return cls(**{**data, "stages": tuple(FunnelStage(**stage) for stage in data["stages"])})


def draw(canvas: Canvas, picture: FunnelPicture) -> float:
    """Draw `picture` from the top of the sheet down and return where it ended."""
    y = draw_title(canvas, picture.title, PAD) + 44
    most = max((stage.count or 0 for stage in picture.stages), default=0)
    for number, stage in enumerate(picture.stages):
        if stage.count is None:
            y = _draw_head(canvas, stage.label, stage.note, y, hidden=True)
            y = _draw_hidden(canvas, y)
        else:
            y = _draw_head(canvas, stage.label, figure(stage.count), y)
            y = _draw_bar(canvas, stage.count / most if most else 0, stage.note, y)
        if number < len(picture.stages) - 1:
            y += _STAGE_GAP
    return y if picture.stages else draw_nothing(canvas, y)


# Each of these draws from `top` down and returns where it ended.


def _draw_head(
    canvas: Canvas, label: str, words: str, top: float, *, hidden: bool = False
) -> float:
    """A stage's name and, at the right, its count or why there is none."""
    size, colour = (NOTE, QUIET) if hidden else (VALUE, NOW)
    said = canvas.wrap(words, size, _HALF, bold=not hidden)
    width = max(canvas.span(line, size, bold=not hidden) for line in said)
    lines = canvas.wrap(label, LABEL, INNER - _APART - width)
    bottom = top + max(len(lines) * LABEL, len(said) * size) * LEADING
    draw_lines(canvas, lines, (PAD, bottom - len(lines) * LABEL * LEADING), LABEL, colour=INK)
    draw_lines(
        canvas,
        said,
        (PAD + INNER, bottom - len(said) * size * LEADING),
        size,
        colour=colour,
        align="right",
        bold=not hidden,
    )
    return bottom + 12


def _draw_bar(canvas: Canvas, part: float, note: str, top: float) -> float:
    canvas.bar((PAD, top), INNER, _BAR, colour=TRACK)
    if part:
        canvas.bar((PAD, top), INNER * part, _BAR, colour=NOW)
    if not note:
        return top + _BAR
    lines = canvas.wrap(note, NOTE, INNER)
    return draw_lines(canvas, lines, (PAD, top + _BAR + 8), NOTE, colour=QUIET)


def _draw_hidden(canvas: Canvas, top: float) -> float:
    canvas.hatch((PAD, top), INNER, _BAR, colour=HIDDEN)
    return top + _BAR
