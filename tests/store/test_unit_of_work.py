"""One transaction: all of it or nothing, and one at a time where two want the same."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError, StatementError

from bot.coaching.occurrence import NudgeKind
from bot.errors import DatabaseUnusable
from bot.store import database
from bot.store.tables import metadata, seal
from bot.store.unit_of_work import units_of_work
from bot.store.vault import Vault, new_key
from bot.usecases.ports import Mode, OpenUnitOfWork, UnitOfWork
from bot.usecases.records import (
    Answer,
    Consent,
    InboxItem,
    InboxState,
    Occurrence,
    OutboxState,
    Person,
    Preferences,
)
from tests.store import make
from tests.store.make import CHAT, NOW, ask, known, rows

# --- all or nothing ---------------------------------------------------------------------


@pytest.mark.parametrize("mode", [Mode.DURABLE, Mode.RELAXED])
def test_commit(open_uow: OpenUnitOfWork, mode: Mode) -> None:
    """What was added and changed is there for the next one."""
    with open_uow(mode) as uow:
        make.person(uow, name="Zoé").turns = 3
    found = ask(open_uow, lambda uow: uow.person(*CHAT))
    assert (found.name, found.turns) == ("Zoé", 3)


def test_roll_back(open_uow: OpenUnitOfWork, engine: Engine) -> None:
    """An error on the way leaves nothing, also of what was written by then."""
    with pytest.raises(ZeroDivisionError), open_uow() as uow:
        make.answer(uow, make.run(uow, make.person(uow)), words="gone")
        make.message(uow)
        1 / 0  # noqa: B018
    assert rows(engine) == {}


def test_roll_back_of_a_change(open_uow: OpenUnitOfWork) -> None:
    """An error takes changes and removals back."""
    with open_uow() as uow:
        make.update(uow)
        make.person(uow)
    with pytest.raises(ZeroDivisionError), open_uow() as uow:
        item = uow.inbox("telegram", 1)
        assert item is not None
        item.state, item.payload = InboxState.DONE, None
        uow.erase_person(uow.person(*CHAT) or pytest.fail("nobody there"))
        uow.flush()
        1 / 0  # noqa: B018
    assert ask(open_uow, lambda uow: uow.person(*CHAT)) is not None
    item = ask(open_uow, lambda uow: uow.inbox("telegram", 1))
    assert (item.state, item.payload) == (InboxState.PENDING, {"text": "hello"})


def test_words_are_on_the_disk(tmp_path: Path) -> None:
    """On SQLite a commit is on the disk before it is acknowledged, but where told otherwise."""
    engine = database.connect(f"sqlite:///{tmp_path / 'leo.db'}")
    full, normal = 2, 1
    for mode, level in {Mode.RELAXED: normal, Mode.DURABLE: full, None: full}.items():
        asked = engine.execution_options(leo_mode=mode) if mode else engine
        with asked.begin() as connection:
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == level
    engine.dispose()


def test_an_out_of_reach_database() -> None:
    """A database that does not answer is named in words, without its password."""
    engine = database.connect("postgresql://leo:hush@127.0.0.1:1/leo")
    with pytest.raises(DatabaseUnusable) as raised, units_of_work(engine)() as uow:
        uow.person(*CHAT)
    assert "127.0.0.1:1/leo" in str(raised.value)
    assert "hush" not in str(raised.value)
    engine.dispose()


# --- one at a time ----------------------------------------------------------------------


def test_same_update_at_once(open_uow: OpenUnitOfWork) -> None:
    """Whoever comes second to an update waits, and then finds it done."""
    with open_uow() as uow:
        make.update(uow)
    with ThreadPoolExecutor(1) as pool:
        with open_uow() as uow:
            item = uow.inbox("telegram", 1)
            assert item is not None
            second = make.meanwhile(
                pool, lambda: ask(open_uow, lambda uow: uow.inbox("telegram", 1))
            )
            item.state, item.payload = InboxState.DONE, None
        seen = second.result(10)
    assert (seen.state, seen.payload) == (InboxState.DONE, None)


def test_reading_does_not_wait(open_uow: OpenUnitOfWork) -> None:
    """Whoever only reads sees what was there before, while somebody is at work on it."""
    with open_uow() as uow:
        make.update(uow)

    def read() -> InboxItem | None:
        with open_uow(Mode.READ) as uow:
            return uow.inbox_pending(*CHAT)

    with ThreadPoolExecutor(1) as pool, open_uow() as uow:
        item = uow.inbox("telegram", 1)
        assert item is not None
        item.state = InboxState.DONE
        uow.flush()
        seen = pool.submit(read).result(10)
        assert seen is not None
        assert seen.state is InboxState.PENDING


def test_same_person_at_once(open_uow: OpenUnitOfWork) -> None:
    """No change to a person is lost where several work for them at once."""
    with open_uow() as uow:
        make.person(uow)

    def count() -> None:
        for _ in range(8):
            with open_uow() as uow:
                person = uow.person(*CHAT)
                assert person is not None
                person.turns += 1

    assert make.at_once(count, count, count) == [None] * 3
    assert ask(open_uow, lambda uow: uow.person(*CHAT)).turns == 24


def test_same_messages_at_once(open_uow: OpenUnitOfWork) -> None:
    """What one sender has taken, a second one does not get."""
    with open_uow() as uow:
        make.message(uow)
    with ThreadPoolExecutor(1) as pool:
        with open_uow() as uow:
            [mine] = uow.outbox_for(*CHAT)
            second = make.meanwhile(pool, lambda: ask(open_uow, lambda uow: uow.outbox_for(*CHAT)))
            mine.state = OutboxState.SENDING
        assert second.result(10) == []


def test_other_chats_do_not_wait(engine: Engine, open_uow: OpenUnitOfWork) -> None:
    """On PostgreSQL one chat's lock holds nobody else up; SQLite has one writer at a time."""
    with open_uow() as uow:
        make.person(uow, address="1")
        make.person(uow, address="2")
    with ThreadPoolExecutor(1) as pool:
        with open_uow() as uow:
            uow.person("telegram", "1")
            other = pool.submit(ask, open_uow, lambda uow: uow.person("telegram", "2"))
            if engine.dialect.name == "postgresql":
                assert other.result(10).address == "2"
        assert other.result(10).address == "2"


