"""The least number of people a figure may be about, and what has to be held back beside it.

A figure is held back when it, or its difference with another one shown, is about fewer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.errors import LeoError

DEFAULT_MINIMUM = 5
LEAST_MINIMUM = 3


class TooSmall(LeoError):
    """The minimum group size cannot be below 3: with fewer, people would be recognised."""


class Held(StrEnum):
    """Why a figure is held back."""

    TOO_FEW = "too_few"
    # Those left over would be too few.
    NEARLY_ALL = "nearly_all"


@dataclass(frozen=True)
class Count:
    """How many people, or why that is held back."""

    people: int | None
    held: Held | None = None


@dataclass(frozen=True)
class Spread:
    """A rating over people: its mean, to a tenth, and the ratings between which half of them lie.

    All None when it is held back.
    """

    mean: float | None = None
    low: int | None = None
    high: int | None = None


def checked(minimum: int) -> int:
    """Return a minimum group size. Raises TooSmall below 3."""
    if minimum < LEAST_MINIMUM:
        raise TooSmall
    return minimum


def count(people: int, named: int, shown: Sequence[int], minimum: int) -> Count:
    """Return a number of people out of `named`, whose names HR knows.

    They lie within each of the groups `shown`, too, whose members nobody knows. The number is
    shown where neither they nor any who are left over are too few. That nobody is left over may
    be known of a shown group, but not of those known by name: it would tell of each one.
    """
    left_over = [named - people, *(group - people for group in shown if group != people)]
    if people >= minimum and all(left >= minimum for left in left_over):
        return Count(people)
    # In a small group “nearly all” would say exactly how many.
    told = people >= minimum and all(group >= 2 * minimum for group in (named, *shown))
    return Count(None, Held.NEARLY_ALL if told else Held.TOO_FEW)


def parts(
    cells: Mapping[str, int], named: int, shown: Sequence[int], minimum: int
) -> dict[str, Count]:
    """Return the parts of a group, each person in one of them; the rest is as for `count`.

    Nothing of it is shown where the group itself cannot be. Once one part is too small, the next
    smallest is held back with it, and those of the same size: else it would follow from the
    total. Which of those held back was too small stays open.
    """
    if count(sum(cells.values()), named, shown, minimum).people is None:
        return dict.fromkeys(cells, Count(None, Held.TOO_FEW))
    largest_held = _largest_held(sorted(cells.values()), minimum)
    return {
        name: Count(people) if people > largest_held else Count(None, Held.TOO_FEW)
        for name, people in cells.items()
    }


def _largest_held(ascending: list[int], minimum: int) -> int:
    if ascending[0] >= minimum:
        return -1
    return next((people for people in ascending if people >= minimum), ascending[-1])


def spread(people_by_rating: Mapping[int, int], minimum: int) -> Spread:
    """Return the spread of a rating; nothing where all gave the same one: it would be each one's.

    `people_by_rating` holds how many people gave each rating.
    """
    people = sum(people_by_rating.values())
    given = [rating for rating, some in people_by_rating.items() if some]
    if people < minimum or len(given) < 2:
        return Spread()
    quarter = people // 4
    total = sum(rating * some for rating, some in people_by_rating.items())
    low, high = (_rating_at(people_by_rating, at) for at in (quarter, people - 1 - quarter))
    return Spread(round(total / people, 1), low, high)


def _rating_at(people_by_rating: Mapping[int, int], place: int) -> int:
    """Return the rating of whom stands at a place, counted from 0, in ascending order."""
    passed = 0
    for rating, people in sorted(people_by_rating.items()):
        passed += people
        if place < passed:
            return rating
    raise IndexError(place)
