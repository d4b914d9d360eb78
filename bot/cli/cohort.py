"""`leo cohort …`: what HR does with cohorts in the console, from the shell."""

import asyncio
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bot import sheets, wiring
from bot.charts import draw_pdf
from bot.chat import telegram
from bot.chat.terminal import plain
from bot.cli.common import checked_for_mail, settings, tell
from bot.coaching.practice import LANGUAGES
from bot.errors import LeoError, SettingsError
from bot.privacy.groups import Count
from bot.service import now
from bot.settings import Settings
from bot.texts.console import ConsoleTexts
from bot.usecases.cohorts import care, create, invitations, letters, mails, members, roster
from bot.usecases.cohorts.report import report as report_of
from bot.usecases.cohorts.roster import RowState
from bot.usecases.cohorts.shown import Words
from bot.usecases.hr import THE_SHELL, HrDeps
from bot.usecases.records import CohortState

app = typer.Typer(help="Cohorts: people who walk a programme together.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The cohort's name.")]
English = Annotated[Path | None, typer.Option(help="A file with the text in English.")]
French = Annotated[Path | None, typer.Option(help="A file with the text in French.")]
Member = Annotated[int, typer.Argument(help="Their number in `leo cohort people`.")]
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


@app.command()
def invites(
    name: Name,
    format: Annotated[str, typer.Option(help="csv is the one there is.")] = "csv",
    mail: Annotated[bool, typer.Option("--mail", help="By mail, from a running Leo.")] = False,
) -> None:
    """Make a fresh link for each who has not joined, printed or mailed; former ones end."""
    if format != "csv":
        raise LeoError("Invitations come as csv: give --format csv.")
    if mail:
        return _mail_invites(name)
    read = settings()
    deps = wiring.hr(read)
    fresh = invitations.invite_all(deps, THE_SHELL, _id(deps, name), now())
    bot = _bot(read)
    rows = [
        (one.name, invitations.link(bot, one.token), one.expires_at.date().isoformat())
        for one in fresh
    ]
    typer.echo(sheets.write(("name", "link", "expires"), rows), nl=False)


def _mail_invites(name: str) -> None:
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
    for one in letters.desk(deps, THE_SHELL, _id(deps, name), now()).sent:
        goes_to, waiting = _told(one.people), _told(one.waiting)
        typer.echo(f"{one.made_at.date()}  {one.kind}: goes to {goes_to}, still waiting {waiting}")


def _told(count: Count | None) -> str:
    if count is None:
        return _TEXTS.word("en", "letter_being_planned")
    return str(count.people) if count.held is None else _TEXTS.word("en", count.held)


@app.command()
def report(
    name: Name,
    out: Annotated[Path, typer.Option(help="The file to write.")],
    format: Annotated[str, typer.Option(help="pdf is the one there is.")] = "pdf",
    language: Annotated[str, typer.Option(help="en or fr; empty for the cohort's own.")] = "",
) -> None:
    """Write the one-page report for a sponsor, up to the last week that has ended."""
    if format != "pdf":
        raise LeoError("Reports come as pdf: give --format pdf.")
    deps = _deps()
    cohort = care.named(deps, THE_SHELL, name)
    assert cohort.id is not None
    spoken = language or cohort.language
    if spoken not in LANGUAGES:
        raise LeoError(f"--language {spoken}: choose one of {', '.join(LANGUAGES)}.")
    words = Words(partial(_TEXTS.word, spoken), spoken, deps.titles)
    made = report_of(deps, THE_SHELL, cohort.id, words, partial(_TEXTS.day, spoken), now())
    try:
        out.write_bytes(draw_pdf(made.description()))
    except OSError as error:
        raise LeoError(f"{out} cannot be written: {error.strerror}.") from None
    tell(f"The report is in {out}.")


@app.command("people")
def list_people(name: Name) -> None:
    """Print the people of a cohort: number, name, and whether they joined or were withdrawn."""
    deps = _deps()
    found = members.people(deps, THE_SHELL, _id(deps, name))
    for one in (*found.here, *found.withdrawn):
        state = "withdrawn" if one.left_at else "joined" if one.joined_at else "waiting"
        state = "being erased" if one.id in found.erasing else state
        typer.echo(f"{one.id}  {one.name}  {one.email or '-'}  {state}")


@app.command()
def move(
    member: Member,
    to: Annotated[str, typer.Option(help="The name of the other cohort.")],
) -> None:
    """Move somebody to another cohort; weeks that have ended stay as they were shown."""
    deps = _deps()
    moved = members.move(deps, THE_SHELL, member, _id(deps, to), now())
    tell(f"Moved to “{to}”. Their number is {moved} now.")


@app.command()
def withdraw(
    member: Member,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take somebody out of their cohort; what they told Leo stays theirs."""
    deps = _deps()
    looked = members.look(deps, THE_SHELL, member)
    if not yes:
        typer.confirm(f"Shall {looked.member.name} leave “{looked.cohort.name}”?", abort=True)
    members.withdraw(deps, THE_SHELL, member, now())
    tell(f"{looked.member.name} has left “{looked.cohort.name}”.")


@app.command()
def pause(name: Name) -> None:
    """Let nobody in a cohort get nudges until it is resumed."""
    _become(name, CohortState.PAUSED)


@app.command()
def resume(name: Name) -> None:
    """Take up a paused cohort again."""
    _become(name, CohortState.ACTIVE)


@app.command()
def close(
    name: Name,
    farewell: Annotated[
        bool, typer.Option("--farewell", help="Have Leo say farewell to each, once.")
    ] = False,
    english: English = None,
    french: French = None,
) -> None:
    """Close a cohort for good; its figures stay, and its members keep Leo."""
    deps, typed = _deps(), _typed(english, french)
    if typed and not farewell:
        raise LeoError("Words of your own go behind the farewell: give --farewell, too.")
    cohort_id = _id(deps, name)
    letters.close(deps, THE_SHELL, cohort_id, typed, _TEXTS, now(), farewell=farewell)
    tell(f"The cohort “{name}” is closed.")


@app.command()
def write(
    name: Name,
    english: English = None,
    french: French = None,
    test: Annotated[
        bool, typer.Option("--test", help="Only print a link that shows it in your own chat.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Send it without asking.")] = False,
) -> None:
    """Write to all who have joined a cohort; first it says what they would read."""
    read = settings()
    deps, typed = wiring.hr(read), _typed(english, french)
    cohort_id = _id(deps, name)
    if test:
        token = letters.try_out(deps, THE_SHELL, cohort_id, typed, _TEXTS, now())
        return typer.echo(invitations.link(_bot(read), token))
    preview = letters.preview(deps, THE_SHELL, cohort_id, typed, _TEXTS)
    for page in preview.pages.values():
        typer.echo(f"{plain(page)}\n")
    if not yes:
        typer.confirm("Send it to all?", abort=True, err=True)
    letters.send(deps, THE_SHELL, cohort_id, typed, _TEXTS, now())
    tell("It is on its way, as fast as the scheduler sends.")


def _typed(english: Path | None, french: Path | None) -> dict[str, str]:
    """Return the texts in files, by language."""
    files = {"en": english, "fr": french}
    try:
        return {one: file.read_text(encoding="utf-8") for one, file in files.items() if file}
    except UnicodeDecodeError:
        raise LeoError("A text is not in UTF-8. Save it as UTF-8, then try again.") from None


def _become(name: str, state: CohortState) -> None:
    deps = _deps()
    care.become(deps, THE_SHELL, _id(deps, name), state, now())
    tell(f"The cohort “{name}” is {state}.")
