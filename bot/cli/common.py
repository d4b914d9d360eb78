"""What the commands share."""

import typer

from bot import logs
from bot.settings import Settings, load


def tell(line: str) -> None:
    """Tell the operator something, beside the standard output."""
    typer.echo(line, err=True)


def settings() -> Settings:
    """Read the settings, and write logs as they say."""
    read = load()
    logs.configure(read)
    return read
