"""Weeks lived in seconds: the real planner, store and sender, on a virtual clock."""

from bot.simulation.life import Plan, Result, simulate

__all__ = ["Plan", "Result", "simulate"]
