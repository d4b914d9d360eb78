"""Hours of the day: "half seven", "midi et quart", "after lunch", "nothing before 9"."""

import re
from dataclasses import dataclass
from datetime import time

from bot.coaching.times.days import without_past, without_refused
from bot.coaching.times.words import tokens

# What is meant by a part of the day where no hour is said, and whether its hours are those
# after noon.
_PARTS = {
    "morning": (time(9), False),
    "latemorning": (time(11), False),
    "afterlunch": (time(13, 30), True),
    "afternoon": (time(14), True),
    "lateafternoon": (time(17), True),
    "endday": (time(18), True),
    "evening": (time(19), True),
    "night": (time(19), True),
}
_AT = r"(?:(?:\ba|AT|FROM|AFTER|BEFORE|UNTIL) (?:the )?)"
_NO_HOUR = r"(?! (?:U|M\d|times?|fois|x\b|-|to N|of|W\d))"
CLOCK = rf"(?:[TtH]\d{{4}}\b|(?<=\ba )N\d{{1,2}}\b{_NO_HOUR}|(?<=AT )N\d{{1,2}}\b{_NO_HOUR})"
PART = r"P[a-z]+\b"
_ANY = r"(?:[TtH]\d{4}|N\d{1,2})\b(?! U)"


@dataclass(frozen=True)
class Hush:
    """Hours in which nothing is sent: from one time of day until another; None is unsaid."""

    start: time | None
    end: time | None


def clock_in(text: str, *, bare: bool = True) -> time | None:
    """Return the hour of the day that a text names, or None.

    "Eight" is 8:00 unless a part of the day is named beside it; a part of the day alone stands
    for its usual hour: morning 9:00, noon 12:00, after lunch 13:30, afternoon 14:00, evening 19:00.
    Where much else may be counted, a `bare` number is none.
    """
    line = without_refused(without_past(tokens(text)))
    found = re.search(CLOCK, line)
    if found is None and bare:
        found = re.search(rf"\bN\d{{1,2}}\b{_NO_HOUR}(?! x\d)", line)
    part = re.search(PART, line)
    if found is not None:
        return read_clock(found[0], part[0] if part else None)
    return part_hour(part[0]) if part else None


def part_hour(part: str) -> time:
    """Return what a part of the day stands for."""
    return _PARTS[part[1:]][0]


def read_clock(token: str, part: str | None) -> time | None:
    """Return the time of day of a token, in a part of the day; None if there is no such time."""
    digits = token[1:] if token[0] != "N" else f"{int(token[1:]):02}00"
    hour, minute = int(digits[:2]), int(digits[2:])
    if hour == 24 and minute == 0:
        hour = 0
    if hour > 23 or minute > 59:
        return None
    late = part is not None and _PARTS[part[1:]][1]
    # Small hours are part of a night: two at night is 02:00, but two in the afternoon is 14:00.
    if late and token[0] != "T" and (5 if part == "Pnight" else 0) < hour < 12:
        hour += 12
    return time(hour, minute)


# --- quiet hours --------------------------------------------------------------------------

_BETWEEN = re.compile(
    rf"\b(?:BETWEEN|FROM|of|AFTER) (?P<one>{_ANY})(?: P[a-z]+)?"
    rf" (?:AND|OR|to|au|a|UNTIL|-) (?P<other>{_ANY})"
    rf"|\b(?P<one_>{_ANY}) (?:to|-|a) (?P<other_>{_ANY})"
)
_LATEST = re.compile(rf"\b(?:AFTER|FROM) (?:the )?(?P<at>{_ANY})(?: (?P<part>P[a-z]+))?")
_EARLIEST = re.compile(rf"\b(?:BEFORE|UNTIL) (?:the )?(?P<at>{_ANY})(?: (?P<part>P[a-z]+))?")


def hush_in(text: str) -> Hush | None:
    """Return the hours in which a text wants quiet, or None: "nothing before 9 or after 18:00".

    "Only between 9 and 17" is quiet from 17:00 until 9:00.
    """
    line = tokens(text)
    allowed = re.search(r"\bONLY\b|\bbetween .* only\b", line) is not None
    between = _BETWEEN.search(line)
    if between is not None:
        start = read_clock(between["one"] or between["one_"], None)
        end = read_clock(between["other"] or between["other_"], None)
    else:
        start, end = _edge(_LATEST, line), _edge(_EARLIEST, line)
    if allowed:
        start, end = end, start
    if start is None and end is None:
        return None
    return Hush(_in_the_evening(start, end) if between is None else start, end)


def _edge(pattern: re.Pattern[str], line: str) -> time | None:
    found = pattern.search(line)
    return read_clock(found["at"], found["part"]) if found else None


def _in_the_evening(start: time | None, end: time | None) -> time | None:
    """Return the hour after which it is quiet: "before 9 or after 7" means seven in the evening."""
    if start is not None and end is not None and start <= end and start.hour < 12:
        return start.replace(hour=start.hour + 12)
    return start
