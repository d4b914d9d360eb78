"""Pictures: PNG for the chat, SVG for the web console, one specification for both.

A module for each kind: what a picture shows, and how it is drawn on a sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from bot.charts import bars, boxes, days, funnel, heat, marks, spread, style, tally, weeks
from bot.charts.bars import BarRow, BarsPicture
from bot.charts.boxes import Box, BoxesPicture
from bot.charts.days import Day, DaysPicture
from bot.charts.funnel import FunnelPicture, FunnelStage
from bot.charts.heat import HeatPicture, HeatRow
from bot.charts.marks import MarkRow, MarksPicture
from bot.charts.spread import SpreadMark, SpreadPicture, SpreadPoint
from bot.charts.tally import TallyPicture, TallyRow, TallySection
from bot.charts.weeks import WeeksPicture, WeeksRow

if TYPE_CHECKING:
    from bot.charts.canvas import Canvas

__all__ = [
    "DRAWINGS",
    "BarRow",
    "BarsPicture",
    "Box",
    "BoxesPicture",
    "Day",
    "DaysPicture",
    "FunnelPicture",
    "FunnelStage",
    "HeatPicture",
    "HeatRow",
    "MarkRow",
    "MarksPicture",
    "SpreadMark",
    "SpreadPicture",
    "SpreadPoint",
    "TallyPicture",
    "TallyRow",
    "TallySection",
    "WeeksPicture",
    "WeeksRow",
    "draw",
    "draw_svg",
    "png",
    "svg",
]

# What draws a kind of picture: from the top of a sheet down to where it returns that it ended.
_DRAWN_BY: Mapping[type[Any], Callable[[Canvas, Any], float]] = {
    BarsPicture: bars.draw,
    BoxesPicture: boxes.draw,
    DaysPicture: days.draw,
    FunnelPicture: funnel.draw,
    HeatPicture: heat.draw,
    MarksPicture: marks.draw,
    SpreadPicture: spread.draw,
    TallyPicture: tally.draw,
    WeeksPicture: weeks.draw,
}
# The kinds that have a plain description, by the name that it stands under.
DRAWINGS: Mapping[str, type[Any]] = {
    "bars": BarsPicture,
    "boxes": BoxesPicture,
    "funnel": FunnelPicture,
    "heat": HeatPicture,
    "marks": MarksPicture,
    "spread": SpreadPicture,
    "tally": TallyPicture,
    "weeks": WeeksPicture,
}


def png(picture: Any) -> bytes:
    """Draw a picture as a PNG file, 1080 pixels wide and as high as it needs."""
    return _drawn(picture).png()


def svg(picture: Any) -> str:
    """Draw a picture as an SVG document, to be shown as an image; its words stay text."""
    return _drawn(picture).svg()


def draw(description: Mapping[str, Any]) -> bytes:
    """Draw a picture from its plain description, as a PNG file.

    Raises KeyError for a description that stands under none of the known names.
    """
    return png(_read(description))


def draw_svg(description: Mapping[str, Any]) -> str:
    """Draw a picture from its plain description, as an SVG document. Raises KeyError."""
    return svg(_read(description))


def _drawn(picture: Any) -> Canvas:
    # Imported here so that a process which draws nothing does not pay for matplotlib.
    from bot.charts.canvas import Canvas

    canvas = Canvas(style.WIDTH, style.PAPER)
    end = _DRAWN_BY[type(picture)](canvas, picture)
    canvas.cut(round(end + style.PAD))
    return canvas


def _read(description: Mapping[str, Any]) -> Any:
    for name, kind in DRAWINGS.items():
        if name in description:
            return kind.from_json(description[name])
    raise KeyError(f"no drawing for {', '.join(description)}")
