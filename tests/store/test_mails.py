"""Mails in the database: who needs one, where each stands; two senders never take the same."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, delete

from bot.store.figures import console_units
from bot.store.tables import metadata, seal
from bot.usecases import post
from bot.usecases.cohorts import create, mails, roster
from bot.usecases.hr import THE_SHELL, HrDeps
from bot.usecases.post import TAKEN, Answer
from bot.usecases.records import MailState, Trouble
from tests.console.conftest import COHORT, PROGRAMMES, QuickPasswords
from tests.store import make

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
GONE = Answer(Trouble.NO_SUCH_ADDRESS, "550 5.1.1", for_good=True)
BUSY = Answer(Trouble.LATER, "450")


@pytest.fixture
def deps(engine: Engine) -> Iterator[HrDeps]:
    yield HrDeps(console_units(engine), QuickPasswords(), PROGRAMMES, 5)
    with engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            if table is not seal:
                connection.execute(delete(table))


@pytest.fixture
def cohort_id(deps: HrDeps) -> int:
    """A cohort of twelve with addresses and one without."""
    cohort_id = create.create(deps, THE_SHELL, create.Wanted(**COHORT), NOW)
    cells = [{"name": f"P{n:02}", "email": f"p{n:02}@example.org"} for n in range(12)]
    lines = [roster.Line(n, cell) for n, cell in enumerate([*cells, {"name": "Kim"}], start=2)]
    roster.enrol(deps, THE_SHELL, cohort_id, lines, NOW)
    return cohort_id


def send(deps: HrDeps, cohort_id: int, now: datetime = NOW) -> int:
    return mails.send_all(deps, THE_SHELL, cohort_id, "https://t.me/leo?start=".__add__, now)


def test_where_the_mails_stand(deps: HrDeps, cohort_id: int) -> None:
    """Counts, and the first people with those whose mail came back in front."""
    assert mails.look(deps, THE_SHELL, cohort_id, NOW).in_need == 12
    assert send(deps, cohort_id) == 12
    for answer in (TAKEN, GONE, BUSY):
        envelope = post.take(deps.open, NOW)
        assert envelope is not None
        post.note_answer(deps.open, envelope, answer, NOW)
    found = mails.look(deps, THE_SHELL, cohort_id, NOW)
    assert (found.without_address, found.in_need) == (1, 0)
    assert (found.waiting, found.sent, found.bounced) == (10, 1, 1)
    first, second, third, *_ = found.people
    assert (first.name, first.state, first.code) == ("P01", MailState.BOUNCED, "550 5.1.1")
    assert (second.name, second.state) == ("P00", MailState.SENT)
    assert (third.name, third.state, third.reason) == ("P02", MailState.WAITING, Trouble.LATER)
    assert found.people[-1].has_address is False
    # A month later all links have expired.
    assert send(deps, cohort_id, NOW + timedelta(days=31)) == 12


def test_senders_at_once_take_each_mail_once(deps: HrDeps, cohort_id: int) -> None:
    """Of several senders each gets other mails, until none is left."""
    send(deps, cohort_id)

    def take_all() -> list[int]:
        taken = []
        while envelope := post.take(deps.open, NOW):
            taken.append(envelope.mail_id)
        return taken

    taken = [mail_id for some in make.at_once(*[take_all] * 4) for mail_id in some]
    assert len(taken) == len(set(taken)) == 12
    assert not post.is_due(deps.open, NOW)
    assert post.is_due(deps.open, NOW + post.HOLD)
