"""What the figures of somebody's weeks say: which mark is lowest, what moved, what was kept."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import takewhile

# How many looks back count as lately.
LATELY = 3
# With less than this, nothing is said: it would be chance.
LEAST_LOOKS_TO_RISE = 4
LEAST_RISE = 1.0
LEAST_PLANS = 3
LEAST_DAYS = 4
MONTH = timedelta(days=30)


@dataclass(frozen=True)
class Look:
    """One look at the marks, on a local day: the ratings by mark, without those skipped."""

    day: date
    ratings: Mapping[str, int]


def lowest_lately(looks: Sequence[Look]) -> frozenset[str]:
    """Return the marks with the lowest mean over the last looks; none where all are equal.

    `looks` are oldest first.
    """
    means = _means(looks[-LATELY:])
    if len(set(means.values())) < 2:
        return frozenset()
    least = min(means.values())
    return frozenset(mark for mark, mean in means.items() if mean == least)


def _means(looks: Iterable[Look]) -> dict[str, float]:
    ratings: dict[str, list[int]] = {}
    for look in looks:
        for mark, rating in look.ratings.items():
            ratings.setdefault(mark, []).append(rating)
    return {mark: sum(values) / len(values) for mark, values in ratings.items()}


class Sight(StrEnum):
    """What can be seen in the figures."""

    # A mark has been the lowest one for several looks in a row.
    LOWEST = "lowest"
    # A mark stands clearly higher than it did.
    RISEN = "risen"
    # How many of the plans were kept.
    PLANS = "plans"
    # On how many days of the last month somebody reflected.
    RHYTHM = "rhythm"


@dataclass(frozen=True)
class Observation:
    """One thing seen, with its basis: `count` looks, plans or days, `total` where it is a share.

    `day` is the look it rests on: the one with the lowest rating, or the first of a rise.
    """

    sight: Sight
    count: int
    total: int = 0
    mark: str | None = None
    day: date | None = None
    before: float = 0
    now: float = 0


def observe(
    looks: Sequence[Look], kept: Sequence[bool], days: Iterable[date], today: date
) -> Observation | None:
    """Return the one observation that says most, or None where there is too little to go by.

    `looks` are those of the weekly check-in, oldest first; `kept` tells of each plan that
    something became of whether it was done; `days` are days of reflection.
    """
    return _lowest(looks) or _risen(looks) or _plans(kept) or _rhythm(days, today)


def _lowest(looks: Sequence[Look]) -> Observation | None:
    """Return the mark that has been alone at the bottom for longest, up to the last look."""
    longest: Observation | None = None
    for mark in looks[-1].ratings if looks else ():
        row = list(takewhile(lambda look: _is_lowest(look, mark), reversed(looks)))  # noqa: B023
        if len(row) < LATELY or (longest and len(row) <= longest.count):
            continue
        day = min(reversed(row), key=lambda look: look.ratings[mark]).day
        longest = Observation(Sight.LOWEST, len(row), mark=mark, day=day)
    return longest


def _is_lowest(look: Look, mark: str) -> bool:
    own = look.ratings.get(mark)
    others = [rating for other, rating in look.ratings.items() if other != mark]
    return own is not None and bool(others) and own < min(others)


def _risen(looks: Sequence[Look]) -> Observation | None:
    """Return the mark whose last two ratings stand highest above its first two."""
    risen: Observation | None = None
    for mark in sorted({mark for look in looks for mark in look.ratings}):
        rated = [look for look in looks if mark in look.ratings]
        if len(rated) < LEAST_LOOKS_TO_RISE:
            continue
        before, now = _mean(mark, rated[:2]), _mean(mark, rated[-2:])
        if now - before >= max(LEAST_RISE, risen.now - risen.before if risen else 0):
            day = rated[0].day
            risen = Observation(Sight.RISEN, len(rated), mark=mark, day=day, before=before, now=now)
    return risen


def _mean(mark: str, looks: Sequence[Look]) -> float:
    return _means(looks)[mark]


def _plans(kept: Sequence[bool]) -> Observation | None:
    if len(kept) < LEAST_PLANS:
        return None
    return Observation(Sight.PLANS, sum(kept), len(kept))


def _rhythm(days: Iterable[date], today: date) -> Observation | None:
    lately = {day for day in days if today - MONTH < day <= today}
    return Observation(Sight.RHYTHM, len(lately)) if len(lately) >= LEAST_DAYS else None
