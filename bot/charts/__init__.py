"""Pictures: PNG for the chat, SVG for the web console, one specification for both."""

from bot.charts.marks import MarkRow, MarksPicture, marks_png, marks_svg
from bot.charts.weeks import WeekPoint, WeekRow, weeks_svg

__all__ = ["MarkRow", "MarksPicture", "WeekPoint", "WeekRow", "marks_png", "marks_svg", "weeks_svg"]
