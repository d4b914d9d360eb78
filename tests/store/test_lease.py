"""Of several schedulers one works; another follows when it has died."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select, text

from bot.nudges.clock import Clock
from bot.store import tables as t
from bot.store.lease import AdvisoryLease, Lease, RowLease, lease_of
from bot.usecases.nudges.open import open_due
from bot.usecases.nudges.plan_due import tick
from bot.usecases.ports import OpenUnitOfWork
from tests.store import make
from tests.store.make import NOW, at_once
from tests.store.nudging import deps_for, paris, scheduler

TAKEN_OVER = timedelta(seconds=30)


@pytest.fixture
def two(engine: Engine, open_uow: OpenUnitOfWork) -> tuple[Lease, Lease]:
    """Two schedulers' leases over one database."""
    return lease_of(engine), lease_of(engine)


def test_one_holds_it(two: tuple[Lease, Lease]) -> None:
    """While one scheduler works, the other waits, however long that is."""
    first, second = two
    for seconds in range(0, 120, 4):
        now = NOW + timedelta(seconds=seconds)
        assert first.hold(now)
        assert not second.hold(now)
    first.let_go()


def test_given_up(two: tuple[Lease, Lease]) -> None:
    """A scheduler that ends in order is followed at once, and may come back later."""
    first, second = two
    assert first.hold(NOW)
    first.let_go()
    assert second.hold(NOW)
    assert not first.hold(NOW)
    second.let_go()
    assert first.hold(NOW)
    first.let_go()


def test_taken_over(two: tuple[Lease, Lease]) -> None:
    """Half a minute after its holder was heard last, another one has it."""
    first, second = two
    assert first.hold(NOW)
    die(first)
    assert second.hold(NOW + TAKEN_OVER)
    assert not lease_of_same_kind(second).hold(NOW + TAKEN_OVER)
    second.let_go()


def die(lease: Lease) -> None:
    """What a kill leaves behind: on PostgreSQL a closed connection, on SQLite the row."""
    if isinstance(lease, AdvisoryLease):
        assert lease._connection is not None
        pid = lease._connection.scalar(text("SELECT pg_backend_pid()"))
        with lease.engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})


def lease_of_same_kind(lease: Lease) -> Lease:
    assert isinstance(lease, AdvisoryLease | RowLease)
    return lease_of(lease.engine)


def test_whoever_lost_it_knows(two: tuple[Lease, Lease]) -> None:
    """A scheduler that slept past its lease does not work beside its follower."""
    first, second = two
    assert first.hold(NOW)
    die(first)
    assert second.hold(NOW + TAKEN_OVER)
    assert not first.hold(NOW + TAKEN_OVER)
    second.let_go()


def test_a_clock_without_the_lease_does_nothing(
    two: tuple[Lease, Lease], open_uow: OpenUnitOfWork
) -> None:
    """The job of a clock that does not hold the lease is left out."""
    done: list[str] = []
    clocks = [Clock(deps_for(open_uow), lease, lambda: NOW) for lease in two]
    for name, clock in zip("ab", clocks, strict=True):
        clock.do(lambda _deps, _now, name=name: done.append(name))
    assert done == ["a"]
    two[0].let_go()


def test_two_schedulers_send_once(engine: Engine, open_uow: OpenUnitOfWork) -> None:
    """Even where two schedulers work at the same time, each nudge is written once."""
    deps, morning = deps_for(open_uow), paris(2, 9)
    with open_uow() as uow:
        for number in range(40):
            make.person(
                uow,
                address=f"{number}",
                zone="Europe/Paris",
                consented_at=paris(1, 20),
                next_at=paris(1, 20),
            )
    results = at_once(*[lambda: scheduler(deps, morning)] * 2)
    assert results == [None, None]
    scheduler(deps, morning)
    with engine.connect() as connection:
        keys = Counter(connection.scalars(select(t.outbox.c.address)))
        runs = Counter(connection.scalars(select(t.run.c.person_id)))
    assert len(keys) == len(runs) == 40
    assert set(keys.values()) == set(runs.values()) == {1}


def test_a_tick_in_two_halves(open_uow: OpenUnitOfWork, engine: Engine) -> None:
    """What one scheduler claimed before it died is opened by the one that follows."""
    deps, morning = deps_for(open_uow), paris(2, 9)
    with open_uow() as uow:
        make.person(uow, zone="Europe/Paris", consented_at=paris(1, 20), next_at=paris(1, 20))
    assert tick(deps, morning) == 1
    assert tick(deps, morning) == 0
    assert open_due(deps, morning) == 1
    assert open_due(deps, morning) == 0
    with engine.connect() as connection:
        assert len(connection.execute(select(t.outbox.c.id)).all()) == 1
