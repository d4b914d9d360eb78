"""Wall time and instants, also on the nights when the clocks change; quiet hours."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.walltime import Quiet, instant

ZONES = sorted(available_timezones() - {"localtime", "Factory"})
DATES = st.dates(date(2000, 1, 1), date(2037, 12, 31))
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@pytest.mark.parametrize(
    ("zone", "day", "at", "expected"),
    [
        # An ordinary day.
        ("Europe/Paris", date(2027, 1, 4), time(9), "2027-01-04T08:00"),
        # Forward: what does not exist is the first that does. Back: the first of two.
        ("Europe/Paris", date(2027, 3, 28), time(2, 30), "2027-03-28T01:00"),
        ("Europe/Paris", date(2027, 3, 28), time(3), "2027-03-28T01:00"),
        ("Europe/Paris", date(2027, 10, 31), time(2, 30), "2027-10-31T00:30"),
        ("America/New_York", date(2027, 3, 14), time(2, 15), "2027-03-14T07:00"),
        ("America/New_York", date(2027, 11, 7), time(1, 30), "2027-11-07T05:30"),
        # Lord Howe moves by half an hour only.
        ("Australia/Lord_Howe", date(2027, 10, 3), time(2, 10), "2027-10-02T15:30"),
        ("Australia/Lord_Howe", date(2027, 4, 4), time(1, 45), "2027-04-03T14:45"),
        # Kathmandu, a quarter of an hour off; Santiago's midnight that does not exist.
        ("Asia/Kathmandu", date(2027, 1, 4), time(9), "2027-01-04T03:15"),
        ("America/Santiago", date(2027, 9, 5), time(0), "2027-09-05T04:00"),
    ],
)
def test_instant(zone: str, day: date, at: time, expected: str) -> None:
    """A wall time is the instant at which clocks there show it, or the first after the gap."""
    assert instant(day, at, ZoneInfo(zone)) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_a_day_left_out() -> None:
    """Samoa left out the 30th of December 2011: what was meant for it lies after it."""
    found = instant(date(2011, 12, 30), time(9), ZoneInfo("Pacific/Apia"))
    assert found.astimezone(ZoneInfo("Pacific/Apia")).date() == date(2011, 12, 31)


@given(st.sampled_from(ZONES), DATES, TIMES)
def test_no_instant_before_shows_the_wall_time_or_later(zone: str, day: date, at: time) -> None:
    """The instant shows the wall time; where it is skipped, it is the very end of the gap."""
    place = ZoneInfo(zone)
    found = instant(day, at, place)
    local = found.astimezone(place)
    wanted = datetime.combine(day, at)
    assert local.replace(tzinfo=None) >= wanted
    if local.replace(tzinfo=None) == wanted:
        assert local.fold == 0
        return
    before = (found.timestamp() - 1, found.timestamp())
    earlier, now = (datetime.fromtimestamp(stamp, place).replace(tzinfo=None) for stamp in before)
    assert earlier < wanted < now


@pytest.mark.parametrize(
    ("quiet", "at", "expected"),
    [
        (Quiet(time(18), time(9)), time(8, 30), time(9)),
        (Quiet(time(18), time(9)), time(9), time(9)),
        (Quiet(time(18), time(9)), time(17, 59), time(17, 59)),
        # What would come in the evening comes an hour before it.
        (Quiet(time(18), time(9)), time(20), time(17)),
        (Quiet(time(12), time(14)), time(13), time(14)),
        (Quiet(time(22), time(0)), time(23), time(21)),
        # Nothing is left of the day.
        (Quiet(time(9, 30), time(9)), time(20), None),
    ],
)
def test_quiet_hours(quiet: Quiet, at: time, expected: time | None) -> None:
    """A message waits for the end of the quiet hours, or comes before them, the same day."""
    assert quiet.calm(at) == expected


@given(st.builds(Quiet, TIMES, TIMES), TIMES)
def test_calm_is_calm(quiet: Quiet, at: time) -> None:
    """The time found instead never lies in the quiet hours."""
    found = quiet.calm(at)
    assert found is None or not quiet.covers(found)
