"""A rhythm: on which days of the week, and at what hour of the day, something happens."""

import re
from dataclasses import dataclass
from datetime import time

from bot.errors import LeoError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OFF = "off"
_RHYTHM = re.compile(r"(?P<days>[a-z,-]+) (?P<hour>\d{1,2}):(?P<minute>\d\d)")


class NoRhythm(LeoError):
    """The text is no rhythm such as "mon-fri 09:00"."""


@dataclass(frozen=True)
class Rhythm:
    """Days of the week (0 is Monday) and a local time of day. No days: never."""

    days: frozenset[int]
    at: time

    def __str__(self) -> str:
        """Return the rhythm as it is written: "mon-fri 09:00", or "off"."""
        return f"{days_text(self.days)} {self.at:%H:%M}" if self.days else OFF


def parse(text: str) -> Rhythm:
    """Read a rhythm: "mon-fri 09:00", "mon,wed 08:30", "off". Raises NoRhythm."""
    plain = " ".join(text.lower().split())
    if plain == OFF:
        return Rhythm(frozenset(), time(9))
    found = _RHYTHM.fullmatch(plain)
    if found is None:
        raise NoRhythm(f"“{text}” is no rhythm. Write days and an hour, such as “mon-fri 09:00”.")
    try:
        at = time(int(found["hour"]), int(found["minute"]))
    except ValueError:
        raise NoRhythm(f"“{text}”: {found['hour']}:{found['minute']} is no time of day.") from None
    return Rhythm(parse_days(found["days"]), at)


def parse_days(text: str) -> frozenset[int]:
    """Read days such as "mon-fri" or "tue,thu"; a span may go round the week. Raises NoRhythm."""
    days: set[int] = set()
    for part in text.split(","):
        first, dash, last = part.partition("-")
        if not dash:
            last = first
        if first not in DAYS or last not in DAYS:
            raise NoRhythm(f"“{part}” names no day. The days are {', '.join(DAYS)}.")
        start, end = DAYS.index(first), DAYS.index(last)
        days.update(day % 7 for day in range(start, end + 1 + 7 * (end < start)))
    return frozenset(days)


def days_text(days: frozenset[int]) -> str:
    """Return days as they are written: "mon-fri", "tue,thu"."""
    spans: list[list[int]] = []
    for day in sorted(days):
        if spans and spans[-1][-1] == day - 1:
            spans[-1].append(day)
        else:
            spans.append([day])
    return ",".join(_span_text(span) for span in spans)


def _span_text(span: list[int]) -> str:
    if len(span) > 2:
        return f"{DAYS[span[0]]}-{DAYS[span[-1]]}"
    return ",".join(DAYS[day] for day in span)
