"""Instants: a day and an hour put together, or so much time from now."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.coaching.times.clock import CLOCK, PART, part_hour, read_clock
from bot.coaching.times.days import COUNT, days_of, number, without_past, without_refused
from bot.coaching.times.words import tokens
from bot.coaching.walltime import instant

_LENGTH = (
    rf"(?:E(?P<exact>\d+)|H(?P<clock>\d{{4}})"
    rf"|(?P<hours>{COUNT}) (?P<half>AND (?:an? )?HALF )?Uhour"
    rf"(?: AND (?:an? |une? )?(?P<part>HALF|QUARTER)|(?: AND)? N(?P<minutes>\d+) Umin)?"
    rf"|(?P<only>{COUNT}) (?:more )?Umin)\b"
)
_IN = re.compile(rf"\bIN (?:the |NEXT |max |THIS )*{_LENGTH}")
_LATER = re.compile(rf"\b{_LENGTH} (?:FROMNOW|of plus)\b")
_BARE = re.compile(rf"\b(?!H\d){_LENGTH}(?! (?:AGO|BEFORE|AFTER))")
# What may stand between a day and its hour.
_LINK = re.compile(
    r"(?: |,|AT|IN|BETWEEN|BEFORE|AFTER|FROM|UNTIL|THIS|the|of|on|a|au|en|for|pour|-)*"
)
# Words after which a time is one that is asked for, and not one that is told about.
_ASKING = re.compile(
    r"(?:\b(?:ask|asks|remind|write|message|ping|send|again|try|come|call|check|nudge|later|do|resume"
    r"|snooze|postpone|move|push|back|instead|rappel\w*|relanc\w*|demand\w*|redemand\w*|repos\w*"
    r"|ecri\w*|reviens\w*|revenez|repren\w*|envo\w*|renvo\w*|report\w*|remet\w*|continu\w*"
    r"|voir|faire|retent\w*|reparl\w*|fais\w*|BUT)\b\W*)(?:\S+ ){0,4}$"
)


@dataclass(frozen=True)
class _Said:
    """A day, an hour, a part of the day, or all of them, and where they stand in the line."""

    start: int
    end: int
    day: date | None = None
    clock: str | None = None
    part: str | None = None

    def joined(self, other: "_Said") -> "_Said | None":
        """Return both as one, or None where they say the same kind of thing."""
        if any(getattr(self, name) and getattr(other, name) for name in ("day", "clock", "part")):
            return None
        return _Said(
            self.start,
            other.end,
            self.day or other.day,
            self.clock or other.clock,
            self.part or other.part,
        )

    @property
    def weight(self) -> int:
        """Return how much was said."""
        return sum(bool(one) for one in (self.day, self.clock, self.part))


def instant_in(text: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the instant that a text names, later than the aware `now`, or None.

    Hours and minutes from now are elapsed time; a day with its hour is what clocks show in
    `zone`. An hour that has passed today is tomorrow's. A day without an hour is no instant.
    """
    line = without_refused(without_past(tokens(text)))
    elapsed = _IN.search(line) or _LATER.search(line)
    if elapsed is not None:
        return _later(elapsed, now)
    local = now.astimezone(zone)
    said = [one for one in _together(line, local.date()) if one.clock or one.part]
    for one in sorted(said, key=lambda one: (-one.weight - _asked(line, one), one.start)):
        ahead = _ahead(one, local, zone)
        if ahead is not None:
            return ahead
    bare = _BARE.search(line) if not said else None
    return _later(bare, now) if bare else None


def minutes_in(text: str) -> int | None:
    """Return the first length of time in hours and minutes that a text names, in minutes."""
    line = tokens(text)
    # "Une heure" alone may be an hour of the day.
    found = re.search(rf"\b{_LENGTH} (?:FROMNOW|plus tot|earlier|sooner)\b", line)
    found = found or re.search(rf"\b(?!H\d){_LENGTH}", line)
    return _length(found) if found else None


def _later(found: re.Match[str], now: datetime) -> datetime | None:
    minutes = _length(found)
    return now.astimezone(UTC) + timedelta(minutes=minutes) if minutes else None


def _length(found: re.Match[str]) -> int:
    """Return a length of time in minutes."""
    if found["exact"]:
        return int(found["exact"])
    if found["clock"]:
        return int(found["clock"][:2]) * 60 + int(found["clock"][2:])
    if found["only"]:
        return number(found["only"])
    part = {"HALF": 30, "QUARTER": 15, None: 0}[found["part"]]
    half = 30 if found["half"] else 0
    return number(found["hours"]) * 60 + half + part + int(found["minutes"] or 0)


def _together(line: str, today: date) -> list[_Said]:
    """Return what is said of days and hours, that which stands together as one."""
    days = [_Said(start, end, day=day) for start, end, day in days_of(line, today)]
    clocks = [_Said(*found.span(), clock=found[0]) for found in re.finditer(CLOCK, line)]
    clocks += [_Said(*found.span(), clock=found[0]) for found in re.finditer(r"\bSAME\b", line)]
    parts = [_Said(*found.span(), part=found[0]) for found in re.finditer(rf"\b{PART}", line)]
    joined: list[_Said] = []
    for one in sorted((*days, *clocks, *parts), key=lambda one: one.start):
        both = None
        if joined and _LINK.fullmatch(line, joined[-1].end, max(one.start, joined[-1].end)):
            both = joined[-1].joined(one)
        if both is not None:
            joined[-1] = both
        else:
            joined.append(one)
    return _with_later_hour(joined)


def _with_later_hour(said: list[_Said]) -> list[_Said]:
    """Let the first hour said alone, further on, be that of a day's part: "tonight, say at 8"."""
    for position, one in enumerate(said):
        hour = next((o for o in said[position + 1 :] if not o.day and not o.part), None)
        if one.day and one.part and not one.clock and hour is not None:
            said[position] = replace(one, clock=hour.clock)
            said.remove(hour)
            break
    return said


def _asked(line: str, said: _Said) -> int:
    """Return 2 for what stands close behind a word that asks, 0 for what is told about."""
    return 2 if _ASKING.search(line[: said.start]) else 0


def _ahead(said: _Said, local: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the instant that is meant, seen from now, or None where it has passed."""
    at = _time(said, local)
    if at is None:
        return None
    today = local.date()
    # "Tonight at midnight" ends that day.
    late = said.part in ("Pevening", "Pnight") and at == time(0)
    if said.day is None:
        days = [today, today + timedelta(days=1)]
    else:
        days = [said.day + timedelta(days=1 if late else 0)]
    ahead = (instant(day, at, zone) for day in days)
    found = next((one for one in ahead if one > local), None)
    if found is None and said.day == today:
        return _still_today(said, at, local, zone)
    return found


def _time(said: _Said, local: datetime) -> time | None:
    if said.clock == "SAME":
        return local.time().replace(second=0, microsecond=0)
    if said.clock:
        return read_clock(said.clock, said.part)
    return part_hour(said.part) if said.part else None


def _still_today(said: _Said, at: time, local: datetime, zone: ZoneInfo) -> datetime | None:
    """Return what is meant by an hour of today that has passed: "today at 3", at ten o'clock.

    "This evening", said in the evening, is an hour later.
    """
    if said.clock and said.clock[0] != "T" and not said.part and at.hour < 12:
        afternoon = instant(local.date(), at.replace(hour=at.hour + 12), zone)
        return afternoon if afternoon > local else None
    soon = local.astimezone(UTC) + timedelta(hours=1)
    evening = said.part in ("Pevening", "Pnight") and not said.clock
    return soon if evening and soon.astimezone(zone).date() == local.date() else None
