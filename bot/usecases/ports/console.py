"""What HR's use cases ask the store. Nothing here leads to a word that somebody said to Leo."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

from bot.usecases.ports import Mode
from bot.usecases.ports.cohorts import Headcount, Tallies
from bot.usecases.ports.letters import HrLetters
from bot.usecases.records import (
    AuditEntry,
    Cohort,
    Erasure,
    HrAccess,
    HrAttempt,
    HrLink,
    HrSession,
    HrUser,
    Invitation,
    Letter,
    LetterTest,
    Member,
    OwnContact,
)

type HrRecord = (
    HrUser
    | HrLink
    | HrSession
    | HrAccess
    | HrAttempt
    | AuditEntry
    | Cohort
    | Member
    | Invitation
    | Letter
    | LetterTest
    | Erasure
    | OwnContact
)
# (week, figure, value) and how many people.
type TallyRows = Mapping[tuple[int, str, int], int]


class Accounts(Protocol):
    """Questions about who may sign in."""

    def user(self, user_id: int) -> HrUser | None:
        """Return somebody of HR, or None."""

    def user_by_email(self, email: str) -> HrUser | None:
        """Return who has that address, written in small letters, or None."""

    def users(self) -> list[HrUser]:
        """Return all who were not removed, by address."""

    def link(self, token_hash: str) -> HrLink | None:
        """Return a one-time link by its hash, locked, or None."""

    def session(self, token_hash: str) -> HrSession | None:
        """Return a session by its hash, or None."""

    def close_sessions(self, user_id: int) -> None:
        """End every session and link of somebody."""

    def attempts(self, key: str, since: datetime) -> int:
        """Return how many sign-ins failed for a key since a time."""

    def forget_attempts(self, before: datetime) -> None:
        """Remove the failed sign-ins before a time."""

    def cohort_ids(self, user_id: int) -> set[int]:
        """Return the cohorts given to a facilitator."""


class Enrolment(Protocol):
    """Questions about cohorts, members and invitations."""

    def cohort(self, cohort_id: int) -> Cohort | None:
        """Return one cohort, or None."""

    def named(self, name: str) -> Cohort | None:
        """Return the cohort of that name, or None."""

    def cohorts(self) -> list[Cohort]:
        """Return all cohorts, the latest start first."""

    def headcount(self, cohort_id: int) -> Headcount:
        """Return how many are enrolled, and have joined."""

    def members(self, cohort_id: int, limit: int | None = None) -> list[Member]:
        """Return those in a cohort, or the first of them, in the order they were added."""

    def waiting(self, cohort_id: int, limit: int) -> list[Member]:
        """Return the first of those in a cohort who have not joined yet."""

    def elsewhere(self, cohort_id: int) -> list[Member]:
        """Return those with an address who are in another cohort that is not closed."""

    def member(self, member_id: int) -> Member | None:
        """Return one member, or None."""

    def withdrawn(self, cohort_id: int) -> list[Member]:
        """Return those whom HR took out of a cohort, but for those moved to another."""

    def stays(self, member_id: int) -> list[Member]:
        """Return an entry with those it took the place of, and those of the same chat."""

    def entries(self, member_id: int) -> list[Member]:
        """Return all entries about the person in one of them."""

    def add_members(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Keep many new members at once."""

    def invitations(self, member_ids: Collection[int]) -> dict[int, Invitation]:
        """Return the invitations of some members, by member."""

    def replace_invitations(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Keep many new invitations at once; each takes the place of its member's former one."""


class Requests(Protocol):
    """Questions about whom HR asked to erase."""

    def get(self, number: int) -> Erasure | None:
        """Return one by its number, or None."""

    def all(self) -> list[Erasure]:
        """Return all, the latest first."""

    def of(self, member_ids: Collection[int]) -> list[Erasure]:
        """Return those not yet carried out that were asked for some entries."""


class Figures(Protocol):
    """Questions about counts."""

    def tallies(self, cohort_id: int) -> TallyRows:
        """Return all that was counted of a cohort."""


class ConsoleUnit(Protocol):
    """One transaction of HR's: all is kept on a clean exit, or nothing is."""

    @property
    def accounts(self) -> Accounts:
        """Return the questions about who may sign in."""

    @property
    def enrolment(self) -> Enrolment:
        """Return the questions about cohorts and members."""

    @property
    def erasures(self) -> Requests:
        """Return the questions about whom HR asked to erase."""

    @property
    def figures(self) -> Figures:
        """Return the questions about counts."""

    @property
    def letters(self) -> HrLetters:
        """Return the questions about letters."""

    @property
    def tallies(self) -> Tallies:
        """Return what counts."""

    def add(self, record: HrRecord) -> None:
        """Keep a new record; its id is known after `flush`."""

    def delete(self, record: HrRecord) -> None:
        """Remove a record."""

    def flush(self) -> None:
        """Write what was added so far, within the transaction."""

    def look_again(self, cohort_id: int, now: datetime) -> None:
        """Have the scheduler look soon at all in a cohort: something changed for them."""

    def look_again_at(self, person_id: int, now: datetime) -> None:
        """Have the scheduler look soon at one person."""

    def contacts(self) -> list[OwnContact]:
        """Return the organisation's own contacts for people in distress."""

    def contact(self, contact_id: int) -> OwnContact | None:
        """Return one of them, or None."""

    def audit(self, before: int | None, limit: int | None) -> list[AuditEntry]:
        """Return entries of the audit log, the latest first, those below an id."""


class OpenConsole(Protocol):
    """Opens one of HR's transactions."""

    def __call__(self, mode: Mode = Mode.DURABLE) -> AbstractContextManager[ConsoleUnit]:
        """Return the unit to be entered."""
