"""Pictures: PNG for the chat, SVG for the web console, one specification for both."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.charts.boxes import Box, BoxesPicture, boxes_png, boxes_svg
from bot.charts.marks import MarkRow, MarksPicture, marks_png, marks_svg
from bot.charts.spreads import SpreadPoint, SpreadRow, spreads_svg
from bot.charts.tally import TallyPicture, TallyRow, TallySection, tally_png, tally_svg
from bot.charts.weeks import WeeksPicture, WeeksRow, weeks_png, weeks_svg

__all__ = [
    "DRAWINGS",
    "Box",
    "BoxesPicture",
    "MarkRow",
    "MarksPicture",
    "SpreadPoint",
    "SpreadRow",
    "TallyPicture",
    "TallyRow",
    "TallySection",
    "WeeksPicture",
    "WeeksRow",
    "boxes_png",
    "boxes_svg",
    "draw",
    "marks_png",
    "marks_svg",
    "spreads_svg",
    "tally_png",
    "tally_svg",
    "weeks_png",
    "weeks_svg",
]

# How a picture is drawn whose plain description stands under that name.
DRAWINGS: Mapping[str, Callable[[Mapping[str, Any]], bytes]] = {
    "boxes": lambda data: boxes_png(BoxesPicture.from_json(data)),
    "marks": lambda data: marks_png(MarksPicture.from_json(data)),
    "tally": lambda data: tally_png(TallyPicture.from_json(data)),
    "weeks": lambda data: weeks_png(WeeksPicture.from_json(data)),
}


def draw(picture: Mapping[str, Any]) -> bytes:
    """Draw a picture from its plain description, as a PNG file.

    Raises KeyError for a description that stands under none of the known names.
    """
    for name, drawing in DRAWINGS.items():
        if name in picture:
            return drawing(picture[name])
    raise KeyError(f"no drawing for {', '.join(picture)}")
