"""Mails that wait to be sent, and what became of them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class MailState(StrEnum):
    """Where a mail stands."""

    WAITING = "waiting"
    SENT = "sent"
    # It came back: `reason` says why.
    BOUNCED = "bounced"


class Trouble(StrEnum):
    """Why a mail was not taken, as words can be found for it."""

    NO_SUCH_ADDRESS = "no_such_address"
    MAILBOX_FULL = "mailbox_full"
    TURNED_AWAY = "turned_away"
    # Of these the address is innocent.
    LATER = "later"
    UNREACHABLE = "unreachable"
    NOT_LET_IN = "not_let_in"

    @property
    def of_the_address(self) -> bool:
        """Tell whether another mail to the same address would come back, too."""
        return self in (Trouble.NO_SUCH_ADDRESS, Trouble.MAILBOX_FULL, Trouble.TURNED_AWAY)


@dataclass(eq=False)
class Mail:
    """A mail with a personal link; it goes with the invitation or the link of HR it is for.

    `link` is sealed, and emptied once nothing more will be sent. While waiting, `due_at` says when
    to try next: whoever tries moves it on first. `code` is the mail server's, such as "550 5.1.1".
    """

    made_at: datetime
    due_at: datetime
    link: str | None = field(repr=False)
    id: int | None = field(default=None, kw_only=True)
    invitation_id: int | None = None
    hr_link_id: int | None = None
    state: MailState = MailState.WAITING
    attempts: int = 0
    done_at: datetime | None = None
    reason: Trouble | None = None
    code: str | None = None
