"""Pictures: PNG for the chat, SVG for the web console, one specification for both."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.charts.bars import BarRow, BarsPicture, bars_png, bars_svg
from bot.charts.boxes import Box, BoxesPicture, boxes_png, boxes_svg
from bot.charts.funnel import FunnelPicture, FunnelStage, funnel_png, funnel_svg
from bot.charts.heat import HeatPicture, HeatRow, heat_png, heat_svg
from bot.charts.marks import MarkRow, MarksPicture, marks_png, marks_svg
from bot.charts.spread import SpreadMark, SpreadPicture, spread_png, spread_svg
from bot.charts.spreads import SpreadPoint, SpreadRow, spreads_svg
from bot.charts.tally import TallyPicture, TallyRow, TallySection, tally_png, tally_svg
from bot.charts.weeks import WeeksPicture, WeeksRow, weeks_png, weeks_svg

__all__ = [
    "DRAWINGS",
    "BarRow",
    "BarsPicture",
    "Box",
    "BoxesPicture",
    "FunnelPicture",
    "FunnelStage",
    "HeatPicture",
    "HeatRow",
    "MarkRow",
    "MarksPicture",
    "SpreadMark",
    "SpreadPicture",
    "SpreadPoint",
    "SpreadRow",
    "TallyPicture",
    "TallyRow",
    "TallySection",
    "WeeksPicture",
    "WeeksRow",
    "bars_png",
    "bars_svg",
    "boxes_png",
    "boxes_svg",
    "draw",
    "draw_svg",
    "funnel_png",
    "funnel_svg",
    "heat_png",
    "heat_svg",
    "marks_png",
    "marks_svg",
    "spread_png",
    "spread_svg",
    "spreads_svg",
    "tally_png",
    "tally_svg",
    "weeks_png",
    "weeks_svg",
]

# How a picture is drawn whose plain description stands under that name.
DRAWINGS: Mapping[str, Callable[[Mapping[str, Any]], bytes]] = {
    "bars": lambda data: bars_png(BarsPicture.from_json(data)),
    "boxes": lambda data: boxes_png(BoxesPicture.from_json(data)),
    "funnel": lambda data: funnel_png(FunnelPicture.from_json(data)),
    "heat": lambda data: heat_png(HeatPicture.from_json(data)),
    "marks": lambda data: marks_png(MarksPicture.from_json(data)),
    "spread": lambda data: spread_png(SpreadPicture.from_json(data)),
    "tally": lambda data: tally_png(TallyPicture.from_json(data)),
    "weeks": lambda data: weeks_png(WeeksPicture.from_json(data)),
}


# The same for pages.
PAGE_DRAWINGS: Mapping[str, Callable[[Any], str]] = {
    "heat": lambda data: heat_svg(HeatPicture.from_json(data)),
    "spreads": lambda rows: spreads_svg(tuple(SpreadRow.from_json(row) for row in rows)),
}


def draw_svg(picture: Mapping[str, Any]) -> str:
    """Draw a picture from its plain description, as an SVG document to be shown as an image."""
    [(name, data)] = ((key, value) for key, value in picture.items() if key in PAGE_DRAWINGS)
    return PAGE_DRAWINGS[name](data)


def draw(picture: Mapping[str, Any]) -> bytes:
    """Draw a picture from its plain description, as a PNG file.

    Raises KeyError for a description that stands under none of the known names.
    """
    for name, drawing in DRAWINGS.items():
        if name in picture:
            return drawing(picture[name])
    raise KeyError(f"no drawing for {', '.join(picture)}")
