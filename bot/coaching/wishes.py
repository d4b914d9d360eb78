"""What somebody wishes about a rhythm: "send it at 8", "once a week is enough", "plus tard"."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from bot.coaching.rhythm import Rhythm
from bot.coaching.times import clock_in, days_in, fold, minutes_in

KINDS = ("daily", "weekly", "practice")
# Leo does not write in the night unless an hour is named.
EARLIEST, LATEST = time(6), time(21, 30)
USUAL_SHIFT = 120
_USUAL_DAYS = {
    "daily": frozenset(range(5)),
    "weekly": frozenset({4}),
    "practice": frozenset({0}),
}
_NAMED = {
    "daily": r"\bdaily\b(?! check)|\bquestions?\b|\breflections?\b|\breflexions?\b|\bquotidien",
    "weekly": r"\bcheck ?-?ins?\b|\bpoint (?:de la semaine|hebdo)|\bbilan|\bhebdo",
    "practice": r"\bpractices?\b|\bexercises?\b|\bexercices?\b|\bpratiques?\b",
}
_ALL = re.compile(r"\b(?:everything|all of them|all messages|all of it|tous les messages)\b")
_ONCE = re.compile(
    r"\b(?:once|one time|1 time|one|1|a|single|une fois|1 fois|un|une) "
    r"(?:(?:message|question|reflection|reflexion|fois) )?(?:a|per|each|every|par|chaque|/) ?"
    r"(?:week|semaine|sem)\b|\bweekly is enough\b|\bonly weekly\b|\bhebdomadaire\b"
)
_FEWER = re.compile(
    r"\b(?:less|fewer|too (?:many|much|often)|not so (?:many|often)|moins|trop (?:de|souvent)"
    r"|reduce|cut down|slow(?:er)? down|ralentir|espacer|espacez|reduire)\b"
)
_LATER = re.compile(r"\b(?:later|plus tard|too early|trop tot)\b")
_EARLIER = re.compile(r"\b(?:earlier|sooner|plus tot|too late|trop tard)\b")
_OFF = re.compile(r"\b(?:stop|no more|turn off|cancel|arretez?|arreter|supprime\w*|desactive\w*)\b")

_NO_QUIET = re.compile(
    r"\b(?:no|remove|lift|cancel|end|without|drop|stop|supprim\w*|enlev\w*|annul\w*|sans|plus) "
    r"(?:d'|\w+ ){0,2}(?:quiet|silen\w+|heures? calmes?)"
)
_NONE = re.compile(r"\b(?:none|no|nowhere|aucun|aucune|non|nulle part)\b")


@dataclass(frozen=True)
class Wish:
    """What is to change: of which kinds (none: unsaid), to which days and hour, or by how much.

    `shift` is in minutes. `said` is what the days are read from, once the present ones are known.
    """

    kinds: tuple[str, ...] = ()
    said: str = ""
    days: frozenset[int] | None = None
    at: time | None = None
    shift: int = 0
    once: bool = False
    fewer: bool = False
    off: bool = False

    @property
    def empty(self) -> bool:
        """Tell whether nothing is wished."""
        return not (self.days or self.at or self.shift or self.once or self.fewer or self.off)


def read_wish(text: str) -> Wish:
    """Return what a text wishes; an empty wish where it says nothing that can be read."""
    plain = fold(text)
    kinds = tuple(kind for kind in KINDS if re.search(_NAMED[kind], plain))
    if _ALL.search(plain) and not kinds:
        kinds = KINDS
    once = _ONCE.search(plain) is not None
    shift = _shift(text, plain)
    days = days_in(text)
    return Wish(
        kinds=kinds,
        said=text if days else "",
        days=days,
        # In "an hour later" there is no hour of the day.
        at=None if shift and minutes_in(text) else clock_in(text, bare=not (once or shift or days)),
        shift=shift,
        once=once,
        fewer=_FEWER.search(plain) is not None,
        off=bool(kinds) and days is None and _OFF.search(plain) is not None,
    )


def _shift(text: str, plain: str) -> int:
    direction = 1 if _LATER.search(plain) else -1 if _EARLIER.search(plain) else 0
    return direction * (minutes_in(text) or USUAL_SHIFT)


def granted(wish: Wish, kind: str, present: Rhythm) -> Rhythm:
    """Return the rhythm of a kind as wished, seen from the present one."""
    if wish.off:
        return Rhythm(frozenset(), present.at)
    usual = present.days or _USUAL_DAYS[kind]
    days = (days_in(wish.said, usual) or wish.days) if wish.said else usual
    assert days is not None
    if wish.once and len(days) > 1:
        days = frozenset({min(days)})
    elif wish.fewer and wish.days is None:
        days = fewer(usual)
    at = wish.at or (shifted(present.at, wish.shift) if wish.shift else present.at)
    return replace(present, days=days, at=at)


def fewer(days: frozenset[int]) -> frozenset[int]:
    """Return fewer days of a week, spread over it: of more than three three, then two, then one."""
    inorder = sorted(days)
    if len(inorder) > 3:
        return frozenset({inorder[0], inorder[len(inorder) // 2], inorder[-1]})
    return frozenset({inorder[0], inorder[-1]} if len(inorder) == 3 else {inorder[0]})


def shifted(at: time, minutes: int) -> time:
    """Return a time of day moved by minutes, but not into the night."""
    moved = datetime(2000, 1, 1, at.hour, at.minute) + timedelta(minutes=minutes)  # noqa: DTZ001
    if minutes > 0:
        late = moved.day > 1 or moved.time() > max(LATEST, at)
        return max(LATEST, at) if late else moved.time()
    early = moved.day != 1 or moved.time() < min(EARLIEST, at)
    return min(EARLIEST, at) if early else moved.time()


def concerned(wish: Wish, present: Mapping[str, Rhythm]) -> tuple[str, ...]:
    """Return the kinds that a wish is about; several, none of them named, have to be asked for."""
    if wish.kinds:
        return wish.kinds
    on = tuple(kind for kind in KINDS if present[kind].days)
    several_days = wish.days is not None and len(wish.days) > 1
    if present["daily"].days and (several_days or wish.fewer or wish.once):
        return ("daily",)
    return on


def wants_no_quiet(text: str) -> bool:
    """Tell whether somebody wants their quiet hours to end."""
    return _NO_QUIET.search(fold(text)) is not None


def wants_none(text: str) -> bool:
    """Tell whether somebody says "none" where a thing is asked for."""
    return _NONE.search(fold(text)) is not None


# --- as a button carries it ---------------------------------------------------------------

_LETTERS = {kind[0]: kind for kind in KINDS}
_ONE = r"(?P<kind>[dwp])(?:off|(?P<days>[0-6]{1,7})-(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d))"
_CODE = re.compile(rf"{_ONE}(?:-|$)")


def code_of(rhythms: Mapping[str, Rhythm]) -> str:
    """Return rhythms by kind in few letters: "d01234-0900-woff"."""
    return "-".join(
        f"{kind[0]}{''.join(map(str, sorted(one.days)))}-{one.at:%H%M}"
        if one.days
        else f"{kind[0]}off"
        for kind, one in rhythms.items()
    )


def of_code(code: str) -> dict[str, Rhythm]:
    """Return the rhythms, by kind, that a code stands for; none where it is no code."""
    found: dict[str, Rhythm] = {}
    read_to = 0
    for part in _CODE.finditer(code):
        if part.start() != read_to:
            return {}
        read_to = part.end()
        at = time(int(part["hour"]), int(part["minute"])) if part["days"] else time(9)
        found[_LETTERS[part["kind"]]] = Rhythm(frozenset(map(int, part["days"] or "")), at)
    return found if read_to == len(code) else {}
