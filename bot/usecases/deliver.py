"""Deliver what waits in the outbox, one message at a time, in order."""

from dataclasses import dataclass
from datetime import datetime

from bot.usecases.messages import Outgoing
from bot.usecases.ports import OpenUnitOfWork, UnitOfWork
from bot.usecases.records import OutboxItem, OutboxState


@dataclass(frozen=True)
class Parcel:
    """A message on its way. `settle_ref` is the chat message whose buttons go."""

    outbox_id: int
    address: str
    outgoing: Outgoing
    attempts: int
    settle_ref: int | None


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
    open_uow: OpenUnitOfWork, channel: str, address: str, last: Outcome | None, now: datetime
) -> Parcel | None:
    """Note what became of the last parcel and return the next one to send now, or None.

    Order is kept: behind a message that has to wait, nothing else goes out.
    """
    with open_uow() as uow:
        if last is not None:
            _note(uow, last, now)
        waiting = uow.outbox_for(channel, address)
        if not waiting or waiting[0].due_at > now:
            return None
        return _parcel(uow, waiting[0])


def _parcel(uow: UnitOfWork, item: OutboxItem) -> Parcel:
    assert item.id is not None and item.body is not None
    item.state = OutboxState.SENDING
    item.attempts += 1
    outgoing = Outgoing.from_json(item.body)
    ref = outgoing.settle.message_ref if outgoing.settle else None
    if outgoing.settle and outgoing.settle.outbox_id is not None:
        target = uow.outbox(outgoing.settle.outbox_id)
        ref = target.message_ref if target else None
    return Parcel(item.id, item.address, outgoing, item.attempts, ref)


def _note(uow: UnitOfWork, outcome: Outcome, now: datetime) -> None:
    item = uow.outbox(outcome.parcel.outbox_id)
    if item is None:
        return
    item.state = outcome.state
    if outcome.due_at is not None:
        item.due_at = outcome.due_at
        return
    item.sent_at, item.message_ref, item.body = now, outcome.message_ref, None
    _leave_no_trace(uow, item)


def _leave_no_trace(uow: UnitOfWork, item: OutboxItem) -> None:
    """Before consent, and after an erasure, a message leaves no row but the open question's."""
    person = uow.person(item.channel, item.address)
    if person is None or not (person.consented or person.question_id == item.id):
        uow.delete(item)


def stop_sending(open_uow: OpenUnitOfWork, parcel: Parcel, now: datetime) -> None:
    """The person has blocked Leo: nothing more goes to them until they write again."""
    with open_uow() as uow:
        item = uow.outbox(parcel.outbox_id)
        if item is None:
            return
        block(uow, item.channel, item.address, now)


def block(uow: UnitOfWork, channel: str, address: str, now: datetime) -> None:
    """Mark a person as out of reach and drop what waits for them."""
    person = uow.person(channel, address)
    if person is not None:
        person.blocked_at = now
    for waiting in uow.outbox_for(channel, address, and_sending=True):
        waiting.state, waiting.body = OutboxState.FAILED, None
        _leave_no_trace(uow, waiting)


def take_back_interrupted(open_uow: OpenUnitOfWork) -> int:
    """Queue again what was being sent when the process ended; return how many.

    Telegram may have taken such a message just before: this is the one way to a duplicate.
    """
    with open_uow() as uow:
        interrupted = uow.interrupted()
        for item in interrupted:
            item.state = OutboxState.PENDING
        return len(interrupted)
