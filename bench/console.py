"""HR’s console: a list of ten thousand, and the page of a cohort of a hundred thousand."""

import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Engine

from bench.report import MS, Measured, Row, tell
from bot import sheets, wiring
from bot.coaching.practice import MARKS, REVIEWS, SCALE
from bot.console import figures as page_figures
from bot.store import database
from bot.store.figures import console_units
from bot.store.passwords import Argon2Passwords
from bot.store.tables import member, tally
from bot.store.vault import Vault, new_key
from bot.texts.console import ConsoleTexts
from bot.texts.practices import load_library
from bot.texts.programmes import load_programmes
from bot.usecases import tally as figures_of
from bot.usecases.cohorts import create, figures, invitations, roster
from bot.usecases.cohorts.shown import Words
from bot.usecases.hr import THE_SHELL, HrDeps

PEOPLE, WEEKS, ROWS_IN_LIST, WRONG = 100_000, 52, 10_000, 200
PAGES = 40
START = date(2026, 1, 5)
NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
LATER = NOW + timedelta(weeks=WEEKS)

ROWS = (
    Row(
        "preview",
        "list previewed",
        "s",
        f"{ROWS_IN_LIST} rows, {WRONG} of them wrong, read from CSV.",
        at_most=5,
    ),
    Row("import", "list imported", "s", "The same list, read again and enrolled.", at_most=10),
    Row(
        "page p95",
        "cohort page, p95",
        "ms",
        f"{PEOPLE} people, {WEEKS} weeks: queries, suppression and HTML.",
        at_most=300,
    ),
)


def measure(folder: Path, *, quick: bool) -> Measured:
    """Time the use cases and the page on a SQLite file of its own."""
    tell("Measuring the console …")
    engine = database.connect(f"sqlite:///{folder / 'console.db'}")
    database.unlock(engine, Vault([new_key()]))
    database.upgrade(engine)
    library = load_library(wiring.DATA)
    programmes = load_programmes(wiring.DATA, library)
    deps = HrDeps(console_units(engine), Argon2Passwords(), programmes, 5)
    make = partial(_cohort, deps, next(iter(programmes)))
    content = _list().encode()
    listed = make("List")
    preview_s = _seconds(lambda: _previewed(deps, listed, content))
    import_s = _seconds(
        lambda: roster.enrol(deps, THE_SHELL, listed, sheets.read("x.csv", content), NOW)
    )
    large = make("Large")
    _fill(engine, large, PEOPLE // 10 if quick else PEOPLE)
    times = [_seconds(lambda: _page(deps, large)) for _ in range(PAGES)]
    engine.dispose()
    p95 = statistics.quantiles(times, n=20)[-1]
    return {"preview": preview_s, "import": import_s, "page p95": p95 * MS}


def _cohort(deps: HrDeps, programme: str, name: str) -> int:
    wanted = create.Wanted(name, programme, START.isoformat(), "Europe/Paris", "en")
    return create.create(deps, THE_SHELL, wanted, NOW)


def _list() -> str:
    rows = [
        f"Person {n},{'no address' if n % (ROWS_IN_LIST // WRONG) == 0 else f'p{n}@example.org'}"
        for n in range(ROWS_IN_LIST)
    ]
    return "name,email\n" + "\n".join(rows)


def _previewed(deps: HrDeps, cohort_id: int, content: bytes) -> None:
    read = roster.preview(deps, THE_SHELL, cohort_id, sheets.read("x.csv", content))
    assert read.count(roster.RowState.WRONG) == WRONG


def _fill(engine: Engine, cohort_id: int, people: int) -> None:
    """Write the members, and the tallies that a year of theirs comes to."""
    with engine.begin() as connection:
        connection.execute(
            member.insert(),
            [
                {
                    "cohort_id": cohort_id,
                    "name": "x",
                    "added_at": NOW,
                    "joined_at": NOW if n % 10 else None,
                }
                for n in range(people)
            ],
        )
        joined = people * 9 // 10
        rows = [(0, figures_of.JOINED, 0, joined)]
        for week in range(WEEKS):
            counts = [figures_of.ACTIVE, *figures_of.KINDS.values(), figures_of.PRACTISED]
            rows += [(week, figure, 0, joined // 2) for figure in counts]
            rows += [(week, figure, 0, joined // 9) for figure in (*figures_of.HOURS, *REVIEWS)]
            rows += [(week, mark, value, joined // 11) for mark in MARKS for value in SCALE]
        columns = ("week", "figure", "value", "people")
        connection.execute(
            tally.insert(),
            [{"cohort_id": cohort_id, **dict(zip(columns, row, strict=True))} for row in rows],
        )


TEXTS = ConsoleTexts()


def _page(deps: HrDeps, cohort_id: int) -> None:
    picture = figures.picture(deps, THE_SHELL, cohort_id, LATER)
    assert len(picture.weeks) == WEEKS and picture.weeks[0].active.people
    html = TEXTS.page(
        "en",
        "cohort",
        actor=THE_SHELL,
        at="/cohorts/1",
        hidden=lambda: "",
        problem=None,
        programme="",
        waiting=invitations.waiting(deps, THE_SHELL, cohort_id),
        most_shown=invitations.MOST_SHOWN,
        minimum=deps.minimum,
        **page_figures.values(picture, Words(partial(TEXTS.word, "en"), "en", deps.titles)),
    )
    assert "</html>" in html


def _seconds(deed: Callable[[], object]) -> float:
    begun = time.perf_counter()
    deed()
    return time.perf_counter() - begun
