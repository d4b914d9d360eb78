"""The console over PostgreSQL works with a role that cannot read what people said."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from bot.errors import SettingsError
from bot.store import database
from bot.store.figures import console_units
from bot.store.grants import grant_console, inspect_console
from bot.store.unit_of_work import units_of_work
from bot.store.vault import Vault, new_key
from bot.texts.console import ConsoleTexts
from bot.usecases import support
from bot.usecases.accounts import invite, sign_in, sign_on
from bot.usecases.cohorts import (
    care,
    create,
    erasure,
    figures,
    invitations,
    letters,
    mails,
    members,
    roster,
)
from bot.usecases.hr import THE_SHELL, HrDeps
from bot.usecases.records import CohortState, HrRole
from tests.console.conftest import COHORT, PROGRAMMES, QuickPasswords
from tests.store import make
from tests.store.databases import empty_database
from tests.store.make import known

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
ALLOWED = {
    *("audit", "cohort", "hr_access", "hr_attempt", "hr_link", "hr_session", "hr_user"),
    *("hr_sign_on", "invitation", "letter", "letter_test", "mail", "member", "seal", "tally"),
    *("erasure", "contact"),
}


@pytest.fixture
def owner(tmp_path: Path) -> Iterator[Engine]:
    """A PostgreSQL database with somebody's words in it, by its owner; and the role."""
    vault = Vault([new_key()])
    with empty_database("postgresql", tmp_path) as url:
        engine = database.connect(url)
        database.unlock(engine, vault)
        database.upgrade(engine)
        with engine.begin() as connection:
            connection.execute(text("DROP ROLE IF EXISTS leo_console"))
            connection.execute(text("CREATE ROLE leo_console LOGIN"))
        with units_of_work(engine)() as uow:
            kim = make.person(uow)
            run = make.run(uow, kim)
            make.answer(uow, run, words="A secret")
            make.served(uow, kim)
            make.member(uow, kim, cohort="Paris")
        grant_console(engine, "leo_console")
        yield engine
        with engine.begin() as connection:
            connection.execute(text("DROP OWNED BY leo_console"))
            connection.execute(text("DROP ROLE leo_console"))
        engine.dispose()


@pytest.fixture
def console(owner: Engine) -> Iterator[Engine]:
    """The same database, by the console's role."""
    url = owner.url.set(username="leo_console").render_as_string(hide_password=False)
    engine = database.connect(url.replace("postgresql+psycopg", "postgresql"))
    database.unlock(engine, owner.dialect.leo_vault)  # type: ignore[attr-defined]
    yield engine
    engine.dispose()


def test_the_role_cannot_read_words(console: Engine) -> None:
    """Of all tables the role reads only those without a word that somebody said to Leo."""
    with console.connect() as connection:
        names = connection.execute(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ).scalars()
        readable = set()
        for name in names.all():
            try:
                with connection.begin_nested():
                    connection.execute(text(f"SELECT * FROM {name}"))
                readable.add(name)
            except ProgrammingError:
                continue
    assert readable == ALLOWED


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT name FROM person",
        "SELECT words FROM answer",
        "DELETE FROM audit",
        "UPDATE audit SET actor = 'x'",
        "UPDATE person SET name = NULL",
        "DELETE FROM member",
        "UPDATE letter SET en = 'x'",
        "DELETE FROM letter",
        "SELECT person_id FROM occurrence",
        "SELECT body FROM outbox",
        "INSERT INTO outbox (key) VALUES ('x')",
        "DELETE FROM erasure",
        "UPDATE erasure SET done_at = NULL",
    ],
)
def test_what_the_role_may_not_do(console: Engine, statement: str) -> None:
    """The role reads no words, and takes nothing out of the log or the list of members."""
    with console.begin() as connection, pytest.raises(ProgrammingError, match="permission denied"):
        connection.execute(text(statement))


