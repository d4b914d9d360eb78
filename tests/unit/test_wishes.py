"""What is wished of a rhythm, and how a button carries it."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.rhythm import Rhythm, parse
from bot.coaching.wishes import (
    KINDS,
    code_of,
    concerned,
    fewer,
    granted,
    of_code,
    read_wish,
    shifted,
)

PRESENT = {
    "daily": parse("mon-fri 09:00"),
    "weekly": parse("fri 16:00"),
    "practice": parse("tue 09:00"),
}
RHYTHMS = st.builds(
    Rhythm,
    st.frozensets(st.integers(0, 6)),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("send the daily question at 8", ("daily",)),
        ("le point de la semaine le jeudi", ("weekly",)),
        ("the exercise on Mondays", ("practice",)),
        ("all of them at 8", KINDS),
        ("at 8", KINDS),
        ("mondays and thursdays", ("daily",)),
        ("moins souvent", ("daily",)),
        ("une fois par semaine", ("daily",)),
    ],
)
def test_it_is_known_which_messages_are_meant(text: str, kinds: tuple[str, ...]) -> None:
    """A message is named, or only one can be meant, or all that are on may be."""
    assert concerned(read_wish(text), PRESENT) == kinds


@pytest.mark.parametrize("text", ["", "hmm", "I like your questions", "merci"])
def test_nothing_wished_is_an_empty_wish(text: str) -> None:
    """Where no day, hour or frequency is named, nothing is changed."""
    assert read_wish(text).empty


def test_fewer_days_are_spread_over_the_week() -> None:
    """Five days become three, three two, two one; one stays."""
    days = frozenset(range(5))
    assert (days := fewer(days)) == {0, 2, 4}
    assert (days := fewer(days)) == {0, 4}
    assert (days := fewer(days)) == {0}
    assert fewer(days) == {0}


def test_a_shift_ends_before_the_night() -> None:
    """Later is at most half past nine, earlier at least six, unless it was so before."""
    assert shifted(time(9), 120) == time(11)
    assert shifted(time(21), 120) == time(21, 30)
    assert shifted(time(23), 120) == time(23)
    assert shifted(time(7), -120) == time(6)
    assert shifted(time(5), -120) == time(5)


def test_a_wish_for_an_hour_later_names_no_hour() -> None:
    """“Une heure plus tard” moves by an hour; it does not mean one o’clock."""
    for text in ("one hour later", "une heure plus tard"):
        assert granted(read_wish(text), "daily", PRESENT["daily"]) == parse("mon-fri 10:00")


@given(st.dictionaries(st.sampled_from(KINDS), RHYTHMS, min_size=1))
def test_a_button_carries_any_rhythm(rhythms: dict[str, Rhythm]) -> None:
    """What a code is made of is read back from it, and fits into a button."""
    read = of_code(code_of(rhythms))
    assert {kind: str(one) for kind, one in read.items()} == {
        kind: str(one) for kind, one in rhythms.items()
    }
    assert len(f"do.change_rhythm.{code_of(rhythms)}") <= 64


@given(st.text())
def test_what_is_no_code_is_none(code: str) -> None:
    """Whatever a button carries, it is a rhythm or nothing."""
    assert all(kind in KINDS for kind in of_code(code))
