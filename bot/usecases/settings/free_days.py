"""On which days Leo does not write: days off, and the public holidays of a country."""

import re

from bot.coaching.rhythm import days_text, parse_days
from bot.coaching.times import days_in
from bot.coaching.wishes import wants_none
from bot.usecases.nudges.preferences import set_preferences
from bot.usecases.settings.asking import ask_about, confirm, present, undo
from bot.usecases.turn import Turn

DAYS, COUNTRY, NONE = "workdays", "country", "none"
INTENT = "see_settings"
_DAYS_CODE = re.compile(rf"{DAYS}-(?P<days>[0-6]{{1,7}}|{NONE})")
_COUNTRY_CODE = re.compile(rf"{COUNTRY}-(?P<country>[a-z]{{2}}|{NONE})")
WORKING_WEEK = frozenset(range(5))


def change_free_days(turn: Turn, about: str) -> bool:
    """Do what a button of the settings says; tell whether it was one about days."""
    days, country = _DAYS_CODE.fullmatch(about), _COUNTRY_CODE.fullmatch(about)
    if about in (DAYS, COUNTRY):
        ask_about(turn, about)
    elif days is not None:
        set_working_days(turn, None if days["days"] == NONE else frozenset(map(int, days["days"])))
    elif country is not None:
        set_country(turn, None if country["country"] == NONE else country["country"].upper())
    return about in (DAYS, COUNTRY) or days is not None or country is not None


def wish_for_days(turn: Turn, words: str) -> None:
    """Set the days of work, as words say."""
    now = present(turn).working_days
    days = days_in(words, parse_days(now) if now else WORKING_WEEK)
    if days is None:
        return ask_about(turn, DAYS, unread=True)
    set_working_days(turn, days)


def wish_for_country(turn: Turn, words: str) -> None:
    """Set whose public holidays are left out, as words say."""
    country = turn.deps.places().country(words)
    if country is None and not wants_none(words):
        return ask_about(turn, COUNTRY, unread=True)
    set_country(turn, country)


def set_working_days(turn: Turn, days: frozenset[int] | None) -> None:
    """Write on these days only; None for any day."""
    before = present(turn).working_days
    set_preferences(turn, working_days=days_text(days) if days else None)
    spoken = turn.deps.texts.times.days(turn.language, days) if days else ""
    turn.say("workdays_set", days=spoken)
    code = "".join(map(str, sorted(parse_days(before)))) if before else NONE
    confirm(turn, undo(turn, INTENT, f"{DAYS}-{code}"))


def set_country(turn: Turn, country: str | None) -> None:
    """Leave out the public holidays of a country (ISO code); None for none."""
    before = present(turn).country
    set_preferences(turn, country=country)
    name = turn.deps.texts.times.country(turn.language, country) if country else ""
    turn.say("country_set", country=name)
    confirm(turn, undo(turn, INTENT, f"{COUNTRY}-{(before or NONE).lower()}"))
