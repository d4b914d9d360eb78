"""The command `leo`: one module for each group of commands."""

from bot.cli.leo import main

__all__ = ["main"]
