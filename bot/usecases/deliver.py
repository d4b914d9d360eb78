"""Deliver what waits in the outbox, one message at a time, in order."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.usecases.messages import Outgoing
from bot.usecases.nudges.outcome import note_arrival, stop
from bot.usecases.ports import Mode, OpenUnitOfWork, UnitOfWork
from bot.usecases.records import OutboxItem, OutboxState


@dataclass(frozen=True)
class Parcel:
    """A message on its way. `settle_ref` is the chat message whose buttons go.

    One that is not `urgent` gives way to those that are.
    """

    outbox_id: int
    address: str
    outgoing: Outgoing
    attempts: int
    settle_ref: int | None
    urgent: bool = True


@dataclass(frozen=True)
class Outcome:
    """What became of a parcel.

    `due_at` says when to try again, where that is due; `blocked` that the person wants no more.
    """

    parcel: Parcel
    state: OutboxState
    message_ref: int | None = None
    due_at: datetime | None = None
    blocked: bool = False


def hand_out(
    open_uow: OpenUnitOfWork,
    channel: str,
    address: str,
    outcomes: Sequence[Outcome],
    now: datetime,
) -> list[Parcel]:
    """Note what became of the last parcels and return those to send now, or none.

    At most one of them is a message; the others take buttons off earlier ones and may go out
    with it. Order is kept: behind a message that has to wait, nothing else goes out.
    """
    with open_uow(Mode.RELAXED) as uow:
        for outcome in outcomes:
            _note(uow, outcome, now)
        return [_parcel(uow, item) for item in _next(uow.outbox_for(channel, address), now)]


def _next(waiting: list[OutboxItem], now: datetime) -> list[OutboxItem]:
    batch = []
    for item in waiting:
        settles = bool(item.body and item.body["settle"])
        if item.due_at <= now:
            batch.append(item)
        if not settles:
            break
    return batch


def _parcel(uow: UnitOfWork, item: OutboxItem) -> Parcel:
    assert item.id is not None and item.body is not None
    item.state = OutboxState.SENDING
    item.attempts += 1
    outgoing = Outgoing.from_json(item.body)
    ref = outgoing.settle.message_ref if outgoing.settle else None
    if outgoing.settle and outgoing.settle.outbox_id is not None:
        target = uow.outbox(outgoing.settle.outbox_id)
        ref = target.message_ref if target else None
    urgent = item.occurrence_id is None
    return Parcel(item.id, item.address, outgoing, item.attempts, ref, urgent)


def _note(uow: UnitOfWork, outcome: Outcome, now: datetime) -> None:
    item = uow.outbox(outcome.parcel.outbox_id)
    if item is None:
        return
    if outcome.blocked:
        return block(uow, item.channel, item.address, now)
    item.state = outcome.state
    if outcome.due_at is not None:
        item.due_at = outcome.due_at
        return
    if item.occurrence_id is not None:
        note_arrival(uow, item, now)
    item.sent_at, item.message_ref, item.body = now, outcome.message_ref, None
    if not item.keep:
        uow.delete(item)


def block(uow: UnitOfWork, channel: str, address: str, now: datetime) -> None:
    """The person wants no more: mark them as out of reach and drop what waits for them."""
    person = uow.person(channel, address)
    if person is not None:
        person.blocked_at = now
        stop(uow, person, now)
    for waiting in uow.outbox_for(channel, address, and_sending=True):
        waiting.state, waiting.body = OutboxState.FAILED, None
        if not waiting.keep:
            uow.delete(waiting)


def take_back_interrupted(open_uow: OpenUnitOfWork, channels: Collection[str]) -> int:
    """Queue again what was being sent in these channels when the process ended; return how many.

    Telegram may have taken such a message just before: this is the one way to a duplicate.
    """
    with open_uow() as uow:
        interrupted = [item for item in uow.interrupted() if item.channel in channels]
        for item in interrupted:
            item.state = OutboxState.PENDING
        return len(interrupted)
