"""Create a cohort, after a look at the calendar that it leads to."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.coaching.practice import LANGUAGES, Text
from bot.coaching.programme import Programme
from bot.coaching.rhythm import NoRhythm, Rhythm, parse
from bot.usecases.hr import Actor, HrDeps, Refused, note, only_administrators
from bot.usecases.records import Cohort

MAX_NAME = 80
# A start further away than this is a slip of the pen.
FURTHEST = timedelta(days=730)


@dataclass(frozen=True)
class Wanted:
    """A cohort as it was asked for, in words. An empty rhythm leaves the programme's own."""

    name: str
    programme: str
    start: str
    zone: str
    language: str
    daily: str = ""
    weekly: str = ""
    practice: str = ""


@dataclass(frozen=True)
class CalendarWeek:
    """What comes in a week: its Monday, theme, practice, and when Leo writes, in local time."""

    number: int
    monday: date
    theme: Text
    practice: str
    rhythms: tuple[Rhythm, Rhythm, Rhythm]


def check(deps: HrDeps, wanted: Wanted, now: datetime) -> Cohort:
    """Return the cohort that is asked for, not kept yet. Raises Refused, naming what is wrong."""
    name = " ".join(wanted.name.split())
    if not 0 < len(name) <= MAX_NAME or not name.isprintable():
        raise Refused("cohort_name", most=MAX_NAME)
    if wanted.programme not in deps.programmes:
        raise Refused("no_such_programme", known=", ".join(deps.programmes))
    if wanted.language not in LANGUAGES:
        raise Refused("no_such_language")
    return Cohort(
        name=name,
        programme=wanted.programme,
        starts_on=_day(wanted.start, now),
        zone=checked_zone(wanted.zone),
        language=wanted.language,
        created_at=now,
        daily=_rhythm(wanted.daily),
        weekly=_rhythm(wanted.weekly),
        practice=_rhythm(wanted.practice),
    )


def _day(text: str, now: datetime) -> date:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise Refused("not_a_day", text=text[:20]) from None
    if abs(day - now.date()) > FURTHEST:
        raise Refused("day_far_away", text=text[:20])
    return day


def checked_zone(text: str) -> str:
    """Return an IANA zone. Raises Refused when it is none."""
    zone = text.strip()
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, OSError, ValueError):
        raise Refused("no_such_zone", text=text[:60]) from None
    return zone


def _rhythm(text: str) -> str | None:
    if not text.strip():
        return None
    try:
        return str(parse(text))
    except NoRhythm:
        raise Refused("no_rhythm", text=text[:40]) from None


def calendar(deps: HrDeps, cohort: Cohort) -> list[CalendarWeek]:
    """Return the weeks of a cohort."""
    programme = deps.programmes[cohort.programme]
    monday = cohort.starts_on - timedelta(days=cohort.starts_on.weekday())
    rhythms = _rhythms(cohort, programme)
    return [
        CalendarWeek(number, monday + timedelta(weeks=number), week.theme, week.practice, rhythms)
        for number, week in enumerate(programme.weeks)
    ]


def _rhythms(cohort: Cohort, programme: Programme) -> tuple[Rhythm, Rhythm, Rhythm]:
    own = (cohort.daily, cohort.weekly, cohort.practice)
    preset = (programme.daily, programme.weekly, programme.practice)
    daily, weekly, practice = (
        parse(one) if one else other for one, other in zip(own, preset, strict=True)
    )
    return daily, weekly, practice


def create(deps: HrDeps, actor: Actor, wanted: Wanted, now: datetime) -> int:
    """Keep a new cohort and return its id. Raises Refused; then nothing is kept."""
    only_administrators(actor)
    cohort = check(deps, wanted, now)
    with deps.open() as unit:
        if unit.enrolment.named(cohort.name) is not None:
            raise Refused("cohort_name_taken", name=cohort.name)
        unit.add(cohort)
        unit.flush()
        note(unit, actor, "cohort.create", cohort.name, now)
        assert cohort.id is not None
        return cohort.id
