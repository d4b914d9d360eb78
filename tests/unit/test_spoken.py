"""Times in words, in both languages."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.coaching.rhythm import parse
from bot.texts.catalogue import Catalogue

TIMES = Catalogue().times
TUESDAY = date(2026, 11, 24)
N = "\u00a0"


def moment(day: int, hour: int, minute: int = 0) -> datetime:
    """Return a moment of this November; its day 31 is the first of December."""
    return datetime(2026, 11, 1, hour, minute, tzinfo=UTC) + timedelta(days=day - 1)


@pytest.mark.parametrize(
    ("at", "english", "french"),
    [
        (moment(24, 18), "today 18:00", f"aujourd’hui à 18{N}h"),
        (moment(25, 8, 30), "tomorrow, Wednesday 8:30", f"demain mercredi à 8{N}h{N}30"),
        (moment(30, 9, 5), "Monday 9:05", f"lundi à 9{N}h{N}05"),
        (moment(31, 0), "Tuesday 1 December 0:00", f"mardi 1er décembre à 0{N}h"),
    ],
)  # fmt: skip
def test_a_moment_is_said_as_one_says_it(at: datetime, english: str, french: str) -> None:
    """Near days by their name, later ones with the date; French hours with no-break spaces."""
    assert TIMES.moment("en", at, TUESDAY) == english
    assert TIMES.moment("fr", at, TUESDAY) == french


@pytest.mark.parametrize(
    ("rhythm", "english", "french"),
    [
        ("mon-fri 09:00", "Monday to Friday 9:00", f"du lundi au vendredi à 9{N}h"),
        ("tue,thu 08:30", "Tuesday and Thursday 8:30", f"le mardi et le jeudi à 8{N}h{N}30"),
        ("mon,wed,fri 8:00", "Monday, Wednesday and Friday 8:00",
         f"le lundi, le mercredi et le vendredi à 8{N}h"),
        ("fri-mon 20:15", "Friday to Monday 20:15", f"du vendredi au lundi à 20{N}h{N}15"),
        ("mon-sun 07:00", "every day 7:00", f"tous les jours à 7{N}h"),
        ("wed 16:00", "Wednesday 16:00", f"le mercredi à 16{N}h"),
        ("off", "never", "jamais"),
    ],
)  # fmt: skip
def test_a_rhythm_is_said(rhythm: str, english: str, french: str) -> None:
    """Days in a row by their ends, others one by one."""
    assert TIMES.rhythm("en", parse(rhythm)) == english
    assert TIMES.rhythm("fr", parse(rhythm)) == french


def test_places_are_said_by_their_names() -> None:
    """A zone by its city, or as an offset; a country by its name."""
    assert [TIMES.zone(x, "Europe/London") for x in ("en", "fr")] == ["London", "Londres"]
    zones = ("Etc/GMT-2", "Etc/GMT+5", "Etc/UTC")
    assert [TIMES.zone("en", zone) for zone in zones] == ["UTC+2", "UTC−5", "UTC"]
    assert [TIMES.country(x, "CH") for x in ("en", "fr")] == ["Switzerland", "Suisse"]
    assert TIMES.clock("fr", time(8)) == f"8{N}h"
