"""Days of the week: "mon, wed and fri", "du lundi au jeudi", "tous les jours sauf le mercredi"."""

import re

from bot.coaching.times.days import without_past
from bot.coaching.times.words import tokens

EVERY_DAY = frozenset(range(7))
_SETS = {
    "EVERYDAY": EVERY_DAY,
    "EVERY Uday": EVERY_DAY,
    "ALL Uweek": EVERY_DAY,
    "WEEKDAYS": frozenset(range(5)),
    "WEEKEND": frozenset({5, 6}),
}
_SPAN = r"W(?P<first>\d) (?:-|to|au|a|UNTIL|UNTIL INCL) (?:the )?W(?P<last>\d)"
_PIECE = re.compile(
    rf"\b(?:(?P<out>EXCEPT(?: on| the| WEEKDAYS ONLY)*|(?:EVERYDAY|ALL|EVERY Uday) (?P<but>BUT))"
    rf"|(?P<back>BUT|ONLY)|{_SPAN}|(?P<day>W\d)"
    r"|(?P<set>EVERYDAY|EVERY Uday|ALL (?:the )?Uweek|WEEKDAYS|WEEKEND))\b"
)


def days_in(text: str, usual: frozenset[int] = EVERY_DAY) -> frozenset[int] | None:
    """Return the days of the week that a text names (0 is Monday), or None.

    Where it only says which days are left out, they are taken from the `usual` ones.
    """
    line = without_past(tokens(text))
    named: set[int] = set()
    refused: set[int] = set()
    leaving_out = False
    for found in _PIECE.finditer(line):
        if found["out"]:
            leaving_out = True
            if found["but"]:
                named |= EVERY_DAY
        elif found["back"]:
            leaving_out = False
        else:
            (refused if leaving_out else named).update(_days(found))
    if not named and not refused:
        return None
    return (frozenset(named) or usual) - refused or None


def _days(found: re.Match[str]) -> frozenset[int]:
    if found["day"]:
        return frozenset({int(found["day"][1:])})
    if found["set"]:
        return _SETS[found["set"].replace("the ", "")]
    first, last = int(found["first"]), int(found["last"])
    return frozenset(day % 7 for day in range(first, last + 1 + 7 * (last < first)))
