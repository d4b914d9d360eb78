"""Invitations by mail: queue them, and see what became of each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.usecases.cohorts.invitations import MOST_SHOWN, fresh_links
from bot.usecases.hr import Actor, HrDeps, Refused, cohort_for, note, open_cohort_for
from bot.usecases.ports import Mode
from bot.usecases.ports.console import ConsoleUnit
from bot.usecases.records import Cohort, Invitation, Mail, MailState, Member, Trouble

# Makes a link of an invitation's token.
type MakeLink = Callable[[str], str]


@dataclass(frozen=True)
class Standing:
    """Somebody who has not joined, and where their mail stands; without a mail `state` is None."""

    member_id: int
    name: str = field(repr=False)
    has_address: bool
    state: MailState | None = None
    reason: Trouble | None = None
    code: str | None = None
    done_at: datetime | None = None


@dataclass(frozen=True)
class Post:
    """How many of those who have not joined are where; and the first of them."""

    without_address: int
    in_need: int
    waiting: int
    sent: int
    bounced: int
    people: Sequence[Standing]


def look(deps: HrDeps, actor: Actor, cohort_id: int, now: datetime) -> Post:
    """Return where the mails of a cohort stand; first those that came back. Raises Refused."""
    with deps.open(Mode.READ) as unit:
        cohort_for(unit, actor, cohort_id)
        counts = unit.mails.counts(cohort_id)
        states = {
            state: sum(count for (one, _), count in counts.items() if one is state)
            for state in MailState
        }
        return Post(
            counts.get((None, False), 0),
            unit.mails.count_needing(cohort_id, now),
            states[MailState.WAITING],
            states[MailState.SENT],
            states[MailState.BOUNCED],
            [_standing(*one) for one in unit.mails.standing(cohort_id, MOST_SHOWN)],
        )


def _standing(member: Member, _invitation: Invitation | None, mail: Mail | None) -> Standing:
    assert member.id is not None
    known = Standing(member.id, member.name, member.email is not None)
    if mail is None:
        return known
    return Standing(
        known.member_id,
        known.name,
        known.has_address,
        mail.state,
        mail.reason,
        mail.code,
        mail.done_at,
    )


def send_all(deps: HrDeps, actor: Actor, cohort_id: int, make_link: MakeLink, now: datetime) -> int:
    """Queue a mail for each who has not joined and needs one; return how many.

    Nobody gets a second mail while a first one is on its way or its link is good, and none goes
    to an address that sent one back. Raises Refused.
    """
    with deps.open() as unit:
        cohort = open_cohort_for(unit, actor, cohort_id)
        members = unit.mails.needing(cohort_id, now)
        _queue(unit, actor, cohort, members, make_link, now)
        return len(members)


def send_one(deps: HrDeps, actor: Actor, member_id: int, make_link: MakeLink, now: datetime) -> int:
    """Queue a mail for one member, unless one is on its way; return their cohort's id.

    Raises Refused.
    """
    with deps.open() as unit:
        member = unit.enrolment.member(member_id)
        if member is None or member.left_at is not None or not actor.sees(member.cohort_id):
            raise Refused("no_such_member")
        cohort = open_cohort_for(unit, actor, member.cohort_id)
        if member.joined_at is not None:
            raise Refused("mail_has_joined")
        if member.email is None:
            raise Refused("mail_no_address")
        if not unit.mails.is_waiting(member_id):
            _queue(unit, actor, cohort, [member], make_link, now)
        return member.cohort_id


def _queue(
    unit: ConsoleUnit,
    actor: Actor,
    cohort: Cohort,
    members: Sequence[Member],
    make_link: MakeLink,
    now: datetime,
) -> None:
    fresh = fresh_links(unit, members, now)
    made = unit.enrolment.invitations([one.id for one in members if one.id is not None])
    for member, invited in zip(members, fresh, strict=True):
        assert member.id is not None
        link = make_link(invited.token)
        unit.add(Mail(now, now, link, invitation_id=made[member.id].id))
    note(unit, actor, "cohort.mail", f"{cohort.name}: {len(fresh)}", now)
