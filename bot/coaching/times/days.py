"""Days and spans: "lundi en huit", "until the end of March", "for two weeks"."""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.coaching.times.words import tokens

COUNT = r"(?:(?:an? |une? )?N\d{1,3}|an?|une?)"
type Reader = Callable[[re.Match[str], date], date | None]
type Found = tuple[int, int, date]


@dataclass(frozen=True)
class Span:
    """A length of time in whole days and calendar months."""

    days: int = 0
    months: int = 0

    def after(self, day: date) -> date:
        """Return the day that lies this far on; the 31st becomes the last day of a short month."""
        year, month = divmod(day.year * 12 + day.month - 1 + self.months, 12)
        last = monthrange(year, month + 1)[1]
        return date(year, month + 1, min(day.day, last)) + timedelta(days=self.days)


def day_in(text: str, today: date) -> date | None:
    """Return the day a text names, seen from `today` in the person's zone, or None.

    A weekday is the next one to come, never today; a day and month without a year is the
    next such day, and counts more than the weekday before it; a day that has passed is not
    returned. When several days are named, the first one counts.
    """
    return next((day for *_, day in days_of(tokens(text), today)), None)


def days_of(line: str, today: date) -> list[Found]:
    """Return the days in a line of tokens that are not past, each with where it stands."""
    line = without_refused(without_past(line))
    found = [
        (match.start(), match.end(), reader, match)
        for pattern, reader in _READERS
        for match in pattern.finditer(line)
    ]
    days: list[Found] = []
    read_to = 0
    for start, end, reader, match in sorted(found, key=lambda one: (one[0], -one[1])):
        if start < read_to:
            continue  # A part of what was read: "tomorrow" in "the day after tomorrow".
        read_to = end
        try:
            day = reader(match, today)
        except (ValueError, OverflowError):
            continue  # No such day, or one beyond the calendar.
        if day is not None and day >= today:
            days.append((start, end, day))
    return days


def without_past(line: str) -> str:
    """Return the line with what lies behind left out, its length unchanged."""
    return _PAST.sub(lambda found: "-" * len(found[0]), line)


def without_refused(line: str) -> str:
    """Return the line without what is refused ("not on Monday"), its length unchanged."""
    return _REFUSED.sub(lambda found: "-" * len(found[0]), line)


def span_in(text: str) -> Span | None:
    """Return the first length of time in days, weeks, months or years that a text names."""
    found = _SPAN.search(tokens(text))
    return _span(found) if found else None


def from_in(text: str, today: date) -> date | None:
    """Return the day after `today` on which a stretch of days begins, or None where it began.

    "From 3 to 17 August", "du lundi 7 au vendredi 11", "from Monday on".
    """
    line = without_past(tokens(text))
    days = days_of(line, today)
    if not days:
        return None
    start, _, day = days[0]
    bare = _BARE_FIRST_DAY.search(line[:start])
    if bare and int(bare["day"]) < day.day:
        day = day.replace(day=int(bare["day"]))
    elif not bare and len(days) == 1 and not _FROM.search(line[:start]):
        return None
    return day if day > today else None


def until_in(text: str, today: date) -> date | None:
    """Return the first day on which messages come again, after `today`, or None.

    "Until Monday" ends on Monday; "inclusive", "through" and « inclus » on the day after. The
    end of a week, month or year is the first day of the next one.
    """
    line = without_past(tokens(text))
    for reader in (_ended_period, _until_day):
        day = reader(line, today)
        if day is not None and day > today:
            return day
    return None


def _ended_period(line: str, today: date) -> date | None:
    """Return the first day after a period named by its end, or as a whole."""
    found = _PERIOD.search(line)
    if found is None:
        return None
    following = "NEXT" in found[0]
    return _last_day(found["unit"] or found["now"], following, today) + timedelta(days=1)


def _until_day(line: str, today: date) -> date | None:
    spoken = _UNTIL.search(line)
    if spoken is None:
        return None
    rest = line[spoken.end() :]
    month = _UNTIL_MONTH.match(rest)
    if month is not None:
        return _calendar_day(1, int(month["month"]), _year(month), today)
    day = next((day for *_, day in days_of(rest.removeprefix(" "), today)), None)
    if day is None:
        return None
    if re.match(r" AFTER (?:the |THIS )*WEEKEND", rest):
        return day + timedelta(days=2)
    inclusive = "INCL" in spoken[0] or rest.startswith(" AFTER") or re.search(r"\bINCL\b", rest)
    return day + timedelta(days=1 if inclusive else 0)


# --- the readers --------------------------------------------------------------------------


def number(word: str) -> int:
    """Return the number that a count stands for."""
    _, is_counted, digits = word.rpartition("N")
    return int(digits) if is_counted else 1


def _span(found: re.Match[str]) -> Span:
    count, half = number(found["count"]), bool(found["half"] or found["half_after"])
    match found["unit"]:
        case "Uday":
            return Span(days=count)
        case "Uweek":
            return Span(days=7 * count + (3 if half else 0))
        case "Umonth":
            return Span(months=count, days=15 if half else 0)
    return Span(months=12 * count + (6 if half else 0))


