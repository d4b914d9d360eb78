"""What the commands share."""

import sys
from collections.abc import Coroutine
from enum import StrEnum
from typing import Any

import typer
import uvloop

from bot import logs
from bot.errors import SettingsError
from bot.settings import Settings, load


class Language(StrEnum):
    """The languages Leo speaks."""

    EN = "en"
    FR = "fr"


def tell(line: str) -> None:
    """Tell the operator something, beside the standard output."""
    typer.echo(line, err=True)


def settings() -> Settings:
    """Read the settings, and write logs as they say."""
    read = load()
    logs.configure(read)
    return read


def checked_for_mail(read: Settings) -> Settings:
    """Return settings with a mail server. Raises SettingsError without one."""
    if read.smtp is None:
        raise SettingsError(
            "No mail server is set. Set LEO_SMTP_URL (smtp://user:password@host:587) and "
            "LEO_MAIL_FROM; `leo doctor` then tries it."
        )
    return read


def run(job: Coroutine[Any, Any, None]) -> None:
    """Run a role to its end."""
    sys.setswitchinterval(0.0005)
    uvloop.run(job)
