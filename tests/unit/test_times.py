"""The grammar of times, English and French: instants, hours, days of the week, spans, quiet."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coaching.times import (
    Hush,
    Span,
    clock_in,
    days_in,
    hush_in,
    instant_in,
    span_in,
    until_in,
)

PARIS = ZoneInfo("Europe/Paris")
# A Tuesday, at ten in the morning.
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=PARIS)
TODAY = NOW.date()

INSTANTS = {
    # So much time from now.
    "in two hours": "24 12:00",
    "ask me again in half an hour please": "24 10:30",
    "in 45 min": "24 10:45",
    "in an hour and a half": "24 11:30",
    "in 1.5 hours": "24 11:30",
    "in a couple of hours": "24 12:00",
    "in an hour and 20 minutes": "24 11:20",
    "in a quarter of an hour": "24 10:15",
    "ten minutes from now": "24 10:10",
    "2 hours later": "24 12:00",
    "give me twenty minutes": "24 10:20",
    "in two and a half hours": "24 12:30",
    "in 2h": "24 12:00",
    "dans deux heures": "24 12:00",
    "dans une demi-heure": "24 10:30",
    "dans 1/2 heure": "24 10:30",
    "dans 2h30": "24 12:30",
    "dans une heure et demie": "24 11:30",
    "dans un quart d’heure": "24 10:15",
    "dans trois quarts d'heure": "24 10:45",
    "d’ici une heure": "24 11:00",
    "rappelle-moi dans 20 minutes": "24 10:20",
    "dans une vingtaine de minutes": "24 10:20",
    "une heure plus tard": "24 11:00",
    "dans 1h": "24 11:00",
    "laissez-moi dix minutes": "24 10:10",
    # Tomorrow and the days after.
    "tomorrow 8:30": "25 08:30",
    "tomorrow at half past eight": "25 08:30",
    "tommorow mornign": "25 09:00",
    "tmrw at 7": "25 07:00",
    "8am tomorrow": "25 08:00",
    "tomorrow after lunch": "25 13:30",
    "tomorrow evening at 7": "25 19:00",
    "tomorrow night": "25 19:00",
    "noon tomorrow": "25 12:00",
    "same time tomorrow": "25 10:00",
    "ok so the meeting moved, can you ask me that tomorrow morning instead": "25 09:00",
    "the day after tomorrow at 9": "26 09:00",
    "demain matin": "25 09:00",
    "demain à 8 h 30": "25 08:30",
    "demian matin stp": "25 09:00",
    "demain en fin de journée": "25 18:00",
    "demain, huit heures moins le quart": "25 07:45",
    "plutôt demain vers 9h": "25 09:00",
    "après-demain à midi": "26 12:00",
    "demain à la même heure": "25 10:00",
    "demain à 3h de l’après-midi": "25 15:00",
    "je suis en réunion jusqu’à 11h, redemandez-moi demain à 8h": "25 08:00",
    # Days of the week.
    "Monday morning": "30 09:00",
    "monday at noon": "30 12:00",
    "on Thursday, at 5 pm": "26 17:00",
    "Fri 16:00": "27 16:00",
    "thrusday morning": "26 09:00",
    "lundi matin": "30 09:00",
    "jeudi à midi et quart": "26 12:15",
    "vendredi à 17h": "27 17:00",
    "lundi prochain à 9 heures": "30 09:00",
    "lundi en huit à 10h": "12-07 10:00",
    "dans 3 jours à 8h": "27 08:00",
    "in three days at 9": "27 09:00",
    "the 3rd of December at 9:15": "12-03 09:15",
    "le 3 décembre à 9 h 15": "12-03 09:15",
    # An hour or a part of the day alone.
    "at noon": "24 12:00",
    "at 11": "24 11:00",
    "at 9": "25 09:00",
    "half seven": "25 07:30",
    "quarter to twelve": "24 11:45",
    "ten past eleven": "24 11:10",
    "twenty to five pm": "24 16:40",
    "at six thirty pm": "24 18:30",
    "half past four this afternoon": "24 16:30",
    "tonight": "24 19:00",
    "tonight at 8": "24 20:00",
    "tonight, when I am home, say at 8": "24 20:00",
    "demain matin, une fois au bureau, disons 8h": "25 08:00",
    "ds 10 min": "24 10:10",
    "ds 3h": "24 13:00",
    "this evening": "24 19:00",
    "after lunch": "24 13:30",
    "later, this afternoon": "24 14:00",
    "today at 3": "24 15:00",
    "at midnight": "25 00:00",
    "not now, after lunch": "24 13:30",
    "not today, tomorrow at 8": "25 08:00",
    "I’m in a meeting until 11, ask me at 12": "24 12:00",
    "my 9:00 moved, can you ask me tomorrow morning": "25 09:00",
    "à midi": "24 12:00",
    "midi et demi": "24 12:30",
    "à treize heures trente": "24 13:30",
    "à 11 heures moins dix": "24 10:50",
    "cet aprem": "24 14:00",
    "ce soir à 8h": "24 20:00",
    "ce soir": "24 19:00",
    "après manger": "24 13:30",
    "en fin d’après-midi": "24 17:00",
    "pas maintenant, à 18h": "24 18:00",
    "vers 16h": "24 16:00",
    "à 5 heures du soir": "24 17:00",
    "8 h du matin": "25 08:00",
}
NO_INSTANT = [
    "",
    "later",
    "plus tard",
    "not now",
    "tomorrow",
    "demain",
    "soon",
    "dans quelques minutes",
    "this morning at 8",
    "25:00",
    "at 99",
    "yesterday morning",
    "hier soir",
    "two hours ago",
    "il y a deux heures",
    "in 3 days",
    "the three of us talked",
]
UNTIL = {
    "until Monday": "30",
    "pause till friday": "27",
    "on holiday until 3 March": "2027-03-03",
    "until the 29th": "29",
    "until Friday inclusive": "28",
    "up to and including Friday": "28",
    "through Sunday": "30",
    "not before Monday": "30",
    "until the end of the week": "30",
    "until the end of the month": "12-01",
    "until the end of March": "2027-04-01",
    "until the end of the year": "2027-01-01",
    "until next week": "30",
    "until March": "2027-03-01",
    "until tomorrow": "25",
    "until next month": "12-01",
    "I’m back on 7 December": "12-07",
    "the rest of this week": "30",
    "until the end of next week": "12-07",
    "until after the weekend": "30",
    "until May 3": "2027-05-03",
    "in pause until 12/01/2027": "2027-01-12",
    "jusqu’à lundi": "30",
    "jusqu'au 3 mars": "2027-03-03",
    "jusqu’au 3 mars inclus": "2027-03-04",
    "jusqu’à vendredi compris": "28",
    "pas avant lundi": "30",
    "jusqu’à la fin de la semaine": "30",
    "jusqu’à la fin du mois": "12-01",
    "jusque fin mars": "2027-04-01",
    "jusqu’en mars": "2027-03-01",
    "jusqu’au 29": "29",
    "en congé jusqu'au lundi 7 decembre": "12-07",
    "de retour mardi prochain": "12-01",
    "jusqu’à la semaine prochaine": "30",
    "jusqu’à demain": "25",
    "jusquau 5 janvier": "2027-01-05",
    "jusqu’à dans deux semaines": "12-08",
    "je suis en congés du 30 novembre au 4 décembre inclus": "12-05",
}
SPANS = {
    "for two weeks": Span(days=14),
    "a week": Span(days=7),
    "for a fortnight": Span(days=14),
    "ten days": Span(days=10),
    "one month please": Span(months=1),
    "for 3 months": Span(months=3),
    "a year": Span(months=12),
    "a couple of days": Span(days=2),
    "a week and a half": Span(days=10),
    "pendant deux semaines": Span(days=14),
    "quinze jours": Span(days=14),
    "huit jours": Span(days=7),
    "une semaine": Span(days=7),
    "pendant 3 jours": Span(days=3),
    "un mois": Span(months=1),
    "une dizaine de jours": Span(days=10),
    "un an": Span(months=12),
    "une quinzaine": Span(days=14),
}
CLOCKS = {
    "send it at 8": "08:00",
    "at 7:30 please": "07:30",
    "8 instead of 9": "08:00",
    "half past seven": "07:30",
    "make it 6 pm": "18:00",
    "in the evening, around 8": "20:00",
    "in the afternoon": "14:00",
    "eight thirty in the morning": "08:30",
    "at noon": "12:00",
    "18.30": "18:30",
    "8 o’clock": "08:00",
    "plutôt à 18h": "18:00",
    "à 8 h 15": "08:15",
    "à sept heures et demie": "07:30",
    "neuf heures moins le quart": "08:45",
    "le soir": "19:00",
    "vers midi": "12:00",
    "midi moins le quart": "11:45",
    "le matin à 7h": "07:00",
    "20h au lieu de 9h": "20:00",
    "à 6 heures du soir": "18:00",
}
DAYS = {
    "mon, wed and fri": "mon wed fri",
    "Tue/Thu": "tue thu",
    "mon-fri": "mon tue wed thu fri",
    "Monday to Thursday": "mon tue wed thu",
    "from friday to monday": "mon fri sat sun",
    "weekdays": "mon tue wed thu fri",
    "on weekends": "sat sun",
    "every day": "mon tue wed thu fri sat sun",
    "every day except Wednesday": "mon tue thu fri sat sun",
    "every day but Sunday": "mon tue wed thu fri sat",
    "weekdays, but not on Fridays": "mon tue wed thu",
    "once a week on Tuesday": "tue",
    "only Tuesdays and Thursdays": "tue thu",
    "du lundi au jeudi": "mon tue wed thu",
    "lun, mer et ven": "mon wed fri",
    "tous les jours sauf le mercredi": "mon tue thu fri sat sun",
    "le mardi et le jeudi": "tue thu",
    "en semaine": "mon tue wed thu fri",
    "les jours ouvrés sauf le vendredi": "mon tue wed thu",
    "une fois par semaine, le mardi": "tue",
    "tous les lundis": "mon",
    "le week-end": "sat sun",
    "seulement le jeudi": "thu",
    "pas le lundi mais le mardi": "tue",
    "mardi ou jeudi": "tue thu",
    "vendredis": "fri",
    "jamais le week-end": "mon tue wed thu fri",
}
HUSHES = {
    "nothing before 9": (None, "09:00"),
    "nothing after 18:00": ("18:00", None),
    "nothing before 9 or after 18:00": ("18:00", "09:00"),
    "nothing before nine or after seven": ("19:00", "09:00"),
    "no messages between 12 and 14": ("12:00", "14:00"),
    "quiet from 8 pm to 8 am": ("20:00", "08:00"),
    "only between 9 and 17": ("17:00", "09:00"),
    "don’t write after 7pm": ("19:00", None),
    "rien avant 9h ni après 18h": ("18:00", "09:00"),
    "pas de message après 19 h": ("19:00", None),
    "rien entre midi et 14h": ("12:00", "14:00"),
    "silence de 20h à 8h": ("20:00", "08:00"),
    "uniquement entre 9h et 18h": ("18:00", "09:00"),
}
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def at(text: str) -> datetime:
    """Read "25 09:00" as of this November, "12-07 10:00" as of this year."""
    day, _, hour = text.rpartition(" ")
    return datetime.combine(on(day), time.fromisoformat(hour), PARIS)


def on(text: str) -> date:
    """Read "25", "12-07" or "2027-03-03"."""
    return date.fromisoformat("2026-11-24"[: 10 - len(text)] + text)


@pytest.mark.parametrize(("text", "means"), INSTANTS.items(), ids=INSTANTS)
def test_an_instant_is_read(text: str, means: str) -> None:
    """What is said of a time, long or short, is the instant that is meant."""
    found = instant_in(text, NOW, PARIS)
    assert found and found.astimezone(PARIS) == at(means)


@pytest.mark.parametrize("text", NO_INSTANT)
def test_no_instant_is_guessed(text: str) -> None:
    """Where no hour to come is named, none is read."""
    assert instant_in(text, NOW, PARIS) is None


@pytest.mark.parametrize(("text", "means"), UNTIL.items(), ids=UNTIL)
def test_an_end_is_read(text: str, means: str) -> None:
    """The first day after a pause is read, also where the day named is part of it."""
    assert until_in(text, TODAY) == on(means)


@pytest.mark.parametrize(("text", "span"), SPANS.items(), ids=SPANS)
def test_a_span_is_read(text: str, span: Span) -> None:
    """So many days, weeks, months or years."""
    assert span_in(text) == span


@pytest.mark.parametrize(("text", "means"), CLOCKS.items(), ids=CLOCKS)
def test_an_hour_is_read(text: str, means: str) -> None:
    """An hour of the day, in digits or in words, or a part of the day."""
    assert clock_in(text) == time.fromisoformat(means)


@pytest.mark.parametrize(("text", "means"), DAYS.items(), ids=DAYS)
def test_days_of_the_week_are_read(text: str, means: str) -> None:
    """Days of the week: named, from one to another, all of them, all but some."""
    assert days_in(text) == {WEEK.index(day) for day in means.split()}


def test_days_left_out_are_taken_from_the_usual_ones() -> None:
    """Where only a day to leave out is named, the others stay as they were."""
    assert days_in("not on Fridays", frozenset({0, 2, 4})) == {0, 2}
    assert days_in("pas le vendredi", frozenset({0, 2, 4})) == {0, 2}
    assert days_in("send it at 8") is None


@pytest.mark.parametrize(("text", "means"), HUSHES.items(), ids=HUSHES)
def test_quiet_hours_are_read(text: str, means: tuple[str | None, str | None]) -> None:
    """From when until when it shall be quiet; one end may be left unsaid."""
    start, end = (time.fromisoformat(one) if one else None for one in means)
    assert hush_in(text) == Hush(start, end)


# --- clocks that change -------------------------------------------------------------------

SPRING = datetime(2027, 3, 27, 22, 10, tzinfo=PARIS)
AUTUMN = datetime(2026, 10, 24, 22, 0, tzinfo=PARIS)


@pytest.mark.parametrize("text", ["in six hours", "dans six heures"])
def test_elapsed_hours_are_counted_truly(text: str) -> None:
    """Six hours are six hours, also in a night with an hour less or more."""
    for now in (SPRING, AUTUMN):
        found = instant_in(text, now, PARIS)
        assert found and found - now.astimezone(UTC) == timedelta(hours=6)


@pytest.mark.parametrize("text", ["tomorrow at 2:30 am", "demain à 2h30"])
def test_an_hour_that_does_not_come_is_the_first_that_does(text: str) -> None:
    """In the night in which clocks go forward, half past two is three."""
    found = instant_in(text, SPRING, PARIS)
    assert found and found.astimezone(PARIS).isoformat() == "2027-03-28T03:00:00+02:00"


@pytest.mark.parametrize("text", ["tomorrow at 2:30 am", "demain à 2h30"])
def test_an_hour_that_comes_twice_is_the_first(text: str) -> None:
    """In the night in which clocks go back, half past two is the first of the two."""
    found = instant_in(text, AUTUMN, PARIS)
    assert found and found.astimezone(PARIS).isoformat() == "2026-10-25T02:30:00+02:00"


# --- whatever is said ---------------------------------------------------------------------

ZONES = sorted(available_timezones())
PIECES = (
    "in dans 2 30 8:30 99 h min hours heures tomorrow demain monday lundi matin 29 of evening soir "
    "until jusqu’au end fin week semaine next prochain and et demie 31 moins le quart noon midi "
    "minuit at à feb may mars 2027 9999 sauf inclus not pas years ans months mois 999 29/2 same "
    "time last ago half past 24h am pm"
)
WORDS = st.lists(st.sampled_from(PIECES.split()), max_size=9).map(" ".join)
SAID = st.text() | WORDS | st.sampled_from([*INSTANTS, *UNTIL, *DAYS, *HUSHES])
MOMENTS = st.integers(1_577_836_800, 2_145_916_800).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)


@settings(deadline=None)
@given(text=SAID, now=MOMENTS, zone=st.sampled_from(ZONES))
def test_what_is_read_lies_ahead(text: str, now: datetime, zone: str) -> None:
    """Whatever is said, at whatever hour, in whatever zone: an instant or a day lies ahead."""
    there = ZoneInfo(zone)
    found = instant_in(text, now, there)
    assert found is None or (found > now and found.tzinfo is not None)
    day = until_in(text, now.astimezone(there).date())
    assert day is None or day > now.astimezone(there).date()


@settings(deadline=None)
@given(text=SAID)
def test_what_is_read_of_a_rhythm_is_sound(text: str) -> None:
    """Whatever is said: days are days of the week, at least one; spans are not empty."""
    days, span = days_in(text), span_in(text)
    assert days is None or (days and days <= frozenset(range(7)))
    assert span is None or span.days or span.months
    assert clock_in(text) is None or isinstance(clock_in(text), time)
    assert hush_in(text) is None or hush_in(text) != Hush(None, None)


@settings(deadline=None, max_examples=300)
@given(now=MOMENTS, zone=st.sampled_from(ZONES), minutes=st.integers(1, 59))
def test_minutes_from_now_are_minutes(now: datetime, zone: str, minutes: int) -> None:
    """No change of clocks, in no zone, adds to what was said or takes from it."""
    for text in (f"in {minutes} minutes", f"dans {minutes} minutes"):
        found = instant_in(text, now, ZoneInfo(zone))
        assert found and found - now == timedelta(minutes=minutes)
