"""Times as a person would say them: "Tuesday 8:30", "du lundi au vendredi à 9 h"."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from functools import cache
from typing import Any

from bot.coaching.rhythm import Rhythm
from bot.texts.places import names_of_places

_WEEK = 7


class Spoken:
    """Says times, days of the week, rhythms and places from the small words of a language."""

    def __init__(
        self,
        words: Callable[[str], Mapping[str, Any]],
        day: Callable[[str, date], str],
    ) -> None:
        """Take the small words by language, and what says a date."""
        self._words, self._day = words, day
        self._places = cache(names_of_places)

    def clock(self, language: str, at: time) -> str:
        """Return an hour of the day: "8:30", "8 h 30", "9 h"."""
        words = self._words(language)
        key = "clock" if at.minute or "clock_full" not in words else "clock_full"
        return str(words[key]).format(hour=at.hour, minute=f"{at.minute:02}")

    def moment(self, language: str, local: datetime, today: date) -> str:
        """Return a local time, seen from `today`: "today 18:00", "tomorrow, Tuesday 8:30".

        Within a week the weekday is enough; later the date is named.
        """
        words = self._words(language)
        ahead = (local.date() - today).days
        weekday = str(words["weekdays"][local.weekday()])
        near = {0: words["said_today"], 1: str(words["said_tomorrow"]).format(weekday=weekday)}
        day = near.get(ahead, weekday if 0 < ahead < _WEEK else self._day(language, local.date()))
        return self._at(words, str(day), self.clock(language, local.time()))

    def days(self, language: str, days: frozenset[int]) -> str:
        """Return days of the week (0 is Monday): "Monday to Friday", "le mardi et le jeudi"."""
        words = self._words(language)
        if len(days) == _WEEK:
            return str(words["every_day"])
        span = _span(days)
        if span is not None:
            first, last = (words["weekdays"][day] for day in span)
            return str(words["day_to_day"]).format(first=first, last=last)
        one = str(words["one_of_days"])
        named = [one.format(weekday=words["weekdays"][day]) for day in sorted(days)]
        return self.listed(language, named)

    def listed(self, language: str, items: list[str]) -> str:
        """Return several things in one phrase: "a, b and c"."""
        if len(items) < 2:
            return "".join(items)
        return str(self._words(language)["last_of_list"]).format(
            first=", ".join(items[:-1]), last=items[-1]
        )

    def rhythm(self, language: str, rhythm: Rhythm) -> str:
        """Return a rhythm: "Monday to Friday 9:00", "du lundi au vendredi à 9 h", "never"."""
        words = self._words(language)
        if not rhythm.days:
            return str(words["never"])
        days, clock = self.days(language, rhythm.days), self.clock(language, rhythm.at)
        return self._at(words, days, clock)

    def zone(self, language: str, zone: str) -> str:
        """Return what a zone is called: by its city, or as an offset: "Tokyo", "UTC+2"."""
        named = self._places(language)["zones"].get(zone)
        if named is not None:
            return named
        hours = zone.removeprefix("Etc/GMT")
        # These zones count from the other side: Etc/GMT-2 is two hours ahead.
        return "UTC" + hours.translate(str.maketrans("+-", "−+")) if hours != zone else "UTC"

    def country(self, language: str, country: str) -> str:
        """Return the name of a country by its ISO code."""
        return self._places(language)["countries"].get(country, country)

    def _at(self, words: Mapping[str, Any], day: str, clock: str) -> str:
        return str(words["day_at_clock"]).format(day=day, clock=clock)


def _span(days: frozenset[int]) -> tuple[int, int] | None:
    """Return the first and last of at least three days in a row, also across a week's end."""
    if len(days) < 3:
        return None
    for first in sorted(days):
        run = [(first + step) % _WEEK for step in range(len(days))]
        if frozenset(run) == days:
            return run[0], run[-1]
    return None
