"""Questions across all runs of a person: ratings, and what was written."""

from bot.coaching.run import RunState
from bot.usecases.ports import OpenUnitOfWork
from tests.store import make
from tests.store.make import HOUR, NOW, known


def test_ratings(open_uow: OpenUnitOfWork) -> None:
    """Only ratings count, only of finished runs, only one's own; the oldest run comes first."""
    with open_uow() as uow:
        ana, other = make.person(uow), make.person(uow, address="43")
        first, second = (make.run(uow, ana, state=RunState.FINISHED) for _ in range(2))
        rested, foreign = make.run(uow, ana, state=RunState.RESTED), make.run(uow, other)
        foreign.state = RunState.FINISHED
        make.answer(uow, second, step="freer", number=5)
        make.answer(uow, first, step="grown", number=2)
        make.answer(uow, first, step="seen", words="She asked", update_id=2)
        make.answer(uow, first, step="wiser", update_id=3)
        make.answer(uow, rested, number=1)
        make.answer(uow, foreign, number=1)
    with open_uow() as uow:
        found = uow.growth.ratings(known(ana.id))
        assert [(run.id, a.step, a.number) for run, a in found] == [
            (first.id, "grown", 2),
            (second.id, "freer", 5),
        ]


def test_written(open_uow: OpenUnitOfWork) -> None:
    """What was written comes with its run, the latest first; not what was put away for good."""
    with open_uow() as uow:
        ana, other = make.person(uow), make.person(uow, address="43")
        run, later = make.run(uow, ana), make.run(uow, ana, state=RunState.FINISHED)
        dropped, foreign = make.run(uow, ana, state=RunState.DROPPED), make.run(uow, other)
        make.answer(uow, later, words="Later").at = NOW + HOUR
        make.answer(uow, run, words="Now")
        make.answer(uow, run, step="freer", number=3, update_id=2)
        make.answer(uow, dropped, words="Gone")
        make.answer(uow, foreign, words="Not hers")
    with open_uow() as uow:
        found = uow.growth.written(known(ana.id))
        assert [(of.id, answer.words) for of, answer in found] == [
            (later.id, "Later"),
            (run.id, "Now"),
        ]


def test_the_latest_run_of_one_practice(open_uow: OpenUnitOfWork) -> None:
    """Among runs of several practices, the latest of the one named is found."""
    with open_uow() as uow:
        ana = make.person(uow)
        wanted = make.run(uow, ana, state=RunState.RESTED)
        other = make.run(uow, ana, at=NOW + HOUR)
        other.practice = "other"
    with open_uow() as uow:
        states = (RunState.OPEN, RunState.RESTED)
        latest = {
            name: uow.latest_run(known(ana.id), states, name)
            for name in (None, "best-test", "other", "none")
        }
        ids = {name: found.id if found else None for name, found in latest.items()}
        assert ids == {None: other.id, "best-test": wanted.id, "other": other.id, "none": None}
