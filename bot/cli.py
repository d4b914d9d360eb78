"""The command `leo`."""

import asyncio
import sys
from collections.abc import Coroutine
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from bot import doctor, logs, service, wiring
from bot.dialogue import model
from bot.errors import LeoError
from bot.settings import ROOT, Settings, load
from bot.store import vault
from bot.texts.practices import load_library
from bot.usecases.inbox import retry_failed

app = typer.Typer(
    help="Leo, a servant-leadership coach.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
db = typer.Typer(help="The database.", no_args_is_help=True)
keys = typer.Typer(help="The keys that encrypt people's words.", no_args_is_help=True)
practices = typer.Typer(help="The practice files.", no_args_is_help=True)
inbox = typer.Typer(help="What came in.", no_args_is_help=True)
for name, group in {"db": db, "keys": keys, "practices": practices, "inbox": inbox}.items():
    app.add_typer(group, name=name)


class Role(StrEnum):
    """A part of Leo that can run alone."""

    BOT = "bot"
    ACTIONS = "actions"
    DIALOGUE = "dialogue"


class Language(StrEnum):
    """The languages Leo speaks."""

    EN = "en"
    FR = "fr"


def tell(line: str) -> None:
    """Tell the operator something, beside the standard output."""
    typer.echo(line, err=True)


def _settings() -> Settings:
    settings = load()
    logs.configure(settings)
    return settings


def _log_to_file(settings: Settings) -> None:
    """Keep the logs out of a chat in the terminal."""
    settings.logs_dir.mkdir(parents=True, exist_ok=True)
    logs.configure(settings, (settings.logs_dir / "leo.log").open("a"))


def _run(job: Coroutine[Any, Any, None]) -> None:
    asyncio.run(job)


@app.command()
def run(
    only: Annotated[Role | None, typer.Option(help="Run one role alone.")] = None,
) -> None:
    """Start Leo: in Telegram with a token, else in the terminal."""
    settings = _settings()
    if only is Role.ACTIONS:
        from actions.__main__ import main as serve_actions

        return serve_actions()
    if only is Role.DIALOGUE:
        return _run(service.run_dialogue(settings, tell))
    if only is Role.BOT:
        return _run(service.run_bot(settings, tell))
    if settings.telegram_token is None:
        _log_to_file(settings)
    return _run(service.run_all(settings, tell))


@app.command()
def chat(
    name: Annotated[str, typer.Option(help="Who talks; the same name comes back.")] = "",
    language: Annotated[
        Language | None, typer.Option(help="The language to begin in; default: the terminal's.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a message.")] = False,
) -> None:
    """Talk with Leo in the terminal. Standard input may be a pipe, one message a line."""
    settings = load()
    _log_to_file(settings)
    _run(service.run_terminal(settings, tell, name=name, language=language, as_json=as_json))


@app.command()
def train() -> None:
    """Train the language model if it is missing or stale."""
    tell(f"The language model is ready: {model.ensure_model(ROOT, tell).name}")


@app.command("doctor")
def examine() -> None:
    """Say what is set, what is missing, and how to mend it."""
    sound = True
    for line in doctor.examine():
        typer.echo(str(line))
        sound = sound and line.sound
    raise typer.Exit(0 if sound else 1)


@db.command()
def upgrade() -> None:
    """Bring the database's tables up to date."""
    wiring.open_database(_settings())
    tell("The database is up to date.")


@keys.command()
def new() -> None:
    """Print a fresh key, for LEO_ENCRYPTION_KEYS."""
    typer.echo(vault.new_key())


@keys.command()
def rotate() -> None:
    """Encrypt everything anew: with a fresh key, or with the first of LEO_ENCRYPTION_KEYS."""
    tell(wiring.rotate_keys(_settings()))


@practices.command("check")
def check_practices(
    folder: Annotated[Path, typer.Argument(help="The data folder.")] = wiring.DATA,
) -> None:
    """Check every practice file."""
    library = load_library(folder)
    tell(f"{len(library)} practice files are in order.")


@inbox.command()
def retry() -> None:
    """Take up again the messages that were set aside after five failures."""
    settings = _settings()
    tell(f"{retry_failed(wiring.house(settings).deps)} messages will be worked on again.")


def main() -> None:
    """Run `leo`; an error a person can mend is told in plain words, with status 1."""
    try:
        app(standalone_mode=True)
    except LeoError as error:
        tell(f"leo: {error}")
        sys.exit(1)
