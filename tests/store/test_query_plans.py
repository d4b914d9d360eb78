"""The questions of every turn find their rows by an index, however many rows there are."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, insert, text

from bot.coaching.occurrence import NudgeKind, NudgeState
from bot.coaching.run import RunState
from bot.store.tables import (
    answer,
    cohort,
    inbox,
    member,
    occurrence,
    outbox,
    person,
    plan,
    preferences,
    run,
    served,
)
from bot.store.unit_of_work import units_of_work
from bot.usecases.ports import OpenUnitOfWork, UnitOfWork
from bot.usecases.records import CohortState, InboxState, OutboxState
from tests.store.make import NOW

MANY = 3_000
LATER = NOW + timedelta(days=1)

HOT: dict[str, Callable[[UnitOfWork], Any]] = {
    "inbox": lambda uow: uow.inbox("telegram", 1500),
    "inbox_pending": lambda uow: uow.inbox_pending("telegram", "1500"),
    "waiting": lambda uow: uow.waiting(NOW),
    "person": lambda uow: uow.person("telegram", "1500"),
    "served": lambda uow: uow.served(1500),
    "active_run": lambda uow: uow.active_run(1500),
    "latest_run": lambda uow: uow.latest_run(1500, (RunState.OPEN, RunState.RESTED)),
    "latest_run of a practice": lambda uow: uow.latest_run(1500, (RunState.RESTED,), "p"),
    "runs": lambda uow: uow.runs(1500),
    "ratings": lambda uow: uow.growth.ratings(1500),
    "written": lambda uow: uow.growth.written(1500),
    "runs_about": lambda uow: uow.runs_about(1500),
    "answers": lambda uow: uow.answers(1500),
    "answer_from": lambda uow: uow.answer_from(1500, 5),
    "plans": lambda uow: uow.plans(1500),
    "plan_of": lambda uow: uow.plan_of(1500),
    "outbox": lambda uow: uow.outbox(1500),
    "outbox_for": lambda uow: uow.outbox_for("telegram", "1500"),
    "outbox_key_exists": lambda uow: uow.outbox_key_exists("1500"),
    "interrupted": lambda uow: uow.interrupted(),
    "nothing_to_do": lambda uow: uow.nudges.nothing_to_do(NOW),
    "standings_due": lambda uow: uow.nudges.standings_due(NOW, 1000),
    "standing": lambda uow: uow.nudges.standing(1500),
    "ripen": lambda uow: uow.nudges.ripen(NOW, 1000),
    "claim": lambda uow: uow.nudges.claim(NOW, 1000),
    "expire_unsent": lambda uow: uow.nudges.expire_unsent(NOW, 1000),
    "to_open": lambda uow: uow.nudges.to_open(100),
    "on_their_way": lambda uow: uow.nudges.on_their_way(),
    "unanswered": lambda uow: uow.nudges.unanswered(NOW, 100),
    "next_instant": lambda uow: uow.nudges.next_instant(),
    "nudge": lambda uow: uow.nudges.get(1500),
    "of_run": lambda uow: uow.nudges.of_run(1500),
    "carried_by": lambda uow: uow.nudges.carried_by(1500),
    "all_in": lambda uow: uow.nudges.all_in(1500, (NudgeState.DUE, NudgeState.CLAIMED)),
}


@pytest.fixture(scope="module")
def filled(engine: Engine) -> Iterator[Engine]:
    """A database with many people, whose updates and messages are nearly all done."""
    tables: dict[Any, Callable[[int], dict[str, Any]]] = {
        person: lambda n: {
            **{"channel": "telegram", "address": f"{n}", "turns": 0, "unanswered": 0},
            "next_at": NOW if n % 300 == 0 else LATER,
        },
        preferences: lambda n: {"person_id": n, "paused": False},
        cohort: lambda n: {
            **{"name": f"{n}", "programme": "p", "starts_on": NOW.date(), "zone": "UTC"},
            **{"language": "en", "created_at": NOW, "state": CohortState.ACTIVE},
        },
        member: lambda n: {"cohort_id": n, "person_id": n, "name": "x", "added_at": NOW},
        occurrence: lambda n: {
            **{"person_id": n, "kind": NudgeKind.DAILY, "on_date": NOW.date(), "at": NOW.time()},
            **{"due_at": LATER, "expires_at": LATER, "run_id": n, "with_id": n},
            "state": NudgeState.ANSWERED if n % 300 else NudgeState.PLANNED,
        },
        served: lambda n: {"person_id": n, "nickname": "x", "named_at": NOW},
        run: lambda n: {
            **{"person_id": n, "about_id": n, "practice": "p", "step": "s", "asks": 0},
            **{"state": RunState.FINISHED, "started_at": NOW, "updated_at": NOW},
        },
        answer: lambda n: (
            {"run_id": n, "step": "s", "update_id": n, "at": NOW, "message_ref": n}
            | {"deepened": False}
        ),
        plan: lambda n: (
            {"person_id": n, "run_id": n, "words": "x", "made_at": NOW} | {"state": "open"}
        ),
        inbox: lambda n: {
            **{"channel": "telegram", "update_id": n, "received_at": NOW, "attempts": 0},
            "state": InboxState.DONE if n % 300 else InboxState.PENDING,
            "address": f"{n}",
        },
        outbox: lambda n: {
            **{"key": f"{n}", "channel": "telegram", "address": f"{n}", "due_at": NOW},
            **{"attempts": 0, "keep": True},
            "state": OutboxState.SENT if n % 300 else OutboxState.PENDING,
        },
    }
    with engine.begin() as connection:
        for table, row in tables.items():
            numbered = [{"id": n, **row(n)} for n in range(1, MANY + 1)]
            connection.execute(insert(table), numbered)
        if engine.dialect.name == "postgresql":
            # Its autovacuum does that in time; SQLite plans without counting.
            connection.execute(text("ANALYZE"))
    yield engine
    with engine.begin() as connection:
        for table in reversed(tables):
            connection.execute(table.delete())


@contextmanager
def questions(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """Collect what is asked of the database."""
    asked: list[tuple[str, Any]] = []

    def note(_c: Connection, _cursor: Any, sql: str, values: Any, *_: Any) -> None:
        if sql.lstrip().startswith("SELECT"):
            asked.append((sql, values))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("question", HOT)
def test_index(filled: Engine, question: str) -> None:
    """No row is looked at that the question is not about."""
    open_uow: OpenUnitOfWork = units_of_work(filled)
    with questions(filled) as asked, open_uow() as uow:
        HOT[question](uow)
    assert asked
    for sql, values in asked:
        steps = explain(filled, sql, values)
        assert "INDEX" in steps.upper() or "PRIMARY KEY" in steps, steps
        assert not [line for line in steps.splitlines() if is_scan(line)], steps


def explain(engine: Engine, sql: str, values: Any) -> str:
    """Return how the database would find the answer."""
    word = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    with engine.connect() as connection:
        lines = connection.exec_driver_sql(f"{word} {sql}", values).all()
    return "\n".join(str(line[-1]) for line in lines)


def is_scan(line: str) -> bool:
    """Tell whether a line of a plan goes through a whole table."""
    constant = line == "SCAN CONSTANT ROW"  # No table at all.
    return "Seq Scan" in line or (line.startswith("SCAN ") and "(" not in line and not constant)
