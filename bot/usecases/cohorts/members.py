"""The people in a cohort, by name: look them up, move them to another one, withdraw them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.usecases import tally
from bot.usecases.hr import Actor, HrDeps, Refused, cohort_for, note, open_cohort_for
from bot.usecases.ports import Mode
from bot.usecases.ports.console import ConsoleUnit
from bot.usecases.records import Cohort, CohortState, Member

LONGEST_SEARCH = 80


@dataclass(frozen=True)
class People:
    """Those in a cohort, those withdrawn from it, and of whom an erasure is under way."""

    cohort: Cohort
    here: Sequence[Member]
    withdrawn: Sequence[Member]
    erasing: frozenset[int]


@dataclass(frozen=True)
class Looked:
    """One entry of HR's list: where it stands, and where it could be moved."""

    member: Member
    cohort: Cohort
    others: Sequence[Cohort]
    erasing: bool


def people(
    deps: HrDeps, actor: Actor, cohort_id: int, search: str = "", limit: int | None = None
) -> People:
    """Return the people of a cohort whose name or address holds what is searched. Raises Refused.

    Where nothing is searched, only the first are looked up, if there is a `limit`: each name is
    sealed, and to open many takes seconds. Whether somebody wrote lately is not told, nor could
    it be read here.
    """
    with deps.open(Mode.READ) as unit:
        cohort = cohort_for(unit, actor, cohort_id)
        members = unit.enrolment.members(cohort_id, None if plain(search) else limit)
        here = _found(members, search)
        withdrawn = _found(unit.enrolment.withdrawn(cohort_id), search)
        ids = [one.id for one in (*here, *withdrawn) if one.id is not None]
        asked = {one.member_id for one in unit.erasures.of(ids)}
        erasing = frozenset(number for number in ids if number in asked)
    return People(cohort, here, withdrawn, erasing)


def _found(members: Sequence[Member], search: str) -> list[Member]:
    wanted = plain(search)
    return [one for one in members if wanted in plain(one.name) or wanted in (one.email or "")]


def plain(name: str) -> str:
    """Return a name as it is compared: in small letters, with single spaces."""
    return " ".join(name.split()).casefold()


def look(deps: HrDeps, actor: Actor, member_id: int) -> Looked:
    """Return one entry of HR's list, perhaps of somebody withdrawn. Raises Refused."""
    with deps.open(Mode.READ) as unit:
        member = entry_for(unit, actor, member_id)
        cohort = cohort_for(unit, actor, member.cohort_id)
        others = [
            one
            for one in unit.enrolment.cohorts()
            if one.id != cohort.id and actor.sees(one.id) and one.state is not CohortState.CLOSED
        ]
        return Looked(member, cohort, others, bool(unit.erasures.of([member_id])))


def entry_for(unit: ConsoleUnit, actor: Actor, member_id: int) -> Member:
    """Return an entry of a cohort that is the actor's. Raises Refused, alike for none."""
    member = unit.enrolment.member(member_id)
    if member is None or not actor.sees(member.cohort_id):
        raise Refused("no_such_member")
    return member


def member_for(unit: ConsoleUnit, actor: Actor, member_id: int) -> Member:
    """Return somebody who is in a cohort of the actor's now. Raises Refused."""
    member = entry_for(unit, actor, member_id)
    if member.left_at is not None:
        raise Refused("no_such_member")
    return member


def move(deps: HrDeps, actor: Actor, member_id: int, cohort_id: int, now: datetime) -> int:
    """Move somebody to another cohort and return the id of their entry there.

    Both cohorts have to be the actor's. Raises Refused.
    """
    with deps.open() as unit:
        member = member_for(unit, actor, member_id)
        to = open_cohort_for(unit, actor, cohort_id)
        if member.cohort_id == to.id:
            return member_id
        source = cohort_for(unit, actor, member.cohort_id)
        moved = move_member(unit, member, to, now)
        assert moved.id is not None
        note(unit, actor, "member.move", f"{source.name} > {to.name}: #{moved.id}", now)
        return moved.id


def move_member(unit: ConsoleUnit, member: Member, to: Cohort, now: datetime) -> Member:
    """Have somebody leave their cohort for another one; their invitation goes with them."""
    assert to.id is not None and member.id is not None
    if member.joined_at is None:  # Nothing was counted of them: nothing of them stays behind.
        member.cohort_id, member.added_at = to.id, now
        return member
    moved = Member(
        to.id,
        member.name,
        now,
        email=member.email,
        language=member.language,
        zone=member.zone,
        person_id=member.person_id,
        joined_at=now,
        former_id=member.id,
    )
    leave(unit, member, now)
    unit.add(moved)
    unit.flush()
    assert moved.id is not None
    for invitation in unit.enrolment.invitations([member.id]).values():
        invitation.member_id = moved.id
    here_before = [
        one.left_at
        for one in unit.enrolment.stays(moved.id)
        if one.cohort_id == to.id and one.left_at is not None
    ]
    tally.joined(unit.tallies, to, now, max(here_before, default=None))
    return moved


def withdraw(deps: HrDeps, actor: Actor, member_id: int, now: datetime) -> int:
    """Take somebody out of their cohort, and return its id. Raises Refused.

    Their link ends. What they told Leo stays theirs: they can go on alone, or delete it.
    """
    with deps.open() as unit:
        member = member_for(unit, actor, member_id)
        cohort = cohort_for(unit, actor, member.cohort_id)
        leave(unit, member, now)
        note(unit, actor, "member.withdraw", f"{cohort.name}: #{member.id}", now)
        return member.cohort_id


def leave(unit: ConsoleUnit, member: Member, now: datetime) -> None:
    """Have somebody be no member any more; with that their link counts no longer."""
    member.left_at = now
    if member.joined_at is None:
        return
    cohort = unit.enrolment.cohort(member.cohort_id)
    assert cohort is not None
    tally.left(unit.tallies, cohort, now)
    if member.person_id is not None:
        unit.look_again_at(member.person_id, now)
