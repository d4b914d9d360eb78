"""Keep count of tries at an update, and give up on one in a way the person can see."""

from datetime import datetime
from typing import Any

from bot.coaching.reading import fits
from bot.usecases.messages import Incoming, Outgoing, Told
from bot.usecases.ports import Mode, UnitOfWork
from bot.usecases.records import InboxState, OutboxItem
from bot.usecases.turn import Deps, Turn

MAX_ATTEMPTS = 5
NOTHING: dict[str, Any] = {"kind": "nothing", "fits": False}
# These tell where Leo stands with a chat; nothing was said.
NO_WORD = (Told.BLOCKED, Told.UNBLOCKED, Told.GROUP)


def next_update(
    deps: Deps, channel: str, address: str, now: datetime
) -> tuple[Incoming, dict[str, Any]] | None:
    """Return the first update of a chat that is still to be worked on, with what Leo expects.

    The expectation is `{"kind": …, "fits": …}`: the kind of the open question (`nothing` when
    none is open), and whether the text reads as an answer to it. The NLU needs both.
    """
    with deps.open(Mode.READ) as uow:
        item = uow.inbox_pending(channel, address)
        if item is None or item.payload is None:
            return None
        incoming = Incoming.from_json(item.payload)
        if incoming.told in NO_WORD or uow.person(channel, address) is None:
            return incoming, NOTHING
        turn = Turn(deps, uow, incoming, now)
        step = turn.step
        if step is None:
            return incoming, NOTHING
        fitting = incoming.told is Told.TEXT and fits(step, incoming.text, turn.today)
        return incoming, {"kind": step.kind.value, "fits": fitting}


def count_failure(deps: Deps, incoming: Incoming, now: datetime) -> int:
    """Note that a try failed; after MAX_ATTEMPTS, set the update aside and say so, once.

    Return how many tries have failed, 0 when the update is worked on after all. An update set
    aside keeps its content, so that nothing is lost: `leo inbox retry` takes it up again.
    """
    with deps.open() as uow:
        item = uow.inbox(incoming.channel, incoming.update_id)
        if item is None or item.state is not InboxState.PENDING:
            return 0
        item.attempts += 1
        if item.attempts < MAX_ATTEMPTS:
            return item.attempts
        item.state = InboxState.FAILED
        key = f"{incoming.channel}:{incoming.update_id}:trouble"
        _say_once(deps, uow, incoming, key, "trouble", incoming.update_id, now)
        return item.attempts


def ask_patience(deps: Deps, incoming: Incoming, outage: datetime, now: datetime) -> None:
    """Tell a person, once in an outage, that the answer takes a moment longer."""
    key = f"{incoming.channel}:{incoming.address}:moment:{outage:%Y%m%dT%H%M%S}"
    with deps.open() as uow:
        _say_once(deps, uow, incoming, key, "one_moment", outage.second, now)


def _say_once(
    deps: Deps,
    uow: UnitOfWork,
    incoming: Incoming,
    key: str,
    template: str,
    turn: int,
    now: datetime,
) -> None:
    if uow.outbox_key_exists(key):
        return
    person = uow.person(incoming.channel, incoming.address)
    language = (person.language if person else None) or incoming.language
    uow.add(
        OutboxItem(
            key=key,
            channel=incoming.channel,
            address=incoming.address,
            due_at=now,
            person_id=person.id if person else None,
            body=Outgoing(deps.texts.say(language, template, turn)).to_json(),
            keep=person is not None and person.consented,
        )
    )


def retry_failed(deps: Deps) -> int:
    """Take up again what was set aside after five failures; return how many."""
    with deps.open() as uow:
        failed = uow.inbox_failed()
        for item in failed:
            item.state, item.attempts = InboxState.PENDING, 0
        return len(failed)
