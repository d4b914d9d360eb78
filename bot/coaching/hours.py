"""The hour that a plan names: "at 9", "9:30", "à 14 h 30", "à midi"."""

import re
from datetime import time

from bot.coaching.days import fold

_NOON = re.compile(r"\b(?:noon|midday|midi)\b")
_HOUR = re.compile(
    r"(?<![\d/.,-])(?P<at>\b(?:at|a|vers|around) )?(?P<hour>\d{1,2})"
    r"(?:(?P<sign>:|\.| ?h(?:eures?)?\b ?| ?h)(?P<minute>[0-5]\d)?)?"
    r" ?(?P<half>am|pm|a\.m\.|p\.m\.)?(?![\d/-])"
    r"(?P<ends>(?= *(?:$|[,;.!?)]|(?:o'clock|i|we|je|j'|nous|on|with|avec)\b)))?"
)


def hour_in(text: str) -> time | None:
    """Return the first time of day that a text names, or None.

    A bare number counts behind "at" or "à" only: "at 9", but not "the 9 of us" or "at 9 shops".
    """
    plain = fold(text)
    for found in _HOUR.finditer(plain):
        sign, half = (found["sign"] or "").strip(), found["half"]
        clock = sign.startswith("h") or (sign in (":", ".") and found["minute"])
        bare = found["at"] and found["ends"] is not None
        if (clock or half or bare) and (at := _time(found, half)):
            return at
    return time(12) if _NOON.search(plain) else None


def _time(found: re.Match[str], half: str | None) -> time | None:
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return time(hour, minute) if hour < 24 else None