# --- keys that must be unique -----------------------------------------------------------


def test_unique_update(open_uow: OpenUnitOfWork) -> None:
    """An update is stored once in its channel; another channel may use the same number."""
    with open_uow() as uow:
        make.update(uow, 7)
        make.keep(uow, InboxItem("terminal", 7, NOW))
    with pytest.raises(IntegrityError), open_uow() as uow:
        make.update(uow, 7, address="another")


def test_unique_message(open_uow: OpenUnitOfWork) -> None:
    """A message with the same key is written once, whoever it goes to."""
    with open_uow() as uow:
        make.message(uow, "telegram:7:0")
    with pytest.raises(IntegrityError), open_uow() as uow:
        make.message(uow, "telegram:7:0", address="another")


def test_unique_person(open_uow: OpenUnitOfWork) -> None:
    """One chat is one person."""
    with open_uow() as uow:
        make.person(uow)
    with pytest.raises(IntegrityError), open_uow() as uow:
        make.person(uow)


def test_unique_answer(open_uow: OpenUnitOfWork) -> None:
    """A run has one answer to a step, and one of an update."""
    with open_uow() as uow:
        run = make.run(uow, make.person(uow))
        make.answer(uow, run, step="grown", update_id=1)
    for step, update_id in (("grown", 2), ("wiser", 1)):
        with pytest.raises(IntegrityError), open_uow() as uow:
            make.answer(uow, run, step=step, update_id=update_id)


def test_unique_plan(open_uow: OpenUnitOfWork) -> None:
    """A run leads to one plan."""
    with open_uow() as uow:
        person = make.person(uow)
        run = make.run(uow, person)
        make.plan(uow, person, run)
    with pytest.raises(IntegrityError), open_uow() as uow:
        make.plan(uow, person, run)


