"""Pictures: PNG for the chat, SVG for the web console, PDF to print, one specification for all.

A module for each kind: what a picture shows, and how it is drawn on a sheet.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.charts import style
from bot.charts.bars import BarRow, BarsPicture
from bot.charts.boxes import Box, BoxesPicture
from bot.charts.days import Day, DaysPicture
from bot.charts.funnel import FunnelPicture, FunnelStage
from bot.charts.heat import HeatPicture, HeatRow
from bot.charts.kinds import DRAWINGS, draw_on, read
from bot.charts.marks import MarkRow, MarksPicture
from bot.charts.report import A4, ReportPicture, draw_report
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
    "ReportPicture",
    "SpreadMark",
    "SpreadPicture",
    "SpreadPoint",
    "TallyPicture",
    "TallyRow",
    "TallySection",
    "WeeksPicture",
    "WeeksRow",
    "draw",
    "draw_pdf",
    "draw_svg",
    "png",
    "svg",
]


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
    return png(read(description))


def draw_svg(description: Mapping[str, Any]) -> str:
    """Draw a picture from its plain description, as an SVG document. Raises KeyError."""
    return svg(read(description))


def _drawn(picture: Any) -> Canvas:
    # Imported here so that a process which draws nothing does not pay for matplotlib.
    from bot.charts.canvas import Canvas

    canvas = Canvas(style.WIDTH, style.PAPER)
    end = draw_on(canvas, picture)
    canvas.cut(round(end + style.PAD))
    return canvas


def draw_pdf(description: Mapping[str, Any]) -> bytes:
    """Draw a report from its plain description, as a PDF file: one page of A4."""
    from bot.charts.canvas import Canvas

    report = ReportPicture.from_json(description)
    canvas = Canvas(A4[0], "#ffffff")
    draw_report(canvas, report)
    canvas.cut(A4[1])
    return canvas.pdf(report.title)