def _in_span(found: re.Match[str], today: date) -> date:
    return _span(found).after(today)


def _span_from(found: re.Match[str], today: date) -> date:
    return _span(found).after(_named(found, today))


def _named(found: re.Match[str], today: date) -> date:
    """Return a weekday to come, or a day counted from today."""
    if found["weekday"] is None:
        return today + timedelta(days=int(found["ahead"]))
    return _next(int(found["weekday"]), today)


def _next(weekday: int, today: date) -> date:
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _in_eight(found: re.Match[str], today: date) -> date:
    weeks = 2 if found["more"] in ("N15", "N2 Uweek") else 1
    return _named(found, today) + timedelta(weeks=weeks)


def _weekday(found: re.Match[str], today: date) -> date:
    return _next(int(found["weekday"]), today)


def _weekday_of_week(found: re.Match[str], today: date) -> date:
    weeks = number(found["count"]) if found["count"] else 2 if found["after_next"] else 1
    monday = today + timedelta(days=7 * weeks - today.weekday())
    return monday + timedelta(days=int(found["weekday"]))


def _ahead(found: re.Match[str], today: date) -> date:
    return today + timedelta(days=int(found["ahead"]))


def _year(found: re.Match[str]) -> int | None:
    return int(found["year"]) or None if found["year"] else None


def _day_and_month(found: re.Match[str], today: date) -> date | None:
    return _calendar_day(int(found["day"]), int(found["month"]), _year(found), today)


def _calendar_day(day: int, month: int, year: int | None, today: date) -> date | None:
    # Eight years on, a 29 February is sure to have come.
    for candidate in (year,) if year else range(today.year, today.year + 9):
        try:
            named = date(candidate, month, day)
        except ValueError:
            continue
        if named >= today:
            return named
    return None


def _day_of_month(found: re.Match[str], today: date) -> date | None:
    day = int(found["day"])
    for ahead in range(13):
        first = Span(months=ahead).after(today.replace(day=1))
        if day <= monthrange(first.year, first.month)[1] and first.replace(day=day) >= today:
            return first.replace(day=day) if day else None
    return None


def _weekday_of_month(found: re.Match[str], today: date) -> date | None:
    weekday, which = int(found["weekday"]), int(found["which"])
    for year in (today.year, today.year + 1):
        first = date(year, int(found["month"]), 1)
        day = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (which - 1))
        if day >= today:
            return day
    return None


def _next_monday(_found: re.Match[str], today: date) -> date:
    return today + timedelta(days=7 - today.weekday())


def _monday_after(_found: re.Match[str], today: date) -> date:
    return today + timedelta(days=14 - today.weekday())


def _next_first(found: re.Match[str], today: date) -> date:
    if found["unit"] == "Uyear":
        return date(today.year + 1, 1, 1)
    return Span(months=1).after(today.replace(day=1))


def _saturday(_found: re.Match[str], today: date) -> date:
    return today if today.weekday() > 4 else _next(5, today)


def _end(found: re.Match[str], today: date) -> date:
    last = _last_day(found["unit"], bool(found["next"]), today)
    # The end of a week that one works in is its Friday, while that lies ahead.
    friday = last - timedelta(days=2)
    return friday if found["unit"] == "Uweek" and friday >= today else last


def _last_day(unit: str, following: bool, today: date) -> date:
    """Return the last day of the week, month, year or named month; of the `following` one."""
    match unit:
        case "Uday":
            return today + timedelta(days=1 if following else 0)
        case "Uweek" | "WEEKEND":
            return today + timedelta(days=6 - today.weekday() + (7 if following else 0))
        case "Uyear":
            return date(today.year + (1 if following else 0), 12, 31)
        case "Umonth":
            first = Span(months=1 if following else 0).after(today.replace(day=1))
        case _:
            month = int(unit[1:])
            first = date(today.year + (1 if month < today.month else 0), month, 1)
    return Span(months=1).after(first) - timedelta(days=1)