def test_ids_are_never_given_twice(open_uow: OpenUnitOfWork) -> None:
    """A button of an erased run never fits a later one."""
    with open_uow() as uow:
        person = make.person(uow)
        first = known(make.run(uow, person).id)
        uow.erase_person(person)
    with open_uow() as uow:
        assert known(make.run(uow, make.person(uow)).id) > first


@pytest.mark.parametrize("missing", ["person", "run"])
def test_nothing_hangs_in_the_air(open_uow: OpenUnitOfWork, missing: str) -> None:
    """A row cannot belong to a person or a run that is not there."""
    stray = {
        "person": Consent(10**9, "1-en", "yes", NOW),
        "run": Answer(10**9, "grown", 1, NOW),
    }[missing]
    with pytest.raises(IntegrityError), open_uow() as uow:
        make.keep(uow, stray)


# --- instants and dates -----------------------------------------------------------------


def test_naive_instants_are_refused(open_uow: OpenUnitOfWork, engine: Engine) -> None:
    """A time without a zone is never written."""
    naive = datetime(2026, 3, 3, 9, 30)  # noqa: DTZ001
    with pytest.raises(StatementError, match="naive"), open_uow() as uow:
        make.person(uow, consented_at=naive)
    assert rows(engine) == {}
    with pytest.raises(StatementError, match="naive"), open_uow() as uow:
        uow.waiting(naive)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Paris", "America/St_Johns", "Asia/Kathmandu"])
def test_instants_come_back_aware(open_uow: OpenUnitOfWork, zone: str) -> None:
    """The same instant comes back, to the microsecond, told in UTC, whatever zone it had."""
    instant = datetime(2026, 10, 25, 2, 30, 0, 123_456, tzinfo=ZoneInfo(zone))
    for fold in (0, 1):
        with open_uow() as uow:
            make.person(uow, address=f"{zone}{fold}", consented_at=instant.replace(fold=fold))
        back = ask(open_uow, lambda uow, f=fold: uow.person("telegram", f"{zone}{f}")).consented_at
        assert back == instant.replace(fold=fold).astimezone(UTC)
        assert back.utcoffset() == timedelta(0)


def test_days_come_back(open_uow: OpenUnitOfWork) -> None:
    """A date is a date, without a zone."""
    with open_uow() as uow:
        make.answer(uow, make.run(uow, make.person(uow)), day=date(2028, 2, 29))
    [run] = ask(open_uow, lambda uow: uow.runs(known(uow.person(*CHAT).id)))
    [answer] = ask(open_uow, lambda uow: uow.answers(run.id))
    assert answer.day == date(2028, 2, 29)


def test_large_numbers(open_uow: OpenUnitOfWork) -> None:
    """Telegram's numbers of 64 bits fit everywhere they may stand."""
    large = 2**63 - 1
    with open_uow() as uow:
        make.update(uow, large)
        make.message(uow, message_ref=large)
        run = make.run(uow, make.person(uow))
        make.answer(uow, run, update_id=large, message_ref=large)
    found = ask(open_uow, lambda uow: uow.answer_from(known(uow.person(*CHAT).id), large))
    assert (found.update_id, found.message_ref) == (large, large)


# --- removal ----------------------------------------------------------------------------


# What HR wrote; a person's coming and going changes no more of it than that.
HRS_OWN = {
    *("cohort", "member", "invitation", "tally", "audit", "letter", "letter_test"),
    *("erasure", "contact", "mail"),
    *("hr_user", "hr_access", "hr_link", "hr_session", "hr_attempt", "hr_sign_on"),
}


