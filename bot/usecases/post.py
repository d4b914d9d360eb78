"""Hand out the mails that wait, one at a time, and note what became of each.

A mail that is handed out is due again after a while: should its sender die, another try follows,
and it is the same mail with the same link.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.usecases.ports import Mode
from bot.usecases.ports.console import ConsoleUnit, OpenConsole
from bot.usecases.records import CohortState, Mail, MailState, Trouble

# Longer than sending one mail may take.
HOLD = timedelta(minutes=10)
GIVE_UP = timedelta(days=2)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))


class EnvelopeKind(StrEnum):
    """What a mail is for."""

    INVITATION = "invitation"
    HR = "hr"


@dataclass(frozen=True)
class Envelope:
    """A mail to be sent now. `key` is the same each time it is tried.

    `expires` is when its link ends, aware, in the reader's zone if Leo knows it.
    """

    mail_id: int
    key: str
    kind: EnvelopeKind
    language: str
    expires: datetime
    address: str = field(repr=False)
    link: str = field(repr=False)
    name: str = field(default="", repr=False)
    cohort: str = ""


@dataclass(frozen=True)
class Answer:
    """What the mail server said to a mail: taken, or what the trouble is, for good or for now."""

    trouble: Trouble | None = None
    code: str | None = None
    for_good: bool = False

    @property
    def about_this_mail(self) -> bool:
        """Tell whether another mail may still be taken."""
        return self.trouble not in (Trouble.UNREACHABLE, Trouble.NOT_LET_IN)


TAKEN = Answer()


def is_due(open_unit: OpenConsole, now: datetime) -> bool:
    """Tell, without writing, whether a mail waits to be sent."""
    with open_unit(Mode.READ) as unit:
        return unit.mails.is_due(now)


def take(open_unit: OpenConsole, now: datetime) -> Envelope | None:
    """Return the mail to send next, or None. Those of no use any more are dropped."""
    with open_unit() as unit:
        while (mail := unit.mails.next_due(now)) is not None:
            envelope = _envelope(unit, mail, now)
            if envelope is not None:
                mail.due_at = now + HOLD
                mail.attempts += 1
                return envelope
            unit.delete(mail)
            unit.flush()
    return None


def _envelope(unit: ConsoleUnit, mail: Mail, now: datetime) -> Envelope | None:
    if mail.invitation_id is not None:
        return _invitation(unit, mail, mail.invitation_id, now)
    found = unit.mails.of_hr(mail.hr_link_id) if mail.hr_link_id is not None else None
    if found is None:
        return None
    link, user = found
    if link.expires_at <= now or user.removed_at is not None:
        return None
    assert mail.id is not None and mail.link is not None
    return Envelope(
        mail.id,
        _key(mail),
        EnvelopeKind.HR,
        user.language,
        link.expires_at,
        address=user.email,
        link=mail.link,
    )


def _invitation(
    unit: ConsoleUnit, mail: Mail, invitation_id: int, now: datetime
) -> Envelope | None:
    found = unit.mails.invited(invitation_id)
    if found is None:
        return None
    invitation, member, cohort = found
    gone = member.left_at or member.joined_at or invitation.used_at
    if gone or invitation.expires_at <= now or cohort.state is CohortState.CLOSED:
        return None
    if member.email is None:
        return None
    assert mail.id is not None and mail.link is not None
    return Envelope(
        mail.id,
        _key(mail),
        EnvelopeKind.INVITATION,
        member.language or cohort.language,
        invitation.expires_at.astimezone(ZoneInfo(member.zone or cohort.zone)),
        address=member.email,
        link=mail.link,
        name=member.name,
        cohort=cohort.name,
    )


def _key(mail: Mail) -> str:
    return f"{mail.id}.{int(mail.made_at.timestamp())}"


def note_answer(open_unit: OpenConsole, envelope: Envelope, answer: Answer, now: datetime) -> None:
    """Note what became of a mail; for a trouble that may pass, when to try again.

    A mail whose link was replaced meanwhile is no more.
    """
    with open_unit() as unit:
        mail = unit.mails.mail(envelope.mail_id)
        if mail is None:
            return
        mail.reason, mail.code = answer.trouble, answer.code
        if answer.trouble is None:
            mail.state = MailState.SENT
        elif answer.for_good or now - mail.made_at > GIVE_UP:
            mail.state = MailState.BOUNCED
        else:
            mail.due_at = now + PAUSES[min(mail.attempts, len(PAUSES)) - 1]
            return
        mail.done_at, mail.link = now, None
