"""What the figures of somebody's weeks say: which mark is lowest, what moved, what was kept."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

# How many looks back count as lately.
LATELY = 3


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
