"""A small grammar of days, English and French: "Tuesday", "in two weeks", "le 3 mars"."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta

# Left out, since they are words of their own: "mon" (my) and "tue" (kills) in French, "sat", "sun".
WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday lundi",
            "tuesday tues mardi",
            "wednesday wed weds mercredi",
            "thursday thu thur thurs jeudi",
            "friday fri vendredi",
            "saturday samedi",
            "sunday dimanche",
        )
    )
    for name in names.split()
}
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan janvier janv",
            "february feb fevrier fevr",
            "march mars",
            "april apr avril avr",
            "may mai",
            "june jun juin",
            "july jul juillet juil",
            "august aug aout",
            "september sept sep septembre",
            "october oct octobre",
            "november nov novembre",
            "december dec decembre",
        ),
        start=1,
    )
    for name in names.split()
}
NUMBERS = {
    name: number
    for number, names in enumerate(
        (
            "one a an un une",
            "two deux",
            "three trois",
            "four quatre",
            "five cinq",
            "six",
            "seven sept",
            "eight huit",
            "nine neuf",
            "ten dix",
        ),
        start=1,
    )
    for name in names.split()
}

type Reader = Callable[[re.Match[str], date], date | None]


def day_in(text: str, today: date) -> date | None:
    """Return the day a text names, seen from `today` in the person's zone, or None.

    A weekday is the next one to come, never today; a day and month without a year is the
    next such day, and counts more than the weekday before it; a day that has passed is not
    returned. When several days are named, the first one counts.
    """
    plain = fold(text)
    found = [
        (match.span(), reader(match, today))
        for pattern, reader in _READERS
        for match in pattern.finditer(plain)
    ]
    read_to = 0
    for (start, end), day in sorted(found, key=_first_and_longest):
        if start < read_to:
            continue  # A part of what was read: "tomorrow" in "the day after tomorrow".
        read_to = end
        if day is not None and day >= today:
            return day
    return None


def _first_and_longest(found: tuple[tuple[int, int], date | None]) -> tuple[int, int]:
    (start, end), _ = found
    return start, -end


def fold(text: str) -> str:
    """Return the text in lower case, without accents, with plain apostrophes and spaces."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return re.sub(r"\s+", " ", bare.replace("’", "'")).strip()


def _number(word: str) -> int:
    return int(word) if word.isdigit() else NUMBERS[word]


def _in_days(match: re.Match[str], today: date) -> date:
    unit = match["unit"]
    days = 7 if unit.startswith(("week", "semaine")) else 1
    return today + timedelta(days=_number(match["count"]) * days)


def _weekday(match: re.Match[str], today: date) -> date:
    ahead = (WEEKDAYS[match["weekday"]] - today.weekday() - 1) % 7 + 1
    this_week = ahead < 7 - today.weekday()
    next_week = match["before"] or match["after"]
    return today + timedelta(days=ahead + (7 if next_week and this_week else 0))


def _day_and_month(match: re.Match[str], today: date) -> date | None:
    year = int(match["year"]) if match["year"] else None
    return _calendar_day(int(match["day"]), MONTHS[match["month"]], year, today)


def _numeric(match: re.Match[str], today: date) -> date | None:
    year = int(match["year"]) if match["year"] else None
    return _calendar_day(int(match["day"]), int(match["month"]), year, today)


def _calendar_day(day: int, month: int, year: int | None, today: date) -> date | None:
    for candidate in (year,) if year else (today.year, today.year + 1):
        try:
            named = date(candidate, month, day)
        except ValueError:
            continue
        if named >= today:
            return named
    return None


def _fixed(days: int) -> Reader:
    return lambda _match, today: today + timedelta(days=days)


def _next_week(_match: re.Match[str], today: date) -> date:
    return today + timedelta(days=7 - today.weekday())


_WEEKDAY = "|".join(sorted(WEEKDAYS, key=len, reverse=True))
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_ON_WEEKDAY = rf"(?:\b(?:{_WEEKDAY}),? (?:the |le )?)?"
_COUNT = r"\d{1,3}|" + "|".join(sorted(NUMBERS, key=len, reverse=True))

_READERS: tuple[tuple[re.Pattern[str], Reader], ...] = tuple(
    (re.compile(pattern), reader)
    for pattern, reader in (
        (r"\b(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)\b", _numeric),
        (r"(?<![\d/])(?P<day>\d{1,2})/(?P<month>\d{1,2})(?:/(?P<year>20\d\d))?(?![\d/])", _numeric),
        (
            rf"{_ON_WEEKDAY}\b(?P<day>\d{{1,2}})(?:st|nd|rd|th|er)?(?: of)?"
            rf" (?P<month>{_MONTH})\b\.?"
            r"(?:,? (?P<year>20\d\d))?",
            _day_and_month,
        ),
        (
            rf"{_ON_WEEKDAY}\b(?P<month>{_MONTH})\.? (?:the )?(?P<day>\d{{1,2}})"
            r"(?:st|nd|rd|th)?\b"
            r"(?:,? (?P<year>20\d\d))?",
            _day_and_month,
        ),
        (
            rf"\b(?:in|dans|d'ici) (?P<count>{_COUNT}) (?P<unit>days?|weeks?|jours?|semaines?)\b",
            _in_days,
        ),
        (
            r"\b(?P<before>(?:next week|la semaine prochaine),? (?:on |le )?)?"
            rf"\b(?P<weekday>{_WEEKDAY})\b"
            r"(?P<after> (?:of )?next week| de la semaine prochaine)?",
            _weekday,
        ),
        (r"\b(?:in a fortnight|dans (?:quinze jours|une quinzaine))\b", _fixed(14)),
        (r"\b(?:day after tomorrow|apres[- ]demain)\b", _fixed(2)),
        (r"\b(?:tomorrow|tmrw|tmw|demain)\b", _fixed(1)),
        (
            r"\b(?:today|tonight|this (?:morning|afternoon|evening)|aujourd'hui|ce soir"
            r"|ce matin|cet apres-midi)\b",
            _fixed(0),
        ),
        (r"\b(?:next week|la semaine prochaine)\b", _next_week),
    )
)
