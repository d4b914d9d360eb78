"""Invitations: one personal link for each member who has not joined yet."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.usecases.cohorts.members import member_for
from bot.usecases.hr import Actor, HrDeps, cohort_for, note, open_cohort_for
from bot.usecases.ports import Mode
from bot.usecases.ports.console import ConsoleUnit
from bot.usecases.records import Member
from bot.usecases.tokens import digest, new_token

LASTS = timedelta(days=30)
MOST_SHOWN = 100


@dataclass(frozen=True)
class Invited:
    """A fresh invitation. Its token is shown this once; only its hash is kept."""

    name: str = field(repr=False)
    token: str = field(repr=False)
    expires_at: datetime


def link(bot: str | None, token: str) -> str:
    """Return what a member opens: the bot's link, or what to type in the terminal."""
    return f"https://t.me/{bot}?start={token}" if bot else " ".join(("/start", token))


@dataclass(frozen=True)
class Waiting:
    """Somebody who has not joined, and until when their link is good; None without one."""

    member_id: int
    name: str = field(repr=False)
    expires_at: datetime | None


def waiting(deps: HrDeps, actor: Actor, cohort_id: int) -> list[Waiting]:
    """Return the first of those who have not joined yet. Raises Refused."""
    with deps.open(Mode.READ) as unit:
        cohort_for(unit, actor, cohort_id)
        members = unit.enrolment.waiting(cohort_id, MOST_SHOWN)
        links = unit.enrolment.invitations([_id(member) for member in members])
        return [
            Waiting(
                _id(member),
                member.name,
                links[_id(member)].expires_at if _id(member) in links else None,
            )
            for member in members
        ]


def invite_all(deps: HrDeps, actor: Actor, cohort_id: int, now: datetime) -> list[Invited]:
    """Make a fresh link for each who has not joined; their former links end. Raises Refused."""
    with deps.open() as unit:
        members = [m for m in unit.enrolment.members(cohort_id) if m.joined_at is None]
        return _invite(unit, actor, cohort_id, members, now)


def renew(deps: HrDeps, actor: Actor, member_id: int, now: datetime) -> tuple[Invited, int]:
    """Make a fresh link for one member; return it with their cohort. Their former one ends."""
    with deps.open() as unit:
        member = member_for(unit, actor, member_id)
        return _invite(unit, actor, member.cohort_id, [member], now)[0], member.cohort_id


def _invite(
    unit: ConsoleUnit, actor: Actor, cohort_id: int, members: Sequence[Member], now: datetime
) -> list[Invited]:
    cohort = open_cohort_for(unit, actor, cohort_id)
    fresh = fresh_links(unit, members, now)
    note(unit, actor, "cohort.invite", f"{cohort.name}: {len(fresh)}", now)
    return fresh


def fresh_links(unit: ConsoleUnit, members: Sequence[Member], now: datetime) -> list[Invited]:
    """Make a fresh link for each of some members; their former ones end, also those in mails."""
    fresh = [Invited(member.name, new_token(), now + LASTS) for member in members]
    unit.enrolment.replace_invitations(
        [
            {
                "member_id": _id(member),
                "token_hash": digest(invited.token),
                "made_at": now,
                "expires_at": invited.expires_at,
            }
            for member, invited in zip(members, fresh, strict=True)
        ]
    )
    return fresh


def _id(member: Member) -> int:
    assert member.id is not None
    return member.id
