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
    joined = tallied.joined
    active = count(tallied.active, joined, [], minimum)
    silent = count(joined - tallied.active, joined, [], minimum)
    shown = [active.people] if active.people is not None else []
    kinds = {name: count(people, joined, shown, minimum) for name, people in tallied.kinds.items()}
    looked_back = sum(tallied.plans.values())
    beside = [kind.people for kind in kinds.values() if (kind.people or 0) >= looked_back]
    return Week(
        week=tallied.week,
        joined=tallied.joined,
        active=active,
        silent=silent,
        kinds=kinds,
        # Together they are the active ones.
        hours=parts(tallied.hours, joined, [], minimum),
        plans=parts(tallied.plans, joined, [*shown, *filter(None, beside)], minimum),
        marks={mark: spread(people, minimum) for mark, people in tallied.marks.items()},
    )
