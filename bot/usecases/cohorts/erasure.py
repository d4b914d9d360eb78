"""Ask for somebody to be erased, and read the receipt. HR erases and never reads.

Only administrators ask, for it cannot be undone. The bot carries it out: the console could not.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.usecases.cohorts.members import entry_for, leave, plain
from bot.usecases.hr import Actor, HrDeps, Refused, note, only_administrators
from bot.usecases.ports import Mode
from bot.usecases.records import Erasure, Member

MAX_REFERENCE = 60
# Shorter parts of a name may stand in any reference.
TELLING = 3


@dataclass(frozen=True)
class Asked:
    """Whom an erasure would be about: the entry, and all others of the same person."""

    member: Member
    entries: Sequence[tuple[str, Member]]


def consider(deps: HrDeps, actor: Actor, member_id: int) -> Asked:
    """Return what an erasure would take out of HR's list, with each cohort's name. Raises Refused.

    Nothing is changed.
    """
    with deps.open(Mode.READ) as unit:
        member = entry_for(unit, actor, member_id)
        only_administrators(actor)
        entries = []
        for entry in unit.enrolment.entries(member_id):
            cohort = unit.enrolment.cohort(entry.cohort_id)
            assert cohort is not None
            entries.append((cohort.name, entry))
        return Asked(member, entries)


def ask(
    deps: HrDeps, actor: Actor, member_id: int, name: str, reference: str, now: datetime
) -> int:
    """Ask for all of somebody to be erased, and return the number of the receipt. Raises Refused.

    `name` is theirs, typed again; `reference` is HR's own, such as the number of a letter, and
    must not name the person: it outlives them. They leave their cohort at once.
    """
    with deps.open() as unit:
        member = entry_for(unit, actor, member_id)
        only_administrators(actor)
        if plain(name) != plain(member.name):
            raise Refused("erasure_name")
        reference = _reference(reference, member)
        entries = unit.enrolment.entries(member_id)
        if unit.erasures.of([entry.id for entry in entries if entry.id is not None]):
            raise Refused("erasure_asked")
        for entry in entries:
            if entry.left_at is None:
                leave(unit, entry, now)
        erasure = Erasure(member_id, reference, actor.name, now)
        unit.add(erasure)
        unit.flush()
        assert erasure.id is not None
        note(unit, actor, "erasure.ask", f"#{erasure.id}: {reference}", now)
        return erasure.id


def _reference(text: str, member: Member) -> str:
    reference = " ".join(text.split())
    if not 0 < len(reference) <= MAX_REFERENCE or not reference.isprintable():
        raise Refused("erasure_reference", most=MAX_REFERENCE)
    telling = [part for part in re.split(r"\W+", plain(member.name)) if len(part) >= TELLING]
    telling += [member.email] if member.email else []
    if any(part in reference.casefold() for part in telling):
        raise Refused("erasure_reference_names")
    return reference


def receipt(deps: HrDeps, actor: Actor, number: int) -> Erasure:
    """Return an erasure by its number, perhaps one not yet carried out. Raises Refused."""
    only_administrators(actor)
    with deps.open(Mode.READ) as unit:
        erasure = unit.erasures.get(number)
        if erasure is None:
            raise Refused("no_such_erasure")
        return erasure


def erasures(deps: HrDeps, actor: Actor) -> list[Erasure]:
    """Return all erasures, the latest first. Raises Refused."""
    only_administrators(actor)
    with deps.open(Mode.READ) as unit:
        return unit.erasures.all()
