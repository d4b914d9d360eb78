"""What HR's use cases share: their dependencies, who acts, what is refused, the audit log."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from bot.coaching.programme import Programme
from bot.errors import LeoError
from bot.usecases.ports.console import ConsoleUnit, OpenConsole
from bot.usecases.records import AuditEntry, Cohort, CohortState, HrRole, HrUser

SHELL = "shell"
MAX_OBJECT = 200


class Passwords(Protocol):
    """Hashes passwords, slowly."""

    def hash(self, password: str) -> str:
        """Return the hash of a password."""

    def fits(self, password: str, password_hash: str | None) -> bool:
        """Tell whether a password is the one; without a hash it takes as long, and is not."""


@dataclass(frozen=True)
class HrDeps:
    """What HR's use cases work with. `minimum` people at least stand behind a figure."""

    open: OpenConsole
    passwords: Passwords
    programmes: Mapping[str, Programme]
    minimum: int


class Refused(LeoError):
    """HR asked for something that cannot be done; `key` names the words that say why."""

    def __init__(self, key: str, **values: Any) -> None:
        """Take the key of the words, and what they are filled with."""
        super().__init__(key)
        self.key, self.values = key, values


@dataclass(frozen=True)
class Actor:
    """Who acts: somebody signed in, or the shell, which may do everything."""

    name: str
    role: HrRole
    language: str = "en"
    user_id: int | None = None
    cohort_ids: frozenset[int] = field(default_factory=frozenset)

    @property
    def administers(self) -> bool:
        """Tell whether this is an administrator."""
        return self.role is HrRole.ADMINISTRATOR

    def sees(self, cohort_id: int | None) -> bool:
        """Tell whether a cohort is this one's to see and care for."""
        return self.administers or cohort_id in self.cohort_ids


THE_SHELL = Actor(SHELL, HrRole.ADMINISTRATOR)


def actor_of(unit: ConsoleUnit, user: HrUser) -> Actor:
    """Return who somebody of HR is when they act."""
    assert user.id is not None
    cohort_ids = frozenset(unit.accounts.cohort_ids(user.id))
    return Actor(user.email, user.role, user.language, user.id, cohort_ids)


def note(unit: ConsoleUnit, actor: Actor, action: str, what: str, now: datetime) -> None:
    """Write into the audit log what is done, in the same transaction."""
    unit.add(AuditEntry(now, actor.name, action, what[:MAX_OBJECT]))


def only_administrators(actor: Actor) -> None:
    """Raise Refused for all others."""
    if not actor.administers:
        raise Refused("not_yours")


def cohort_for(unit: ConsoleUnit, actor: Actor, cohort_id: int) -> Cohort:
    """Return a cohort that is the actor's. Raises Refused, alike for none and another's."""
    cohort = unit.enrolment.cohort(cohort_id) if actor.sees(cohort_id) else None
    if cohort is None:
        raise Refused("no_such_cohort")
    return cohort


def open_cohort(unit: ConsoleUnit, actor: Actor, cohort_id: int) -> Cohort:
    """Return a cohort that is the actor's and not closed. Raises Refused."""
    cohort = cohort_for(unit, actor, cohort_id)
    if cohort.state is CohortState.CLOSED:
        raise Refused("cohort_closed", name=cohort.name)
    return cohort
