"""Every kind of picture: what draws it, and the name that its plain description stands under."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from bot.charts import bars, boxes, days, funnel, heat, marks, spread, tally, weeks
from bot.charts.bars import BarsPicture
from bot.charts.boxes import BoxesPicture
from bot.charts.days import DaysPicture
from bot.charts.funnel import FunnelPicture
from bot.charts.heat import HeatPicture
from bot.charts.marks import MarksPicture
from bot.charts.spread import SpreadPicture
from bot.charts.tally import TallyPicture
from bot.charts.weeks import WeeksPicture

if TYPE_CHECKING:
    from bot.charts.canvas import Canvas

# What draws a kind of picture: from the top of a sheet down to where it returns that it ended.
DRAWN_BY: Mapping[type[Any], Callable[[Canvas, Any], float]] = {
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


def draw_on(canvas: Canvas, picture: Any) -> float:
    """Draw a picture from the top of a sheet down and return where it ended."""
    return DRAWN_BY[type(picture)](canvas, picture)


def read(description: Mapping[str, Any]) -> Any:
    """Return the picture of a plain description. Raises KeyError where its kind is not known."""
    for name, kind in DRAWINGS.items():
        if name in description:
            return kind.from_json(description[name])
    raise KeyError(f"no drawing for {', '.join(description)}")
