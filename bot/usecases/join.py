"""Join a cohort by the link of an invitation: followed with /start, done with the consent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.usecases import tally
from bot.usecases.tokens import digest

if TYPE_CHECKING:
    from bot.usecases.records import Cohort, Invitation, Member
    from bot.usecases.turn import Turn


def follow(turn: Turn) -> None:
    """Take up the link that came with /start; of one that no longer counts, say so kindly."""
    invitation = turn.uow.cohorts.invitation(digest(turn.incoming.token))
    member = turn.uow.cohorts.member(invitation.member_id) if invitation else None
    cohort = turn.uow.cohorts.cohort(member.cohort_id) if member else None
    if invitation and member and member.person_id == turn.person_id:
        return  # They have joined by it already.
    if not (invitation and member and cohort and _counts(turn, invitation, member)):
        return turn.say("invitation_spent")
    if turn.person.consented:
        return _enrol(turn, invitation, member, cohort)
    turn.person.invitation_id = invitation.id
    if turn.person.consent_version is None:
        # The text that is agreed to comes in the language HR noted.
        language = member.language or cohort.language
        turn.incoming = replace(turn.incoming, language=language)


def _counts(turn: Turn, invitation: Invitation, member: Member) -> bool:
    return (
        invitation.used_at is None
        and invitation.expires_at > turn.now
        and member.left_at is None
        and member.person_id is None
    )


def join(turn: Turn) -> None:
    """Enrol who has just consented, if they came by a link that still counts."""
    invitation_id, turn.person.invitation_id = turn.person.invitation_id, None
    if invitation_id is None:
        return
    invitation = turn.uow.cohorts.invitation_by_id(invitation_id)
    member = turn.uow.cohorts.member(invitation.member_id) if invitation else None
    cohort = turn.uow.cohorts.cohort(member.cohort_id) if member else None
    if not (invitation and member and cohort and _counts(turn, invitation, member)):
        return turn.say("invitation_spent")
    turn.person.zone = member.zone or cohort.zone
    _enrol(turn, invitation, member, cohort)


def _enrol(turn: Turn, invitation: Invitation, member: Member, cohort: Cohort) -> None:
    former = turn.uow.cohorts.membership(turn.person_id)
    if former is not None:
        former[0].left_at = turn.now
        member.former_id = member.former_id or former[0].id
        tally.left(turn.uow.tallies, former[1], turn.now)
    if member.joined_at is None:  # Who erased themselves and comes back was counted before.
        left = [
            one.left_at
            for one, of in turn.uow.cohorts.memberships(turn.person_id)
            if of is cohort and one.left_at is not None
        ]
        tally.joined(turn.uow.tallies, cohort, turn.now, max(left, default=None))
    member.person_id, member.joined_at = turn.person_id, turn.now
    invitation.used_at = turn.now
    turn.person.look_again(turn.now)
    turn.say("joined", cohort=cohort.name)
