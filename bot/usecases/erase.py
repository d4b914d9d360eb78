"""Delete everything a person has said, and the person: asked by them, by the operator, by HR."""

from collections.abc import Sequence
from datetime import datetime

from bot.errors import LeoError
from bot.usecases import tally
from bot.usecases.hr import LEO
from bot.usecases.ports import Mode, OpenUnitOfWork, UnitOfWork
from bot.usecases.ports.erasures import Trace
from bot.usecases.records import AuditEntry, Member, Person
from bot.usecases.turn import Deps, Talk, Turn

# HR's own rows, of which it may know how many there were. How many answers somebody gave would
# tell whether they had been silent.
HRS_OWN = ("member", "invitation", "mail")


class NotErased(LeoError):
    """Something was left of somebody, so nothing was removed; Leo tries again."""


def ask_to_erase(turn: Turn) -> None:
    """Ask once whether everything shall go; before consent there is nothing to ask about."""
    if not turn.person.consented:
        return erase_now(turn)
    turn.open_dialogue("erase")


def erase_now(turn: Turn) -> None:
    """Remove every row of the person, and say so. The Rasa server keeps nothing of anybody."""
    turn.say("erased")
    _remove(turn)


def _remove(talk: Talk) -> None:
    """End what was said with the erasure of the person, of whom the message leaves no row."""
    talk.close_message(erased=True)
    talk.settle_live_question()
    talk.forget()


def erase_on_request(open_uow: OpenUnitOfWork, channel: str, address: str) -> bool:
    """Remove every row of a person outside the chat; tell whether Leo knew anybody there.

    What they wrote and Leo has not yet worked on goes, too: it came in before the request.
    """
    with open_uow() as uow:
        _drop_waiting(uow, channel, address)
        person = uow.person(channel, address)
        uow.erase_person(person or Person(channel, address))
        return person is not None


def _drop_waiting(uow: UnitOfWork, channel: str, address: str) -> None:
    while waiting := uow.inbox_pending(channel, address):
        uow.delete(waiting)
        uow.flush()


# --- asked by HR ----------------------------------------------------------------------------


def erase_asked(deps: Deps, now: datetime) -> int:
    """Carry out each erasure that HR asked for, one transaction each; return how many.

    Raises NotErased, after all others are done, when something was left of somebody.
    """
    with deps.open(Mode.READ) as uow:
        numbers = uow.erasures.open()
    failed = None
    for number in numbers:
        try:
            carry_out(deps, number, now)
        except NotErased as error:
            failed = error
    if failed:
        raise failed
    return len(numbers)


def carry_out(deps: Deps, number: int, now: datetime) -> None:
    """Remove somebody from every table, look again, and write the receipt; or change nothing.

    The person is told once, in a message that leaves no row. Raises NotErased.
    """
    with deps.open() as uow:
        erasure = uow.erasures.get(number)
        if erasure is None or erasure.done_at is not None:
            return
        entries = uow.erasures.entries(erasure.member_id) if erasure.member_id else []
        chats = uow.erasures.chats(entries)
        for channel, address in chats:  # First, as a turn does: so neither waits for the other.
            _drop_waiting(uow, channel, address)
        found = [uow.person(channel, address) for channel, address in chats]
        people = [person for person in found if person is not None]
        trace = uow.erasures.trace(entries, people)
        _count_out(uow, entries, now)
        farewells = [_take_leave(deps, uow, person, trace, number, now) for person in people]
        uow.erase_entries(entries)
        erasure.member_id = None
        left = uow.erasures.left(trace)
        if any(left.values()):
            raise NotErased(f"Erasure {number}: rows are left: {left}")
        erasure.done_at, erasure.checked = now, sorted(left)
        erasure.removed = {name: len(trace.rows.get(name, ())) for name in HRS_OWN}
        uow.add(AuditEntry(now, LEO, "erasure.done", f"#{number}"))
        for talk in filter(lambda talk: talk.said, farewells):
            talk.write(f"erasure:{number}:{talk.person.channel}:{talk.person.address}")


def _count_out(uow: UnitOfWork, entries: Sequence[Member], now: datetime) -> None:
    """Let those who are still in a cohort be no members of the weeks to come."""
    for entry in entries:
        cohort = uow.cohorts.cohort(entry.cohort_id)
        if entry.left_at is None and entry.joined_at is not None and cohort is not None:
            tally.left(uow.tallies, cohort, now)


def _take_leave(
    deps: Deps, uow: UnitOfWork, person: Person, trace: Trace, number: int, now: datetime
) -> Talk:
    """Remove a person and return what they are told. Who blocked Leo is told nothing."""
    talk = Talk(deps, uow, person, now)
    if person.blocked_at is None:
        counts = {name: len(trace.rows.get(name, ())) for name in ("answer", "plan", "served")}
        talk.say("erased_on_request", number=number, counts=counts)
    _remove(talk)
    return talk
