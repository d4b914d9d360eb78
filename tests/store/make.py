"""Making rows: the common case is free, all else by name."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

from sqlalchemy import Engine, func, select

from bot.store.tables import metadata, seal
from bot.usecases.ports import OpenUnitOfWork, Record, UnitOfWork
from bot.usecases.records import (
    Answer,
    Cohort,
    InboxItem,
    Member,
    OutboxItem,
    Person,
    Plan,
    Run,
    Served,
)

NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
CHAT = ("telegram", "42")


def keep[R: Record](uow: UnitOfWork, record: R) -> R:
    """Add a record and return it with its id."""
    uow.add(record)
    uow.flush()
    return record


def person(uow: UnitOfWork, *, address: str = "42", **fields: Any) -> Person:
    """Somebody who has consented."""
    fields = {"name": "Ana", "language": "en", "consented_at": NOW, **fields}
    return keep(uow, Person("telegram", address, **fields))


def served(uow: UnitOfWork, by: Person, *, nickname: str = "Theo", at: datetime = NOW) -> Served:
    """Somebody whom a person serves."""
    return keep(uow, Served(known(by.id), nickname, at))


def run(uow: UnitOfWork, by: Person, *, at: datetime = NOW, **fields: Any) -> Run:
    """A run, open unless told otherwise."""
    return keep(uow, Run(known(by.id), "best-test", "grown-seen", at, at, **fields))


def answer(
    uow: UnitOfWork, of: Run, *, step: str = "grown", update_id: int = 1, **fields: Any
) -> Answer:
    """An answer in a run."""
    return keep(uow, Answer(known(of.id), step, update_id, NOW, **fields))


def plan(uow: UnitOfWork, by: Person, of: Run, *, words: str = "If it rains, I listen.") -> Plan:
    """A plan made in a run."""
    return keep(uow, Plan(known(by.id), known(of.id), words, NOW))


def member(uow: UnitOfWork, person: Person | None = None, *, cohort: str = "Lyon") -> Member:
    """Somebody whom HR enrolled in a cohort of that name, perhaps somebody who has joined."""
    found = uow.cohorts.named(cohort) or keep(
        uow, Cohort(cohort, "first-eight-weeks", NOW.date(), "Europe/Paris", "fr", NOW)
    )
    joined = {"person_id": person.id, "joined_at": NOW} if person else {}
    return keep(uow, Member(known(found.id), "Ana Ruiz", NOW, email="ana@example.org", **joined))


def update(uow: UnitOfWork, update_id: int = 1, *, address: str = "42", **fields: Any) -> InboxItem:
    """An update that came in."""
    fields = {"payload": {"text": "hello"}, **fields}
    return keep(uow, InboxItem("telegram", update_id, NOW, address=address, **fields))


def message(uow: UnitOfWork, key: str = "a", *, address: str = "42", **fields: Any) -> OutboxItem:
    """A message that waits to be sent."""
    fields = {"due_at": NOW, "body": {"html": "Hello"}, **fields}
    return keep(uow, OutboxItem(key, "telegram", address, **fields))


def known(number: int | None) -> int:
    """Return an id that must be there."""
    assert number is not None
    return number


def at_once[T](*deeds: Callable[[], T]) -> list[T | Exception]:
    """Do things in threads that start together; return what each gave or raised."""
    barrier = Barrier(len(deeds))

    def begin(deed: Callable[[], T]) -> T | Exception:
        barrier.wait(10)
        try:
            return deed()
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(begin, deeds))


def meanwhile[T](pool: ThreadPoolExecutor, deed: Callable[[], T]) -> "Future[T]":
    """Begin something in a thread and give it the time to run into a lock, or not."""
    started = pool.submit(deed)
    with suppress(TimeoutError):
        started.result(0.2)
    return started


def ask(open_uow: OpenUnitOfWork, read: Callable[[UnitOfWork], Any]) -> Any:
    """Return what one question to the store gives, in a transaction of its own."""
    with open_uow() as uow:
        return read(uow)


def rows(engine: Engine) -> dict[str, int]:
    """Return how many rows each table has, without the empty ones."""
    with engine.connect() as connection:
        counts = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
            if table is not seal
        }
    return {name: count for name, count in counts.items() if count}
