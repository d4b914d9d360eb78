"""Pictures: PNG for the chat, SVG for the web console, one specification for both."""

from bot.charts.marks import MarkRow, MarksPicture, marks_png, marks_svg

__all__ = ["MarkRow", "MarksPicture", "marks_png", "marks_svg"]
