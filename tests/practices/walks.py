"""Ways through a practice: so few that one can take them all, so many that each branch is taken."""

from collections.abc import Iterator, Mapping

from bot.coaching.practice import Kind, Practice, Step

# What was chosen at each step of kind choice.
type Way = Mapping[str, str]


def ways(practice: Practice) -> list[Way]:
    """Return ways through a practice that take each choice of each step at least once."""
    chosen: list[Way] = []
    taken: set[tuple[str, str]] = set()
    for way in _all(practice, practice.steps[0], {}):
        if new := set(way.items()) - taken:
            taken |= new
            chosen.append(way)
    return chosen


def branches(practice: Practice) -> set[tuple[str, str]]:
    """Return every choice of every step."""
    return {(step.id, choice.id) for step in practice.steps for choice in step.choices}


def _all(practice: Practice, step: Step | None, way: Way) -> Iterator[Way]:
    if step is None:
        yield way
        return
    if step.kind is not Kind.CHOICE:
        yield from _all(practice, practice.after(step, None), way)
        return
    for choice in step.choices:
        yield from _all(practice, practice.after(step, choice.id), {**way, step.id: choice.id})