_HALF_UNIT = (
    rf"(?P<count>{COUNT}) (?P<half>AND (?:an? )?HALF )?"
    r"(?P<unit>Uday|Uweek|Umonth|Uyear)\b(?P<half_after> AND (?:an? |une? )?HALF)?"
)
_DATED = r"(?:the )?(?:W\d(?: ,)? (?:the )?)?"
_YEAR = r"(?:(?: ,)? Y(?P<year>\d{4}))?"
_WEEKDAY = r"W(?P<weekday>\d)"
_NAMED = rf"(?:(?:the |on )*{_WEEKDAY}|D(?P<ahead>\d))"
_UNIT = r"(?P<unit>Uweek|Umonth|Uyear|WEEKEND|M\d\d)"
_FILLERS = r"(?:the |of |THIS |en )*"
_WEEK_AHEAD = rf"(?:(?P<after_next>WEEKAFTER)|NEXT Uweek|Uweek NEXT|IN (?P<count>{COUNT}) Uweek)"
_A_DAY = r"DATE\d+|W\d|[NOQ]\d+(?: of)?(?: the)? M\d\d|M\d\d [NOQ]\d+|D\d"
_SPAN = re.compile(rf"\b{_HALF_UNIT}")
_PAST = re.compile(
    r"\b(?:PAST(?: P[a-z]+)?(?: AT| a)?(?: [TtH]\d{4}| N\d+)?"
    rf"|LAST (?:W\d|Uweek|Umonth|M\d\d)|(?:W\d|Uweek|Umonth) LAST|{COUNT} U[a-z]+ AGO"
    rf"|AGO (?:{COUNT} U[a-z]+|H\d{{4}}))\b"
)
_REFUSED = re.compile(
    r"\bEXCEPT (?:the |on |THIS |AT )*(?:D\d|W\d|[TtH]\d{4}|(?<=AT )N\d+)(?: P[a-z]+)?"
)
_FROM = re.compile(r"\bFROM (?:the )*$")
_BARE_FIRST_DAY = re.compile(r"\b[NO](?P<day>\d{1,2}) (?:to|-|au|a|AND|UNTIL) (?:the )*$")
_UNTIL = re.compile(
    # Or the second of two days, or one that is included.
    rf"\b(?:UNTIL INCL|UNTIL(?= the [NO]\d)|UNTIL|INCL(?= (?:the |on )*(?:{_A_DAY}))"
    rf"|(?:{_A_DAY}|[NO]\d+) (?:M\d\d )?(?:to|-|a|au)(?= (?:the )?(?:{_A_DAY})))"
)
_UNTIL_MONTH = re.compile(rf" (?:en |IN |the |START )*M(?P<month>\d\d){_YEAR}(?! (?:the )?[NO]\d)")
_PERIOD = re.compile(
    rf"\b(?:(?:END|ALL) {_FILLERS}(?:NEXT )?{_UNIT}\b(?: NEXT)?"
    rf"|THIS {_UNIT.replace('unit', 'now')}\b)"
)
_READERS: tuple[tuple[re.Pattern[str], Reader], ...] = tuple(
    (re.compile(pattern), reader)
    for pattern, reader in (
        (r"\bDATE(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)\b", _day_and_month),
        (
            rf"\b{_DATED}[NOQ](?P<day>\d{{1,2}})(?: of)?(?: the)? M(?P<month>\d\d)\b{_YEAR}",
            _day_and_month,
        ),
        (
            rf"\b{_DATED}M(?P<month>\d\d) (?:the )?[NOQ](?P<day>\d{{1,2}})\b(?! U[a-z]){_YEAR}",
            _day_and_month,
        ),
        (r"\bF(?P<month>\d\d)(?P<day>\d\d)\b(?P<year>)", _day_and_month),
        (
            rf"\b[QO](?P<which>[1-4]) {_WEEKDAY} (?:of |IN )+(?:the )?M(?P<month>\d\d)\b",
            _weekday_of_month,
        ),
        (rf"\bIN (?:the )?{_HALF_UNIT}", _in_span),
        (rf"\b{_HALF_UNIT} FROMNOW\b", _in_span),
        (rf"\b{_HALF_UNIT} (?:FROM |on |AFTER |of )*{_NAMED}\b", _span_from),
        (rf"\b{_NAMED} (?:en |IN )?(?P<more>N8|N15|N2 Uweek|N1 Uweek|a Uweek|Uweek)\b", _in_eight),
        (rf"\b(?:the )?{_WEEK_AHEAD}(?: ,)? (?:on |the )*{_WEEKDAY}\b", _weekday_of_week),
        (rf"\b{_WEEKDAY}(?: ,)? (?:of |IN )*(?:the )?{_WEEK_AHEAD}", _weekday_of_week),
        (rf"\b(?:THIS |NEXT )?{_WEEKDAY}\b(?: NEXT\b)?", _weekday),
        (r"\bD(?P<ahead>\d)\b", _ahead),
        (r"\bWEEKAFTER\b", _monday_after),
        (r"\b(?:START )?(?:of )?(?:the )?(?:NEXT Uweek|Uweek NEXT)\b", _next_monday),
        (r"\b(?:START )?(?:of )?(?:the )?NEXT (?P<unit>Umonth|Uyear)\b", _next_first),
        (r"\b(?:START )?(?:of )?(?:the )?(?P<unit>Umonth|Uyear) NEXT\b", _next_first),
        (r"\b(?:THIS |NEXT )?WEEKEND\b(?: NEXT)?", _saturday),
        (rf"\bEND {_FILLERS}(?P<next>NEXT )?{_UNIT}\b", _end),
        (rf"\bEND {_FILLERS}{_UNIT} (?P<next>NEXT)\b", _end),
        (
            r"\b(?:(?:the|au) [NO]|on O)(?P<day>\d{1,2})\b"
            r"(?! U|(?: of)?(?: the)? M\d|:"
            r"| (?:exercise|question|time|one|thing|practice|person|people)s?\b)",
            _day_of_month,
        ),
    )
)
