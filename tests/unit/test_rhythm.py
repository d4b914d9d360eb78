"""Rhythms and programmes: days and hours read and written, and which week a day lies in."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.programme import Programme, Week, week_number
from bot.coaching.rhythm import DAYS, NoRhythm, Rhythm, parse, parse_days

BOTH = {"en": "x", "fr": "x"}
WEEKS = tuple(Week(BOTH, BOTH, f"practice-{number}", ("listening",)) for number in range(3))
PROGRAMME = Programme(
    "three", BOTH, BOTH, parse("mon-fri 09:00"), parse("fri 16:00"), parse("tue 09:00"), WEEKS, BOTH
)


@given(
    st.frozensets(st.integers(0, 6), min_size=1),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
)
def test_what_is_written_reads_back(days: frozenset[int], at: time) -> None:
    """Any days and any minute of the day read back as they were written."""
    rhythm = Rhythm(days, at)
    assert parse(str(rhythm)) == rhythm


def test_off_is_never() -> None:
    """No days at all are written, and read, as "off"."""
    assert parse("off").days == frozenset()
    assert str(parse("OFF")) == "off"


def test_a_span_may_go_round_the_week() -> None:
    """From Saturday to Monday are three days."""
    assert parse_days("sat-mon") == {5, 6, 0}
    assert parse_days("mon-sun") == frozenset(range(len(DAYS)))


@pytest.mark.parametrize(
    "text", ["", "09:00", "mon-fri", "mon 24:00", "mon 9:75", "moon 09:00", "mon- 09:00"]
)
def test_what_is_no_rhythm_is_refused_with_the_reason(text: str) -> None:
    """An error names what was written and shows how it should look."""
    with pytest.raises(NoRhythm, match=r"no rhythm|names no day|no time of day"):
        parse(text)


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.integers(0, 400))
def test_weeks_turn_on_mondays(starts_on: date, days: int) -> None:
    """Wherever in the week a programme starts, its next week begins on the Monday after."""
    day = starts_on + timedelta(days=days)
    before = day - timedelta(days=1)
    turned = week_number(day, starts_on) - week_number(before, starts_on)
    assert turned == (day.weekday() == 0)


def test_the_week_a_day_lies_in() -> None:
    """Before the start and after the last week there is none."""
    thursday = date(2026, 11, 26)
    assert PROGRAMME.week_on(thursday - timedelta(days=1), thursday) is None
    assert PROGRAMME.week_on(thursday, thursday) is WEEKS[0]
    assert PROGRAMME.week_on(date(2026, 11, 30), thursday) is WEEKS[1]
    assert PROGRAMME.week_on(date(2026, 12, 13), thursday) is WEEKS[2]
    assert PROGRAMME.week_on(date(2026, 12, 14), thursday) is None
