"""`leo cohort …`: what HR does with cohorts in the console, from the shell."""

import asyncio
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bot import sheets, wiring
from bot.chat import telegram
from bot.cli.common import checked_for_mail, settings, tell
from bot.coaching.practice import LANGUAGES
from bot.errors import LeoError, SettingsError
from bot.service import now
from bot.settings import Settings
from bot.texts.console import ConsoleTexts
from bot.usecases.cohorts import care, create, invitations, mails, roster
from bot.usecases.cohorts.roster import RowState
from bot.usecases.hr import THE_SHELL, HrDeps
from bot.usecases.records import CohortState

app = typer.Typer(help="Cohorts: people who walk a programme together.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The cohort's name.")]
_TEXTS = ConsoleTexts()


def _deps() -> HrDeps:
    return wiring.hr(settings())


def _id(deps: HrDeps, name: str) -> int:
    cohort = care.named(deps, THE_SHELL, name)
    assert cohort.id is not None
    return cohort.id


@app.command("create")
def create_cohort(
    name: Name,
    programme: Annotated[str, typer.Option(help="The programme's id.")],
    start: Annotated[str, typer.Option(help="The first day, such as 2027-01-11.")],
    zone: Annotated[str, typer.Option(help="IANA time zone, such as Europe/Paris.")] = "",
    language: Annotated[str, typer.Option(help="en or fr.")] = LANGUAGES[0],
    daily: Annotated[str, typer.Option(help='Rhythm, such as "mon-fri 09:00".')] = "",
    weekly: Annotated[str, typer.Option(help='Rhythm, such as "fri 16:00".')] = "",
    practice: Annotated[str, typer.Option(help='Rhythm, such as "tue 09:00".')] = "",
) -> None:
    """Create a cohort and print the calendar it leads to."""
    read = settings()
    deps = wiring.hr(read)
    wanted = create.Wanted(
        name, programme, start, zone or read.zone, language, daily, weekly, practice
    )
    cohort = create.check(deps, wanted, now())
    create.create(deps, THE_SHELL, wanted, now())
    for week in create.calendar(deps, cohort):
        typer.echo(f"{week.monday}  {week.theme[language]}  ({week.practice})")
    tell(f"The cohort “{cohort.name}” is created.")


@app.command("import")
def import_people(
    name: Name,
    people: Annotated[Path, typer.Argument(help="A CSV or XLSX file with a column “name”.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
) -> None:
    """Enrol people from a list; first it says what each row would do."""
    deps = _deps()
    cohort_id = _id(deps, name)
    lines = sheets.read(people.name, people.read_bytes())
    read = roster.preview(deps, THE_SHELL, cohort_id, lines)
    for row in read.those(RowState.WRONG):
        reason = _TEXTS.word("en", row.reason)
        tell(f"{people}: line {row.line}, {row.column}: {reason}")
    tell(", ".join(f"{state}: {read.count(state)}" for state in RowState))
    if read.count(RowState.NEW) + read.count(RowState.MOVED) == 0:
        return tell("Nothing to do.")
    if not yes:
        typer.confirm("Enrol the new and move the moved?", abort=True, err=True)
    roster.enrol(deps, THE_SHELL, cohort_id, lines, now())
    tell("Done. Wrong rows were left out.")


@app.command("invites")
def invites(
    name: Name,
    format: Annotated[str, typer.Option(help="csv is the one there is.")] = "csv",
) -> None:
    """Print a fresh personal link for each who has not joined; their former links end."""
    if format != "csv":
        raise LeoError("Invitations come as csv: give --format csv.")
    read = settings()
    deps = wiring.hr(read)
    fresh = invitations.invite_all(deps, THE_SHELL, _id(deps, name), now())
    bot = _bot(read)
    rows = [
        (one.name, invitations.link(bot, one.token), one.expires_at.date().isoformat())
        for one in fresh
    ]
    typer.echo(sheets.write(("name", "link", "expires"), rows), nl=False)


@app.command("invite")
def invite(
    name: Name,
    mail: Annotated[bool, typer.Option("--mail", help="By mail, from a running Leo.")] = False,
) -> None:
    """Invite those who have not joined: by mail, or else print a fresh link for each as CSV."""
    if not mail:
        return invites(name)
    read = checked_for_mail(settings())
    deps = wiring.hr(read)
    bot = _bot(read)
    if bot is None:
        raise SettingsError("Mails need LEO_TELEGRAM_TOKEN: the link in them opens the bot.")
    link = partial(invitations.link, bot)
    count = mails.send_all(deps, THE_SHELL, _id(deps, name), link, now())
    tell(f"{count} mails are queued; a running Leo sends them. The console shows what came back.")


def _bot(read: Settings) -> str | None:
    if read.telegram_token is None:
        tell("Without LEO_TELEGRAM_TOKEN the links are lines to type in `leo chat`.")
        return None
    bot = telegram.build_bot(read.telegram_token.get_secret_value(), read.telegram_api_url)
    return asyncio.run(telegram.name_of(bot))


@app.command("list")
def list_cohorts() -> None:
    """Print all cohorts."""
    for cohort, count in care.cohorts(_deps(), THE_SHELL):
        typer.echo(
            f"{cohort.name}  {cohort.state}  {cohort.programme}  {cohort.starts_on}  "
            f"{count.joined}/{count.enrolled}"
        )


@app.command()
def show(name: Name) -> None:
    """Print a cohort and its calendar."""
    deps = _deps()
    cohort, count = care.find(deps, THE_SHELL, _id(deps, name))
    typer.echo(f"{cohort.name}: {cohort.state}, {count.joined} of {count.enrolled} joined")
    typer.echo(f"{cohort.programme}, {cohort.starts_on}, {cohort.zone}, {cohort.language}")
    for week in create.calendar(deps, cohort):
        daily, weekly, practice = week.rhythms
        typer.echo(
            f"{week.monday}  {week.theme[cohort.language]}  ({week.practice})  "
            f"daily {daily}, weekly {weekly}, practice {practice}"
        )


@app.command()
def pause(name: Name) -> None:
    """Let nobody in a cohort get nudges until it is resumed."""
    _become(name, CohortState.PAUSED)


@app.command()
def resume(name: Name) -> None:
    """Take up a paused cohort again."""
    _become(name, CohortState.ACTIVE)


@app.command()
def close(name: Name) -> None:
    """Close a cohort for good; its figures stay."""
    _become(name, CohortState.CLOSED)


def _become(name: str, state: CohortState) -> None:
    deps = _deps()
    care.become(deps, THE_SHELL, _id(deps, name), state, now())
    tell(f"The cohort “{name}” is {state}.")