def everything(uow: UnitOfWork, *, address: str, number: int) -> Person:
    """Write a row in every table for somebody."""
    person = make.person(uow, address=address)
    served = make.served(uow, person)
    run = make.run(uow, person, about_id=served.id)
    make.answer(uow, run, update_id=number, words="seen")
    make.plan(uow, person, run)
    make.keep(uow, Preferences(known(person.id)))
    nudge = Occurrence(known(person.id), NudgeKind.DAILY, NOW.date(), NOW.time(), NOW, None)
    assert uow.nudges.add(nudge, NOW)
    make.keep(uow, Consent(known(person.id), "1-en", "yes", NOW))
    make.message(uow, f"telegram:{number}:0", address=address, person_id=person.id)
    make.message(uow, f"telegram:{number}:1", address=address)
    make.update(uow, number, address=address, state=InboxState.FAILED)
    return person


def test_erase_person(open_uow: OpenUnitOfWork, engine: Engine) -> None:
    """Nothing stays of a person in any table; of everybody else all stays."""
    with open_uow() as uow:
        everything(uow, address="7", number=1)
    before = rows(engine)
    tables = {table.name for table in metadata.sorted_tables if table is not seal}
    assert set(before) == tables - HRS_OWN - {"lease"}
    with open_uow() as uow:
        person = everything(uow, address="42", number=2)
    with open_uow() as uow:
        found = uow.person(*CHAT)
        assert found is not None
        assert found.id == person.id
        uow.erase_person(found)
    assert rows(engine) == before
    assert ask(open_uow, lambda uow: uow.person(*CHAT)) is None


def test_erase_a_member(open_uow: OpenUnitOfWork) -> None:
    """HR's own entry stays when somebody erases themselves, and leads to nobody any more."""
    with open_uow() as uow:
        person = make.person(uow)
        member = make.member(uow, person)
        assert uow.cohorts.membership(known(person.id)) is not None
        uow.erase_person(person)
    with open_uow() as uow:
        assert uow.cohorts.membership(known(person.id)) is None
        assert uow.cohorts.member(known(member.id)) is not None


def test_erase_person_with_updates_to_come(open_uow: OpenUnitOfWork) -> None:
    """What came in behind the wish to be erased is still to be answered."""
    with open_uow() as uow:
        make.update(uow, 1)
        uow.erase_person(make.person(uow))
    assert ask(open_uow, lambda uow: uow.inbox_pending(*CHAT)).update_id == 1


def test_erase_somebody_without_a_row(open_uow: OpenUnitOfWork, engine: Engine) -> None:
    """What lies at an address goes also where no person was ever written."""
    with open_uow() as uow:
        make.update(uow, 1, state=InboxState.FAILED)
        make.message(uow)
        uow.erase_person(Person(*CHAT))
    assert rows(engine) == {}


def test_erased_is_overwritten(tmp_path: Path) -> None:
    """On SQLite not even an address can be found in the file afterwards."""
    file = tmp_path / "leo.db"
    engine = database.connect(f"sqlite:///{file}")
    database.unlock(engine, Vault([new_key()]))
    database.upgrade(engine)
    address = "chat-" + "9" * 30
    with units_of_work(engine)() as uow:
        everything(uow, address=address, number=1)
    engine.dispose()
    assert address.encode() in file.read_bytes()
    with units_of_work(engine)() as uow:
        uow.erase_person(uow.person("telegram", address) or pytest.fail("nobody there"))
    engine.dispose()
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert address.encode() not in left


def test_delete_one_record(open_uow: OpenUnitOfWork, engine: Engine) -> None:
    """A run goes with its answers and its plan; the person stays."""
    with open_uow() as uow:
        person = make.person(uow)
        run = make.run(uow, person)
        make.answer(uow, run)
        make.plan(uow, person, run)
        uow.delete(run)
    assert rows(engine) == {"person": 1}


def test_forgotten_nickname(open_uow: OpenUnitOfWork) -> None:
    """A run outlives the nickname it was about."""
    with open_uow() as uow:
        person = make.person(uow)
        served = make.served(uow, person)
        run = make.run(uow, person, about_id=served.id)
    with open_uow() as uow:
        [again] = uow.served(known(person.id))
        uow.delete(again)
    assert ask(open_uow, lambda uow: uow.run(known(run.id))).about_id is None
