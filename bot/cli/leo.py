"""The command `leo`: running, talking, the database, keys, practices, inbox, people."""

import errno
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot import doctor, logs, service, wiring
from bot.chat import terminal, updates
from bot.cli import cohort, common, hr, practices
from bot.cli.common import tell
from bot.cli.nudges import nudges
from bot.cli.simulate import simulate_weeks
from bot.dialogue import model
from bot.errors import LeoError, SettingsError
from bot.settings import ROOT, Settings, load
from bot.store import private_files, vault
from bot.store.grants import grant_console
from bot.texts.console import ConsoleTexts
from bot.usecases.erase import erase_on_request
from bot.usecases.export import export_on_request
from bot.usecases.hr import Refused
from bot.usecases.inbox import retry_failed

app = typer.Typer(
    help="Leo, a servant-leadership coach.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
db = typer.Typer(help="The database.", no_args_is_help=True)
keys = typer.Typer(help="The keys that encrypt people's words.", no_args_is_help=True)
inbox = typer.Typer(help="What came in.", no_args_is_help=True)
person = typer.Typer(help="What Leo keeps of somebody who asks by mail.", no_args_is_help=True)
app.add_typer(cohort.app, name="cohort")
app.add_typer(hr.app, name="hr")
app.add_typer(db, name="db")
app.add_typer(keys, name="keys")
app.add_typer(practices.app, name="practices")
app.add_typer(inbox, name="inbox")
app.add_typer(person, name="person")
app.add_typer(nudges, name="nudges")
app.command("simulate")(simulate_weeks)


class Role(StrEnum):
    """A part of Leo that can run alone."""

    BOT = "bot"
    CONSOLE = "console"
    ACTIONS = "actions"
    DIALOGUE = "dialogue"
    SCHEDULER = "scheduler"


_WITHOUT_TELEGRAM = {
    Role.CONSOLE: service.run_console,
    Role.DIALOGUE: service.run_dialogue,
    Role.SCHEDULER: service.run_scheduler,
}


class Channel(StrEnum):
    """Where somebody talks with Leo."""

    TELEGRAM = updates.CHANNEL
    TERMINAL = terminal.CHANNEL


Who = Annotated[str, typer.Argument(help="The chat id in Telegram; the name in the terminal.")]
Where = Annotated[Channel, typer.Option("--channel", help="Where they talk with Leo.")]


def _log_to_file(settings: Settings) -> None:
    """Keep the logs out of a chat in the terminal."""
    settings.logs_dir.mkdir(parents=True, exist_ok=True)
    logs.configure(settings, (settings.logs_dir / "leo.log").open("a"))


@app.command()
def run(
    only: Annotated[Role | None, typer.Option(help="Run one role alone.")] = None,
) -> None:
    """Start Leo: in Telegram with a token, else in the terminal."""
    settings = common.settings()
    if only is Role.ACTIONS:
        return _serve_actions(settings)
    if only in _WITHOUT_TELEGRAM:
        return common.run(_WITHOUT_TELEGRAM[only](settings, tell))
    if only is Role.BOT:
        if settings.telegram_token is None:
            raise SettingsError("The bot needs LEO_TELEGRAM_TOKEN; `leo chat` talks without it.")
        return common.run(service.run_bot(settings, tell))
    if settings.telegram_token is None:
        _log_to_file(settings)
    return common.run(service.run_all(settings, tell))


def _serve_actions(settings: Settings) -> None:
    from actions.__main__ import main as serve_actions

    try:
        serve_actions()
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise SettingsError(
            f"Port {settings.actions_port} on this machine is in use. Another Leo may be "
            "running; else set LEO_ACTIONS_PORT."
        ) from None


@app.command()
def chat(
    name: Annotated[str, typer.Option(help="Who talks; the same name comes back.")] = "",
    language: Annotated[
        common.Language | None,
        typer.Option(help="The language to begin in; default: the terminal's."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a message.")] = False,
) -> None:
    """Talk with Leo in the terminal. Standard input may be a pipe, one message a line."""
    settings = load()
    _log_to_file(settings)
    common.run(service.run_terminal(settings, tell, name=name, language=language, as_json=as_json))


@app.command()
def train() -> None:
    """Train the language model if it is missing or stale."""
    path = model.ensure_model(ROOT, tell, load().sentence_model)
    tell(f"The language model is ready: {path.name}")


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
    wiring.open_database(common.settings())
    tell("The database is up to date.")


@db.command("grant-console")
def grant_to_console(
    role: Annotated[str, typer.Argument(help="The PostgreSQL role that the console uses.")],
) -> None:
    """Give a role what HR's console needs: no table in which words lie."""
    grant_console(wiring.open_database(common.settings()), role)
    tell(f"Set LEO_CONSOLE_DATABASE_URL to the database's URL with the role “{role}”.")


@keys.command()
def new() -> None:
    """Print a fresh key, for LEO_ENCRYPTION_KEYS."""
    typer.echo(vault.new_key())


@keys.command()
def rotate() -> None:
    """Encrypt everything anew: with a fresh key, or with the first of LEO_ENCRYPTION_KEYS."""
    tell(wiring.rotate_keys(common.settings()))


@inbox.command()
def retry() -> None:
    """Take up again the messages that were set aside after five failures."""
    settings = common.settings()
    tell(f"{retry_failed(wiring.house(settings).deps)} messages will be worked on again.")


def _address(who: str, channel: Channel) -> str:
    return terminal.address_of(who) if channel is Channel.TERMINAL else who


@person.command("export")
def export_person(
    who: Who,
    channel: Where,
    to: Annotated[Path, typer.Option(help="The folder for the two files.")] = Path(),
) -> None:
    """Write all that Leo keeps of a person to leo.html (to read) and leo.json (to process)."""
    deps = wiring.house(common.settings()).deps
    found = export_on_request(deps, channel, _address(who, channel), service.now())
    if found is None:
        raise LeoError(f"Leo knows nobody called “{who}” in {channel}.")
    files = {to / document.name: document.content for document in found}
    if there := next((path for path in files if path.exists()), None):
        raise LeoError(f"{there} is there already. Choose another folder with --to.")
    for path, content in files.items():
        private_files.replace(path, content)
        tell(f"Written: {path}")


@person.command("erase")
def erase_person(
    who: Who,
    channel: Where,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove all that Leo keeps of a person. It cannot be undone."""
    settings = common.settings()
    if not yes:
        typer.confirm(f"Remove all of “{who}” in {channel} for good?", abort=True, err=True)
    if not erase_on_request(wiring.house(settings).deps.open, channel, _address(who, channel)):
        raise LeoError(f"Leo knows nobody called “{who}” in {channel}.")
    tell(f"Leo keeps nothing of “{who}” any more.")


def main() -> None:
    """Run `leo`; an error a person can mend is told in plain words, with status 1."""
    os.umask(0o077)  # What Leo writes is for its owner only.
    try:
        app(standalone_mode=True)
    except Refused as refused:
        tell(f"leo: {ConsoleTexts().word('en', refused.key, **refused.values)}")
        sys.exit(1)
    except LeoError as error:
        tell(f"leo: {error}")
        sys.exit(1)
    except OSError as error:
        if error.filename is None:
            raise
        tell(f"leo: {error.filename} cannot be used: {error.strerror}.")
        sys.exit(1)
