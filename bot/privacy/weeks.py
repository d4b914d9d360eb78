"""What is shown of one week of a cohort. Page, file, chat and report all show this and no other.

Only weeks that have ended are shown, and nothing changes them any more, so that no figure can be
held against an earlier state of itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.privacy.groups import Count, Spread, count, parts, spread

# The kind of which those who did the practice of the week are a part.
PRACTICE = "practice"


@dataclass(frozen=True)
class Tallied:
    """What was counted in a week: people, each once in a figure.

    `joined` had joined by then, `active` did anything, `kinds` by what they did, `practised` the
    practice that the programme has for the week, `hours` by when they first did anything, `plans`
    by what became of the one they first looked back at, and `marks` by mark and rating.
    """

    week: int
    joined: int
    active: int
    kinds: Mapping[str, int]
    practised: int
    hours: Mapping[str, int]
    plans: Mapping[str, int]
    marks: Mapping[str, Mapping[int, int]]


@dataclass(frozen=True)
class Week:
    """What is shown of a week."""

    week: int
    joined: int
    active: Count
    silent: Count
    kinds: Mapping[str, Count]
    practised: Count
    hours: Mapping[str, Count]
    plans: Mapping[str, Count]
    marks: Mapping[str, Spread]


def publish(tallied: Tallied, minimum: int) -> Week:
    """Return what may be shown of a week that has ended."""
    joined = tallied.joined
    active = count(tallied.active, joined, [], minimum)
    silent = count(joined - tallied.active, joined, [], minimum)
    shown = [active.people] if active.people is not None else []
    kinds = {name: count(people, joined, shown, minimum) for name, people in tallied.kinds.items()}
    practised = count(tallied.practised, joined, [*shown, *_sizes([kinds.get(PRACTICE)])], minimum)
    looked_back = sum(tallied.plans.values())
    # They may all be part of any of these, whichever they are.
    beside = [size for size in _sizes([*kinds.values(), practised]) if size >= looked_back]
    return Week(
        week=tallied.week,
        joined=tallied.joined,
        active=active,
        silent=silent,
        kinds=kinds,
        practised=practised,
        # Together they are the active ones.
        hours=parts(tallied.hours, joined, [], minimum),
        plans=parts(tallied.plans, joined, [*shown, *beside], minimum),
        marks={mark: spread(people, minimum) for mark, people in tallied.marks.items()},
    )


def _sizes(counts: Iterable[Count | None]) -> list[int]:
    """Return how many people those counts say that are shown."""
    return [one.people for one in counts if one is not None and one.people is not None]
