"""A programme: which practice and which themes come in which week, and in what rhythm."""

from dataclasses import dataclass
from datetime import date

from bot.coaching.practice import Text
from bot.coaching.rhythm import Rhythm


@dataclass(frozen=True)
class Week:
    """One week: what it looks at, its practice, and the themes of its daily reflections."""

    theme: Text
    opening: Text
    practice: str
    themes: tuple[str, ...]


@dataclass(frozen=True)
class Programme:
    """Weeks in order. The rhythms are in local time: `daily` for the reflections, `weekly` for
    the check-in, `practice` for the practice of the week.
    """

    id: str
    title: Text
    purpose: Text
    daily: Rhythm
    weekly: Rhythm
    practice: Rhythm
    weeks: tuple[Week, ...]
    closing: Text

    def week_on(self, day: date, starts_on: date) -> Week | None:
        """Return the week that `day` lies in, or None before the start and after the end.

        Weeks are counted from the Monday of the week of `starts_on`.
        """
        number = week_number(day, starts_on)
        return self.weeks[number] if day >= starts_on and number < len(self.weeks) else None


def week_number(day: date, starts_on: date) -> int:
    """Return how many Mondays lie between the start and `day`: 0 in the first week."""
    monday = starts_on.toordinal() - starts_on.weekday()
    return (day.toordinal() - monday) // 7
