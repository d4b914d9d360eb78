"""What becomes of a nudge on its way and after: it arrives, is answered, or cannot be delivered."""

from datetime import datetime

from bot.coaching.occurrence import UNSENT, NudgeKind, NudgeState
from bot.coaching.run import RunState
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import Occurrence, OutboxItem, OutboxState, Person

ASKING = (NudgeState.CLAIMED, NudgeState.SENT, NudgeState.SNOOZED)
ARRIVED = (OutboxState.SENT, OutboxState.UNSURE)


def note_answer(uow: UnitOfWork, run_id: int, now: datetime) -> None:
    """A run got its first answer: what asked for it is answered, and its reminder is not needed."""
    for occurrence in uow.nudges.of_run(run_id):
        if occurrence.state in ASKING:
            uow.nudges.move(occurrence, NudgeState.ANSWERED, now)
        elif occurrence.state in UNSENT:
            uow.nudges.move(occurrence, NudgeState.SKIPPED, now)


def ask_in_place(uow: UnitOfWork, former_id: int, run_id: int) -> None:
    """Another question stands in place of the one a nudge asked: its answer counts for both."""
    for occurrence in uow.nudges.of_run(former_id):
        if occurrence.state in ASKING:
            occurrence.run_id = run_id
    uow.flush()


def note_arrival(uow: UnitOfWork, item: OutboxItem, now: datetime) -> None:
    """A message of a nudge has arrived, or was given up."""
    settles = bool(item.body and item.body["settle"])
    assert item.occurrence_id is not None
    occurrence = uow.nudges.get(item.occurrence_id)
    if settles or occurrence is None or occurrence.state is not NudgeState.CLAIMED:
        return
    arrived = item.state in ARRIVED
    for one in (occurrence, *carried(uow, occurrence)):
        uow.nudges.move(one, NudgeState.SENT if arrived else NudgeState.FAILED, now)
        one.sent_at = now if arrived else None
        if not one.kind.asks:
            one.expires_at = None
    if not arrived:
        drop_unanswered(uow, occurrence, now)


def carried(uow: UnitOfWork, occurrence: Occurrence) -> list[Occurrence]:
    """Return what went out in the message of an occurrence, if it is still on its way."""
    assert occurrence.id is not None
    return [o for o in uow.nudges.carried_by(occurrence.id) if o.state is NudgeState.CLAIMED]


def drop_unanswered(uow: UnitOfWork, occurrence: Occurrence, now: datetime) -> None:
    """Put the run of a nudge away for good where nothing was said in it; a reminder leaves it."""
    if occurrence.kind is NudgeKind.REMINDER:
        return
    run = uow.run(occurrence.run_id) if occurrence.run_id is not None else None
    if run is None or run.id is None or uow.answers(run.id):
        return
    if run.state in (RunState.OPEN, RunState.RESTED):
        run.become(RunState.DROPPED, now)
        uow.flush()


def stop(uow: UnitOfWork, person: Person, now: datetime) -> None:
    """The person cannot be reached: nothing more is planned, and what was under way ends here."""
    assert person.id is not None
    person.next_at = None
    for occurrence in uow.nudges.all_in(person.id, UNSENT):
        claimed = occurrence.state is NudgeState.CLAIMED
        uow.nudges.move(occurrence, NudgeState.FAILED if claimed else NudgeState.SKIPPED, now)
        if claimed:
            drop_unanswered(uow, occurrence, now)
