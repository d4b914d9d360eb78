"""The grammar of days, English and French."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coaching.times import day_in, fold

TUESDAY = date(2026, 11, 24)

READ = {
    # Near days.
    "today": TUESDAY,
    "This evening, after the meeting": TUESDAY,
    "aujourd’hui": TUESDAY,
    "ce soir": TUESDAY,
    "tomorrow morning": date(2026, 11, 25),
    "demain matin": date(2026, 11, 25),
    "the day after tomorrow": date(2026, 11, 26),
    "day after tomorrow": date(2026, 11, 26),
    "après-demain": date(2026, 11, 26),
    "apres demain": date(2026, 11, 26),
    # Weekdays: the next one, never today.
    "on Friday I will ask Paul": date(2026, 11, 27),
    "VENDREDI": date(2026, 11, 27),
    "jeudi prochain": date(2026, 11, 26),
    "next Thursday": date(2026, 11, 26),
    "Tuesday": date(2026, 12, 1),
    "mardi": date(2026, 12, 1),
    "Monday of next week": date(2026, 11, 30),
    "Friday next week": date(2026, 12, 4),
    "vendredi de la semaine prochaine": date(2026, 12, 4),
    "next week on Friday": date(2026, 12, 4),
    "la semaine prochaine, vendredi": date(2026, 12, 4),
    "vendredi de cette semaine": date(2026, 11, 27),
    # So many days on.
    "in three days": date(2026, 11, 27),
    "dans 3 jours": date(2026, 11, 27),
    "in two weeks": date(2026, 12, 8),
    "d’ici deux semaines": date(2026, 12, 8),
    "dans une semaine": date(2026, 12, 1),
    "dans sept jours": date(2026, 12, 1),
    "dans quinze jours": date(2026, 12, 8),
    "in a fortnight": date(2026, 12, 8),
    "next week": date(2026, 11, 30),
    "la semaine prochaine": date(2026, 11, 30),
    # Days of the calendar.
    "3 December": date(2026, 12, 3),
    "le 3 décembre": date(2026, 12, 3),
    "le 3 decembre": date(2026, 12, 3),
    "December 3rd": date(2026, 12, 3),
    "the 3rd of December": date(2026, 12, 3),
    "Dec. 3": date(2026, 12, 3),
    "le 1er mars": date(2027, 3, 1),
    "12 March": date(2027, 3, 12),
    "12 August 2028": date(2028, 8, 12),
    "le 12 août 2028": date(2028, 8, 12),
    "2027-01-05": date(2027, 1, 5),
    "5/1": date(2027, 1, 5),
    "05/01/2027": date(2027, 1, 5),
    # A weekday with its date is that date.
    "Tuesday 3 March": date(2027, 3, 3),
    "Tuesday, December 8": date(2026, 12, 8),
    "mardi 8 décembre": date(2026, 12, 8),
    "mardi 1er décembre": date(2026, 12, 1),
    # The first of several days counts, unless it has passed.
    "Friday, or Monday at the latest": date(2026, 11, 27),
    "not as on 3 March 2020: this time on Friday": date(2026, 11, 27),
}

NOT_READ = [
    "",
    "soon",
    "bientôt",
    "when we have time",
    "mardi 24 mars 2020",
    "31 February",
    "31/02",
    "2027-13-01",
    # Words of one language that look like days of the other.
    "Je parlerai avec mon équipe",
    "Ce rythme me tue",
    "She sat down in the sun",
    "we may talk",
]


@pytest.mark.parametrize(("text", "day"), READ.items(), ids=READ)
def test_a_named_day_is_read(text: str, day: date) -> None:
    """A day named in English or French is the day a person means by it."""
    assert day_in(text, TUESDAY) == day


@pytest.mark.parametrize("text", NOT_READ)
def test_no_day_is_guessed(text: str) -> None:
    """Where no day to come is named, none is read."""
    assert day_in(text, TUESDAY) is None


@pytest.mark.parametrize(
    ("today", "day"),
    [(date(2026, 11, 22), date(2026, 11, 23)), (date(2026, 11, 23), date(2026, 11, 30))],
    ids=["on a Sunday", "on a Monday"],
)
@pytest.mark.parametrize("text", ["Monday", "lundi prochain", "Monday next week", "next week"])
def test_next_week_begins_on_monday(text: str, today: date, day: date) -> None:
    """On any day of the week, next week and its Monday are the ones to come."""
    assert day_in(text, today) == day


@settings(deadline=None)
@given(
    text=st.text()
    | st.lists(
        st.sampled_from([*READ, *NOT_READ, "next", "la", "dans", "3", "12/", "mars", "99", ","])
    ).map(" ".join),
    today=st.dates(date(2020, 1, 1), date(2090, 12, 31)),
)
def test_no_past_day_is_read(text: str, today: date) -> None:
    """Whatever is written, a day that is read is today or later, within twenty years or named."""
    day = day_in(text, today)
    assert day is None or day >= today
    if day is not None and "20" not in fold(text):
        assert day <= today + timedelta(weeks=1000)


@settings(deadline=None)
@given(st.dates(date(2020, 1, 1), date(2090, 12, 31)), st.integers(0, 400), st.booleans())
def test_a_date_as_leo_writes_it_is_read_back(today: date, ahead: int, french: bool) -> None:
    """A date in Leo's own words, weekday and all, is read as that date."""
    day = today + timedelta(days=ahead)
    weekdays = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]
    months = [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ]
    written = (
        f"{weekdays[day.weekday()]} {day.day} {months[day.month - 1]} {day.year}"
        if french
        else f"{day:%A} {day.day} {day:%B} {day.year}"
    )
    assert day_in(written, today) == day


@settings(deadline=None)
@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    """Folded text is plain: lower case, no accents, single spaces."""
    folded = fold(text)
    assert fold(folded) == folded
    assert "  " not in folded and "’" not in folded