def test_all_of_hrs_work_is_done_with_the_role(owner: Engine, console: Engine) -> None:
    """From the first invitation to the figures, HR's use cases need no more than the role has."""
    deps = HrDeps(console_units(console), QuickPasswords(), PROGRAMMES, 5)
    token = invite.invite(deps, THE_SHELL, "hr@example.org", HrRole.ADMINISTRATOR, NOW)
    invite.choose_password(deps, token, "four words make one", NOW)
    session = sign_in.sign_in(deps, "hr@example.org", "four words make one", "::1", NOW)
    actor = sign_in.recognise(deps, session, NOW)
    assert actor is not None
    cohort_id = create.create(deps, actor, create.Wanted(**COHORT), NOW)
    lines = [
        roster.Line(2, {"name": "Ana Ruiz", "email": "ana@example.org"}),
        roster.Line(3, {"name": "Theo"}),
    ]
    done = roster.enrol(deps, actor, cohort_id, lines, NOW)
    assert [row.state for row in done.rows] == ["moved", "new"]
    assert len(invitations.invite_all(deps, actor, cohort_id, NOW)) == 1
    more = [roster.Line(2, {"name": "Kim", "email": "kim@example.org"})]
    roster.enrol(deps, actor, cohort_id, more, NOW)
    assert mails.send_all(deps, actor, cohort_id, "https://t.me/leo?start=".__add__, NOW) == 1
    assert mails.look(deps, actor, cohort_id, NOW).waiting == 1
    invitations.invite_all(deps, actor, cohort_id, NOW)
    assert mails.look(deps, actor, cohort_id, NOW).waiting == 0
    texts, typed = ConsoleTexts(), {"en": "Hello {{ name }}.", "fr": "Bonjour {{ name }}."}
    assert len(letters.preview(deps, actor, cohort_id, typed, texts).pages) == 2
    assert letters.try_out(deps, actor, cohort_id, typed, texts, NOW)
    letters.send(deps, actor, cohort_id, typed, texts, NOW)
    with owner.begin() as connection:
        connection.execute(text("UPDATE letter SET spread_at = now(), people = 1"))
    [sent] = letters.desk(deps, actor, cohort_id, NOW).sent
    assert sent.waiting is not None and sent.waiting.people is None
    care.become(deps, actor, cohort_id, CohortState.PAUSED, NOW)
    picture = figures.picture(deps, actor, cohort_id, NOW)
    assert (picture.headcount.enrolled, picture.headcount.joined) == (3, 1)
    other = create.create(deps, actor, create.Wanted(**{**COHORT, "name": "Nice"}), NOW)
    theo, ana, _ = members.people(deps, actor, cohort_id).here
    moved = members.move(deps, actor, known(ana.id), other, NOW)
    members.withdraw(deps, actor, known(theo.id), NOW)
    asked = erasure.ask(deps, actor, moved, "ana ruiz", "Letter 12", NOW)
    assert erasure.receipt(deps, actor, asked).done_at is None
    both = {"en": "Line", "fr": "Ligne"}
    kept = support.keep(deps, actor, support.Wanted(both, "112", both), NOW)
    support.keep(deps, actor, support.Wanted(both, "116 117", both), NOW, kept)
    support.remove(deps, actor, kept, NOW)
    letters.close(deps, actor, cohort_id, typed, texts, NOW, farewell=True)
    sign_in.sign_out(deps, actor, session, NOW)
    sign_on.begin(deps, "browser:state", NOW)
    sign_on.come_back(deps, "browser:state", NOW)
    assert sign_on.enter(deps, "hr@example.org", NOW)


def test_the_doctor_looks_at_the_role(owner: Engine, console: Engine) -> None:
    """A role that reads just what it needs is sound; one that reads more or less is named."""
    assert "“leo_console” reads what HR's work needs" in inspect_console(console)
    with pytest.raises(SettingsError, match=r"can read .*answer.*grant-console"):
        inspect_console(owner)
    with owner.begin() as connection:
        connection.execute(text("REVOKE SELECT ON mail FROM leo_console"))
    with pytest.raises(SettingsError, match="cannot read mail"):
        inspect_console(console)


def test_an_unknown_role(owner: Engine) -> None:
    """A role that PostgreSQL does not know is named, with what to do."""
    with pytest.raises(SettingsError, match="knows no role “nobody”"):
        grant_console(owner, "nobody")


def test_sqlite_has_no_roles(tmp_path: Path) -> None:
    """On SQLite the command says that it is for PostgreSQL."""
    engine = database.connect(f"sqlite:///{tmp_path / 'leo.db'}")
    with pytest.raises(SettingsError, match="PostgreSQL"):
        grant_console(engine, "x")
    engine.dispose()
