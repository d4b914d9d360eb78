"""What the use cases need from outside: the store, the texts, the library of practices."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, Protocol

from bot.coaching.practice import Practice
from bot.coaching.rhythm import Rhythm
from bot.coaching.run import RunState
from bot.coaching.support import EVERYWHERE, Contact
from bot.usecases.ports.cohorts import Cohorts, Tallies
from bot.usecases.ports.erasures import Erasures
from bot.usecases.ports.growth import Growth
from bot.usecases.ports.letters import Letters
from bot.usecases.ports.nudges import Nudges
from bot.usecases.ports.rhythm import Rhythms
from bot.usecases.records import (
    Answer,
    AuditEntry,
    Cohort,
    Consent,
    Erasure,
    InboxItem,
    Letter,
    LetterTest,
    Member,
    OutboxItem,
    OwnContact,
    Person,
    Plan,
    Preferences,
    Run,
    Served,
)

type Record = (
    Person
    | Served
    | Run
    | Answer
    | Plan
    | Consent
    | InboxItem
    | OutboxItem
    | Cohort
    | Member
    | Preferences
    | Letter
    | LetterTest
    | AuditEntry
    | Erasure
    | OwnContact
)


class UnitOfWork(Protocol):
    """One transaction: all that was added or changed is kept on a clean exit, or nothing is.

    Questions about one topic stand in an attribute of their own, such as `cohorts`.
    """

    @property
    def cohorts(self) -> Cohorts:
        """Return the questions about cohorts and their members."""

    @property
    def tallies(self) -> Tallies:
        """Return what counts people for HR's figures."""

    @property
    def nudges(self) -> Nudges:
        """Return the questions about what Leo writes of its own accord."""

    @property
    def letters(self) -> Letters:
        """Return the questions about what HR writes to a cohort."""

    @property
    def rhythms(self) -> Rhythms:
        """Return the questions about when to write."""

    @property
    def growth(self) -> Growth:
        """Return the questions about how far somebody has come."""

    @property
    def erasures(self) -> Erasures:
        """Return the questions about whom HR asked to erase."""

    def add(self, record: Record) -> None:
        """Keep a new record; its id is known after `flush`."""

    def delete(self, record: Record) -> None:
        """Remove a record."""

    def flush(self) -> None:
        """Write what was added so far, within the transaction."""

    def inbox(self, channel: str, update_id: int) -> InboxItem | None:
        """Return the inbox row of an update, locked, or None."""

    def inbox_pending(self, channel: str, address: str) -> InboxItem | None:
        """Return the first update of a chat that is not yet worked on, or None."""

    def person(self, channel: str, address: str) -> Person | None:
        """Return who talks at that address, locked for this transaction, or None."""

    def active_run(self, person_id: int) -> Run | None:
        """Return the run opened last among those open, or None."""

    def latest_run(
        self, person_id: int, states: Sequence[RunState], practice: str | None = None
    ) -> Run | None:
        """Return the run touched last among those in `states`, of one practice if named."""

    def runs(self, person_id: int) -> list[Run]:
        """Return all runs of a person, oldest first."""

    def run(self, run_id: int) -> Run | None:
        """Return one run, or None."""

    def answers(self, run_id: int) -> list[Answer]:
        """Return the answers of a run in the order they were first given."""

    def answer_from(self, person_id: int, message_ref: int) -> Answer | None:
        """Return the answer that a chat message gave, or None."""

    def runs_about(self, served_id: int) -> list[Run]:
        """Return the finished runs about somebody served, latest first."""

    def served(self, person_id: int) -> list[Served]:
        """Return all whom a person has named, the latest named first."""

    def plans(self, person_id: int) -> list[Plan]:
        """Return the plans of a person, oldest first."""

    def plan(self, plan_id: int) -> Plan | None:
        """Return one plan, or None."""

    def plan_of(self, run_id: int) -> Plan | None:
        """Return the plan made in a run, or None."""

    def consents(self, person_id: int) -> list[Consent]:
        """Return the decisions about consent, oldest first."""

    def inbox_failed(self) -> list[InboxItem]:
        """Return the updates set aside after too many failures."""

    def outbox_for(
        self, channel: str, address: str, *, and_sending: bool = False
    ) -> list[OutboxItem]:
        """Return what waits to be sent to an address, in order; also what is on its way."""

    def outbox(self, outbox_id: int) -> OutboxItem | None:
        """Return one outgoing message, or None."""

    def outbox_key_exists(self, key: str) -> bool:
        """Tell whether a message with that key is or was in the outbox."""

    def waiting(self, now: datetime) -> set[tuple[str, str]]:
        """Return the (channel, address) with something to work on or to send now."""

    def interrupted(self) -> list[OutboxItem]:
        """Return what was being sent when the process ended."""

    def forget_done_updates(self, before: datetime) -> int:
        """Remove the numbers of updates done before a time; return how many."""

    def erase_person(self, person: Person) -> None:
        """Remove a person and every row that belongs to them."""

    def erase_entries(self, entries: Sequence[Member]) -> None:
        """Remove HR's entries about somebody, with their invitations."""

    def contacts(self) -> list[OwnContact]:
        """Return the organisation's own contacts for people in distress, as HR keeps them."""


