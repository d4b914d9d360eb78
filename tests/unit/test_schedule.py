"""When Leo writes: rhythms, precedence among nudges, pauses, holidays, and what always holds."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coaching.occurrence import NudgeKind
from bot.coaching.rhythm import Rhythm, parse
from bot.coaching.schedule import (
    Course,
    Schedule,
    Slot,
    next_look,
    plan,
    slots,
    slots_on,
    upcoming,
)
from bot.coaching.walltime import Quiet
from tests.unit.test_walltime import TIMES, ZONES

PARIS = ZoneInfo("Europe/Paris")
MONDAY = date(2027, 1, 4)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
DAILY, WEEKLY = Course(parse("mon-fri 09:00")), Course(parse("fri 16:00"))
PRACTICE = Course(parse("mon 11:00"))
USUAL = Schedule(PARIS, LONG_AGO, DAILY, WEEKLY, PRACTICE)
K = NudgeKind


def week(schedule: Schedule, monday: date = MONDAY) -> list[str]:
    """Return a week of messages: "mon daily 09:00"."""
    found = [slot for n in range(7) for slot in slots_on(schedule, monday + timedelta(days=n))]
    return [f"{slot.day:%a} {slot.kind} {slot.at:%H:%M}".lower() for slot in found]


def test_a_usual_week() -> None:
    """Daily questions on working days, the practice on Monday, the check-in on Friday."""
    assert week(USUAL) == [
        *("mon daily 09:00", "mon practice 11:00", "tue daily 09:00", "wed daily 09:00"),
        *("thu daily 09:00", "fri daily 09:00", "fri weekly 16:00"),
    ]


def test_two_at_once_become_one() -> None:
    """Where the practice or the check-in comes within the hour, the daily question stays away."""
    schedule = replace(
        USUAL, weekly=Course(parse("fri 09:30")), practice=Course(parse("mon 09:00"))
    )
    assert week(schedule) == [
        *("mon practice 09:00", "tue daily 09:00", "wed daily 09:00", "thu daily 09:00"),
        "fri weekly 09:30",
    ]


def test_practice_and_check_in_at_once() -> None:
    """Where both come at once, the check-in goes first, and the practice comes the next day."""
    schedule = replace(
        USUAL, weekly=Course(parse("mon 09:00")), practice=Course(parse("mon 09:00"))
    )
    assert week(schedule)[:3] == ["mon weekly 09:00", "tue practice 09:00", "wed daily 09:00"]


def test_a_plan_at_its_hour_or_in_the_morning() -> None:
    """A plan is remembered at the hour that was named with it, else at that of the daily one."""
    days = {MONDAY: time(14), MONDAY + timedelta(days=5): None}
    assert [one for one in week(replace(USUAL, plans=days)) if "plan" in one] == [
        "mon plan 14:00",
        "sat plan 09:00",
    ]


def test_days_off_and_public_holidays() -> None:
    """On days off and public holidays only what the person planned themselves comes."""
    off = replace(
        USUAL,
        working_days=frozenset({0, 1, 4}),
        is_holiday=lambda day: day == MONDAY,
        plans={MONDAY: None},
    )
    assert week(off) == ["mon plan 09:00", "tue daily 09:00", "fri daily 09:00", "fri weekly 16:00"]


def test_quiet_hours() -> None:
    """What lies in the quiet hours is moved out of them, on the same day."""
    quiet = replace(USUAL, quiet=Quiet(time(15), time(10)))
    assert week(quiet)[-2:] == ["fri daily 10:00", "fri weekly 14:00"]


@pytest.mark.parametrize(
    "paused",
    [
        replace(USUAL, paused=True),
        replace(USUAL, plans={MONDAY: None}, resumes_on=MONDAY + timedelta(days=7)),
    ],
)
def test_a_pause(paused: Schedule) -> None:
    """Nothing comes in a pause, not even what was planned."""
    assert week(paused) == []


def test_after_a_holiday() -> None:
    """On the day named, messages come again, and that is when to look."""
    back = MONDAY + timedelta(days=100)
    paused = replace(USUAL, resumes_on=back)
    now = datetime(2027, 1, 4, 8, tzinfo=UTC)
    assert next_look(paused, now) == upcoming(paused, now, (), 1)[0].due_at
    assert upcoming(paused, now, (), 1)[0].day >= back


def test_a_programme_begins_and_ends() -> None:
    """A course runs from its first day to its last, both included; then come closing words."""
    first, last = MONDAY + timedelta(days=2), MONDAY + timedelta(days=6)
    bounded = replace(
        USUAL,
        daily=Course(DAILY.rhythm, first, last),
        weekly=Course(WEEKLY.rhythm, first, last),
        practice=Course(PRACTICE.rhythm, first, last),
        closes_on=MONDAY + timedelta(days=7),
    )
    assert week(bounded)[0] == "wed daily 09:00"
    assert week(bounded, MONDAY + timedelta(days=7)) == ["mon closing 11:00"]
    assert week(bounded, MONDAY + timedelta(days=14)) == []


def test_slowed() -> None:
    """Somebody who does not answer hears from Leo once a week, and of their own plans."""
    slowed = replace(USUAL, plans={MONDAY: None}).slowed()
    assert week(slowed) == ["mon plan 09:00", "fri weekly 16:00"]
    only_daily = replace(USUAL, weekly=Course(), practice=Course()).slowed()
    assert week(only_daily) == ["mon daily 09:00"]


@pytest.mark.parametrize(
    ("kind", "expires"),
    [
        (K.DAILY, "2027-01-09"),
        (K.WEEKLY, "2027-01-15"),
        (K.PRACTICE, "2027-01-11"),
        (K.PLAN, "2027-01-10"),
    ],
)
def test_expiry(kind: NudgeKind, expires: str) -> None:
    """A daily one ends with its day, weekly ones before the next, a plan with the next day."""
    friday = MONDAY + timedelta(days=4)
    found = [*slots_on(replace(USUAL, plans={friday: None}), friday), *slots_on(USUAL, MONDAY)]
    slot = next(slot for slot in found if slot.kind is kind)
    assert slot.expires_at.astimezone(PARIS) == datetime.fromisoformat(expires).replace(
        tzinfo=PARIS
    )


def test_after_a_day_asleep() -> None:
    """What fell due meanwhile is planned with its own times, so that its expiry decides."""
    now = datetime(2027, 1, 5, 20, tzinfo=UTC)
    found, look = plan(USUAL, datetime(2027, 1, 4, 8, tzinfo=UTC), now, ())
    assert [(s.kind, s.day.day, s.expires_at <= now) for s in found] == [
        (K.DAILY, 4, True),
        (K.PRACTICE, 4, False),
        (K.DAILY, 5, False),
    ]
    assert look == datetime(2027, 1, 6, 8, tzinfo=UTC)


def test_nothing_to_look_for() -> None:
    """Who gets nothing is not looked at again."""
    now = datetime(2027, 1, 4, 8, tzinfo=UTC)
    assert next_look(Schedule(PARIS, LONG_AGO), now) is None
    assert plan(None, now, now, ()) == ([], None)


@pytest.mark.parametrize("zone", ["Europe/Paris", "America/New_York", "Australia/Lord_Howe"])
def test_every_day_of_a_year_has_its_hour(zone: str) -> None:
    """Over both nights of changing clocks the local hour stays, and no date is left out."""
    place = ZoneInfo(zone)
    daily = Schedule(place, LONG_AGO, Course(parse("mon-sun 02:15")))
    since = datetime(2027, 1, 1, tzinfo=place)
    found = list(slots(daily, since, datetime(2027, 12, 31, 23, tzinfo=place)))
    assert [slot.day for slot in found] == [date(2027, 1, 1) + timedelta(n) for n in range(365)]
    locals_ = Counter(slot.due_at.astimezone(place).time() for slot in found)
    [(usual, count), *others] = locals_.most_common()
    assert (usual, count + len(others)) == (time(2, 15), 365)
    assert len(others) <= 1 and all(at > usual for at, _ in others)


# --- what always holds --------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """After so many hours, the person says something."""

    hours: int
    schedule: Schedule


RHYTHMS = st.builds(Rhythm, st.frozensets(st.integers(0, 6)), TIMES)
BEGINS = datetime(2027, 3, 1, 12, tzinfo=UTC)
DAYS = st.dates(date(2027, 2, 20), date(2027, 5, 1))


def test_a_holiday_that_lies_ahead() -> None:
    """Until its first day messages come as ever; from its last one on they come again."""
    first, back = MONDAY + timedelta(days=2), MONDAY + timedelta(days=4)
    ahead = replace(USUAL, pauses_on=first, resumes_on=back)
    off = ("wed", "thu")
    assert week(ahead) == [slot for slot in week(USUAL) if not slot.startswith(off)]
    now = datetime(2027, 1, 4, 8, tzinfo=UTC)
    assert upcoming(ahead, now, (), 1) == upcoming(USUAL, now, (), 1)
    assert next_look(ahead, now) == next_look(USUAL, now)
    endless = replace(USUAL, paused=True, pauses_on=first)
    assert week(endless) == [slot for slot in week(USUAL) if slot.startswith(("mon", "tue"))]


SCHEDULES = st.builds(
    Schedule,
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    begins=st.just(BEGINS),
    daily=st.builds(Course, RHYTHMS),
    weekly=st.builds(Course, RHYTHMS, st.none() | DAYS, st.none() | DAYS),
    practice=st.builds(Course, RHYTHMS),
    plans=st.dictionaries(DAYS, st.none() | TIMES, max_size=3),
    quiet=st.none() | st.builds(Quiet, TIMES, TIMES).filter(lambda q: q.start != q.end),
    paused=st.booleans(),
    pauses_on=st.none() | DAYS,
    resumes_on=st.none() | DAYS,
    working_days=st.none() | st.frozensets(st.integers(0, 6)),
    is_holiday=st.sets(DAYS, max_size=5).map(lambda days: days.__contains__),
)
CHANGES = st.lists(st.builds(Change, st.integers(1, 200), SCHEDULES), min_size=1, max_size=5)


def live(changes: list[Change], tick: timedelta) -> list[tuple[Slot, Schedule]]:
    """Look as the scheduler does, while the schedule changes; return what was planned when."""
    now, known, planned = BEGINS - timedelta(days=2), set[tuple[NudgeKind, date]](), []
    look: datetime | None = now
    for change in changes:
        look = min(look, now) if look else now
        until = now + timedelta(hours=change.hours)
        while now < until:
            now += tick
            if look is not None and look <= now:
                fresh, look = plan(change.schedule, look, now, known)
                known |= {(slot.kind, slot.day) for slot in fresh}
                planned += [(slot, change.schedule) for slot in fresh]
    return planned


@settings(max_examples=60, deadline=None)
@given(CHANGES, st.sampled_from([timedelta(minutes=7), timedelta(hours=5), timedelta(days=2)]))
def test_always(changes: list[Change], tick: timedelta) -> None:
    """Whatever changes: at most one of a kind a local date, never at a forbidden time."""
    planned = live(changes, tick)
    counts = Counter((slot.kind, slot.day) for slot, _ in planned)
    assert not [key for key, count in counts.items() if count > 1]
    for slot, schedule in planned:
        local = slot.due_at.astimezone(schedule.zone)
        assert local.date() == slot.day
        assert slot.due_at >= BEGINS
        assert slot.due_at < slot.expires_at
        assert not schedule.silent_on(slot.day)
        assert schedule.quiet is None or not schedule.quiet.covers(local.time())
        assert slot.kind is K.PLAN or not schedule.free_on(slot.day)


@settings(max_examples=60, deadline=None)
@given(SCHEDULES, st.sampled_from([timedelta(minutes=7), timedelta(hours=5), timedelta(days=2)]))
def test_looking_finds_what_the_schedule_says(schedule: Schedule, tick: timedelta) -> None:
    """However often the scheduler looks, it plans exactly the slots of the schedule."""
    begin = BEGINS - timedelta(days=2)
    planned = {(slot.kind, slot.day) for slot, _ in live([Change(400, schedule)], tick)}
    hours = -(-timedelta(hours=400) // tick) * tick
    assert planned == {(slot.kind, slot.day) for slot in slots(schedule, begin, begin + hours)}


@settings(max_examples=60, deadline=None)
@given(SCHEDULES)
def test_withdrawn(schedule: Schedule) -> None:
    """Without a schedule (no consent yet, withdrawn, blocked) nothing is planned, ever."""
    assert plan(None, BEGINS, BEGINS + timedelta(days=400), ()) == ([], None)
    assert not [s for s in slots(schedule, BEGINS - timedelta(days=9), BEGINS) if s.due_at < BEGINS]
