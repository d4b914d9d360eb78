"""Enrol people from a list: a preview says what each row would do, and only then it is done."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cache

from bot.coaching.practice import LANGUAGES
from bot.usecases import tally
from bot.usecases.accounts.invite import clean_email
from bot.usecases.cohorts.create import checked_zone
from bot.usecases.hr import Actor, HrDeps, Refused, note, open_cohort
from bot.usecases.ports import Mode
from bot.usecases.ports.console import ConsoleUnit
from bot.usecases.records import Cohort, Member

MAX_NAME = 80
MAX_ROWS = 20_000
COLUMNS = ("name", "email", "language", "timezone")
_LANGUAGES = {
    "": None,
    **{language: language for language in LANGUAGES},
    **dict.fromkeys(("english", "anglais"), "en"),
    **dict.fromkeys(("french", "français", "francais"), "fr"),
}


class RowState(StrEnum):
    """What a row would do."""

    NEW = "new"
    KNOWN = "known"
    # In another cohort until now.
    MOVED = "moved"
    WRONG = "wrong"


@dataclass(frozen=True)
class Line:
    """A row of the list as it was written: its line, and its cells by column."""

    number: int
    cells: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True)
class Row:
    """A row that was read. Of a wrong one `column` and `reason` (a key of words) say why."""

    line: int
    state: RowState
    name: str = field(default="", repr=False)
    email: str | None = field(default=None, repr=False)
    language: str | None = None
    zone: str | None = None
    column: str = ""
    reason: str = ""
    former_id: int | None = None


@dataclass(frozen=True)
class Preview:
    """What an import would do, row by row."""

    rows: Sequence[Row]

    def count(self, state: RowState) -> int:
        """Return how many rows are in a state."""
        return sum(row.state == state for row in self.rows)

    def those(self, state: RowState) -> list[Row]:
        """Return the rows in a state."""
        return [row for row in self.rows if row.state == state]


def preview(deps: HrDeps, actor: Actor, cohort_id: int, lines: Sequence[Line]) -> Preview:
    """Return what an import would do; nothing is changed. Raises Refused."""
    with deps.open(Mode.READ) as unit:
        return _read_all(unit, open_cohort(unit, actor, cohort_id), lines)


def enrol(
    deps: HrDeps, actor: Actor, cohort_id: int, lines: Sequence[Line], now: datetime
) -> Preview:
    """Enrol the new, move the moved, leave the known and the wrong; return what was done.

    Raises Refused. Done once more, it changes nothing.
    """
    with deps.open() as unit:
        cohort = open_cohort(unit, actor, cohort_id)
        read = _read_all(unit, cohort, lines)
        unit.enrolment.add_members(
            [
                {
                    "cohort_id": cohort_id,
                    "name": row.name,
                    "email": row.email,
                    "language": row.language,
                    "zone": row.zone,
                    "added_at": now,
                }
                for row in read.those(RowState.NEW)
            ]
        )
        for row in read.those(RowState.MOVED):
            former = unit.enrolment.member(row.former_id) if row.former_id else None
            assert former is not None
            move_member(unit, former, cohort, now)
        enrolled, moved = read.count(RowState.NEW), read.count(RowState.MOVED)
        note(unit, actor, "cohort.import", f"{cohort.name}: +{enrolled}, >{moved}", now)
        return read


def move_member(unit: ConsoleUnit, former: Member, to: Cohort, now: datetime) -> Member:
    """Have somebody leave their cohort for another one; their invitation goes with them."""
    source = unit.enrolment.cohort(former.cohort_id)
    assert source is not None and to.id is not None and former.id is not None
    joined = former.joined_at is not None
    moved = Member(
        to.id,
        former.name,
        now,
        email=former.email,
        language=former.language,
        zone=former.zone,
        person_id=former.person_id,
        joined_at=now if joined else None,
    )
    former.left_at = now
    unit.add(moved)
    unit.flush()
    assert moved.id is not None
    for invitation in unit.enrolment.invitations([former.id]).values():
        invitation.member_id = moved.id
    if joined:
        tally.left(unit.tallies, source, now)
        tally.joined(unit.tallies, to, now)
        unit.look_again(to.id, now)
    return moved


# --- reading rows ---------------------------------------------------------------------------


class _Wrong(Exception):
    def __init__(self, column: str, reason: str) -> None:
        self.column, self.reason = column, reason


@dataclass
class _Known:
    """Whom the cohort has, whom others have, and what the list said so far."""

    emails: set[str]
    names: set[str]
    elsewhere: dict[str, int]
    seen: set[str] = field(default_factory=set)


def _read_all(unit: ConsoleUnit, cohort: Cohort, lines: Sequence[Line]) -> Preview:
    if len(lines) > MAX_ROWS:
        raise Refused("too_many_rows", most=MAX_ROWS)
    assert cohort.id is not None
    members = unit.enrolment.members(cohort.id)
    known = _Known(
        emails={member.email for member in members if member.email},
        names={member.name.casefold() for member in members},
        elsewhere={
            member.email: member.id
            for member in unit.enrolment.elsewhere(cohort.id)
            if member.email and member.id is not None
        },
    )
    return Preview(list(_rows(known, lines)))


def _rows(known: _Known, lines: Sequence[Line]) -> Iterator[Row]:
    for line in lines:
        try:
            yield _row(known, line)
        except _Wrong as wrong:
            name = line.cells.get("name", "")[:MAX_NAME]
            yield Row(line.number, RowState.WRONG, name, column=wrong.column, reason=wrong.reason)


def _row(known: _Known, line: Line) -> Row:
    name, email = _name(line.cells.get("name", "")), _email(line.cells.get("email", ""))
    language = _language(line.cells.get("language", ""))
    zone = _zone(line.cells.get("timezone", ""))
    key = email or name.casefold()
    if key in known.seen:
        raise _Wrong("email" if email else "name", "row_twice")
    known.seen.add(key)
    state, former_id = _state(known, name, email)
    return Row(line.number, state, name, email, language, zone, former_id=former_id)


def _state(known: _Known, name: str, email: str | None) -> tuple[RowState, int | None]:
    if email is None:
        return (RowState.KNOWN if name.casefold() in known.names else RowState.NEW), None
    if email in known.emails:
        return RowState.KNOWN, None
    former_id = known.elsewhere.get(email)
    return (RowState.NEW if former_id is None else RowState.MOVED), former_id


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name:
        raise _Wrong("name", "row_no_name")
    if len(name) > MAX_NAME:
        raise _Wrong("name", "row_long_name")
    if not name.isprintable():
        raise _Wrong("name", "row_odd_name")
    return name


def _email(text: str) -> str | None:
    if not text.strip():
        return None
    try:
        return clean_email(text)
    except Refused:
        raise _Wrong("email", "row_email") from None


def _language(text: str) -> str | None:
    try:
        return _LANGUAGES[text.strip().casefold()]
    except KeyError:
        raise _Wrong("language", "row_language") from None


def _zone(text: str) -> str | None:
    if not text.strip():
        return None
    if not _is_zone(text):
        raise _Wrong("timezone", "row_zone")
    return text.strip()


@cache
def _is_zone(text: str) -> bool:
    try:
        checked_zone(text)
    except Refused:
        return False
    return True