class Mode(StrEnum):
    """What a transaction is for; so that no more is waited for than that takes."""

    # A person's words: kept also when the power fails.
    DURABLE = "durable"
    # What may be done twice after a power cut: a crash of the process still loses nothing.
    RELAXED = "relaxed"
    # Nothing is written.
    READ = "read"


class OpenUnitOfWork(Protocol):
    """Opens a unit of work."""

    def __call__(self, mode: Mode = Mode.DURABLE) -> AbstractContextManager[UnitOfWork]:
        """Return the unit of work to be entered."""


class SpokenTimes(Protocol):
    """Times and places in a person's words."""

    def clock(self, language: str, at: time) -> str:
        """Return an hour of the day: "8:30", "8 h 30"."""

    def moment(self, language: str, local: datetime, today: date) -> str:
        """Return a local time, seen from `today`: "tomorrow, Tuesday 8:30"."""

    def days(self, language: str, days: frozenset[int]) -> str:
        """Return days of the week: "Monday to Friday", "le mardi et le jeudi"."""

    def rhythm(self, language: str, rhythm: Rhythm) -> str:
        """Return a rhythm: "Monday to Friday 9:00", "never"."""

    def zone(self, language: str, zone: str) -> str:
        """Return what a zone (IANA name) is called: "Tokyo", "UTC+2"."""

    def country(self, language: str, country: str) -> str:
        """Return the name of a country by its ISO code."""


class Texts(Protocol):
    """Every sentence a person reads, in their language."""

    @property
    def times(self) -> SpokenTimes:
        """Return what says times."""

    def say(self, language: str, key: str, turn: int, **values: Any) -> str:
        """Return the template `key` as HTML; `turn` chooses between its wordings."""

    def fill(self, source: str, **values: Any) -> str:
        """Return a text of a practice file as HTML."""

    def letter(self, source: str, **values: str) -> str:
        """Return HR's words, filled, as plain text. Raises Refused, naming the line."""

    def page(self, language: str, key: str, **values: Any) -> str:
        """Return a whole HTML page."""

    def simulated(self, language: str, kind: str) -> list[str]:
        """Return what somebody simulated may answer to a question of a kind."""

    def word(self, language: str, key: str) -> str:
        """Return a small word, such as a button's title."""

    def meaning(self, language: str, intent: str) -> str | None:
        """Return the title of a button that offers an intent, or None where it has none."""

    def day(self, language: str, day: date) -> str:
        """Return a date in words, with the weekday."""

    def short_day(self, language: str, day: date) -> str:
        """Return a date in few letters: "3 Mar", "3 mars"."""


class Support(Protocol):
    """Who can help somebody in distress."""

    @property
    def own(self) -> Sequence[Contact]:
        """Return the organisation's own contacts, as its file has them."""

    @property
    def countries(self) -> Sequence[str]:
        """Return every country (two letters), in order."""

    def country(self, zone: str) -> str:
        """Return the country in which a zone (IANA name) lies, or `default` where it is in none."""

    def public(self, country: str) -> Sequence[Contact]:
        """Return the public contacts of a country; the default ones where it has none."""


class Nobody:
    """Knows of no contacts."""

    own: Sequence[Contact] = ()
    countries: Sequence[str] = ()

    def country(self, zone: str) -> str:
        """Return what stands for all countries."""
        return EVERYWHERE

    def public(self, country: str) -> Sequence[Contact]:
        """Return no contact."""
        return ()


type Library = Mapping[str, Practice]
