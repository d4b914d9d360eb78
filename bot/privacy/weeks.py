"""What is shown of one week of a cohort. Page, file, chat and report all show this and no other.

Only weeks that have ended are shown, and nothing changes them any more, so that no figure can be
held against an earlier state of itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.privacy.groups import Count, Spread, count, parts, spread


@dataclass(frozen=True)
class Tallied:
    """What was counted in a week: people, each once in a figure.

    `joined` had joined by then, `active` did anything, `kinds` by what they did, `hours` by when
    they first did, `plans` by what became of the one they first looked back at, and `marks` by
    mark and rating.
    """

    week: int
    joined: int
    active: int
    kinds: Mapping[str, int]
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
    hours: Mapping[str, Count]
    plans: Mapping[str, Count]
    marks: Mapping[str, Spread]


def publish(tallied: Tallied, minimum: int) -> Week:
    """Return what may be shown of a week that has ended."""
    active = count(tallied.active, [tallied.joined], minimum)
    silent = count(tallied.joined - tallied.active, [tallied.joined], minimum)
    around = [tallied.joined, *([active.people] if active.people is not None else [])]
    kinds = {name: count(people, around, minimum) for name, people in tallied.kinds.items()}
    looked_back = sum(tallied.plans.values())
    beside = [kind.people for kind in kinds.values() if (kind.people or 0) >= looked_back]
    return Week(
        week=tallied.week,
        joined=tallied.joined,
        active=active,
        silent=silent,
        kinds=kinds,
        # Together they are the active ones.
        hours=parts(tallied.hours, [tallied.joined], minimum),
        plans=parts(tallied.plans, [*around, *filter(None, beside)], minimum),
        marks={mark: spread(people, minimum) for mark, people in tallied.marks.items()},
    )


def has_ended(week: int, this_week: int) -> bool:
    """Tell whether a week of a cohort has ended, where `this_week` is the one that runs."""
    return week < this_week
