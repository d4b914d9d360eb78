"""Let go of what was not answered in time: its buttons go, and Leo may have to slow down."""

from datetime import datetime

from bot.coaching.occurrence import NudgeKind, NudgeState
from bot.coaching.run import RunState
from bot.usecases.nudges.outcome import carried, drop_unanswered
from bot.usecases.nudges.schedules import PATIENCE
from bot.usecases.ports import Mode
from bot.usecases.ports.nudges import Place
from bot.usecases.records import Occurrence, OutboxState
from bot.usecases.turn import Deps, Talk

BATCH = 200


def expire_unanswered(deps: Deps, now: datetime) -> int:
    """Expire what was sent and is of no use any more; return how many were looked at."""
    with deps.open(Mode.READ) as uow:
        places = uow.nudges.unanswered(now, BATCH)
    for place in places:
        expire(deps, place, now)
    return len(places)


def expire(deps: Deps, place: Place, now: datetime) -> None:
    """Expire one nudge, in one transaction."""
    with deps.open() as uow:
        person = uow.person(place.channel, place.address)
        occurrence = uow.nudges.get(place.occurrence_id)
        if person is None or occurrence is None or occurrence.expires_at is None:
            return
        if occurrence.expires_at > now:
            return
        talk = Talk(deps, uow, person, now)
        if occurrence.state is NudgeState.CLAIMED and not _take_back(talk, occurrence):
            return
        if occurrence.state is NudgeState.SENT and occurrence.kind is not NudgeKind.REMINDER:
            _count(talk)
        if occurrence.state in (NudgeState.CLAIMED, NudgeState.SENT):
            for one in (occurrence, *carried(uow, occurrence)):
                uow.nudges.move(one, NudgeState.EXPIRED, now)
            _tidy(talk, occurrence)


def _count(talk: Talk) -> None:
    talk.person.unanswered += 1
    if talk.person.unanswered == PATIENCE:
        talk.person.look_again(talk.now)


def _take_back(talk: Talk, occurrence: Occurrence) -> bool:
    """Take a message back that still waits to be sent; False while it is being sent."""
    person = talk.person
    waiting = talk.uow.outbox_for(person.channel, person.address, and_sending=True)
    mine = [item for item in waiting if item.occurrence_id == occurrence.id]
    if any(item.state is OutboxState.SENDING for item in mine):
        return False
    for item in mine:
        item.state, item.body = OutboxState.FAILED, None
        if person.question_id == item.id:
            person.question_id = None
    return True


def _tidy(talk: Talk, occurrence: Occurrence) -> None:
    """Take the buttons off its question, and put its run away where nothing was said in it."""
    live = talk.uow.outbox(talk.person.question_id) if talk.person.question_id else None
    if live is not None and live.occurrence_id == occurrence.id:
        talk.settle_live_question()
    if occurrence.kind is NudgeKind.REMINDER and talk.run and talk.run.id == occurrence.run_id:
        talk.end_run(RunState.RESTED)
    drop_unanswered(talk.uow, occurrence, talk.now)
    talk.run = talk.uow.active_run(talk.person_id)
    for row in talk.write(f"nudge:{occurrence.id}:expired"):
        row.occurrence_id = occurrence.id
