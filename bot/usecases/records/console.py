"""HR's side: who may sign in to the console, and what they did there."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class HrRole(StrEnum):
    """What somebody of HR may do."""

    ADMINISTRATOR = "administrator"
    # Sees and cares for the cohorts given to them.
    FACILITATOR = "facilitator"


@dataclass(eq=False)
class HrUser:
    """Somebody of HR. Without a password they have not yet followed their link."""

    email: str
    role: HrRole
    invited_at: datetime
    id: int | None = field(default=None, kw_only=True)
    language: str = "en"
    password_hash: str | None = field(default=None, repr=False)
    removed_at: datetime | None = None


@dataclass(eq=False)
class HrLink:
    """A one-time link by which somebody of HR chooses a password; only its hash is kept."""

    hr_user_id: int
    token_hash: str = field(repr=False)
    expires_at: datetime
    id: int | None = field(default=None, kw_only=True)


@dataclass(eq=False)
class HrSession:
    """Somebody signed in, on one browser; only the hash of the cookie's token is kept."""

    hr_user_id: int
    token_hash: str = field(repr=False)
    ends_at: datetime
    id: int | None = field(default=None, kw_only=True)


@dataclass(eq=False)
class HrAccess:
    """A cohort that a facilitator cares for."""

    hr_user_id: int
    cohort_id: int
    id: int | None = field(default=None, kw_only=True)


@dataclass(eq=False)
class HrAttempt:
    """A sign-in that failed, by account or by address (as a hash)."""

    key: str
    at: datetime
    id: int | None = field(default=None, kw_only=True)


@dataclass(eq=False)
class Erasure:
    """That somebody is to be erased, and the receipt once they are. Its id is its number.

    `member_id` is the entry in HR's list, until that is gone. `removed` holds how many rows of
    HR's own went, by table, and `checked` the tables in which nothing was left.
    """

    member_id: int | None
    reference: str
    asked_by: str
    asked_at: datetime
    id: int | None = field(default=None, kw_only=True)
    done_at: datetime | None = None
    removed: dict[str, int] = field(default_factory=dict)
    checked: list[str] = field(default_factory=list)


@dataclass(eq=False)
class HrSignOn:
    """A single sign-on that was begun and has not come back; it comes back once."""

    key: str = field(repr=False)
    expires_at: datetime
    id: int | None = field(default=None, kw_only=True)


@dataclass(eq=False)
class AuditEntry:
    """What somebody of HR did, and to what. Entries are only ever added."""

    at: datetime
    actor: str
    action: str
    object: str = ""
    id: int | None = field(default=None, kw_only=True)
