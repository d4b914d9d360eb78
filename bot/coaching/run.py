"""A run: one walk of one person through one practice, and the rules of walking it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.coaching.practice import Kind, Practice, Step
from bot.errors import LeoError


class RunState(StrEnum):
    """Where a run stands."""

    OPEN = "open"
    RESTED = "rested"
    FINISHED = "finished"
    DROPPED = "dropped"


TRANSITIONS: Mapping[RunState, frozenset[RunState]] = {
    RunState.OPEN: frozenset({RunState.RESTED, RunState.FINISHED, RunState.DROPPED}),
    RunState.RESTED: frozenset({RunState.OPEN, RunState.DROPPED}),
    RunState.FINISHED: frozenset(),
    RunState.DROPPED: frozenset(),
}


class WrongTransition(LeoError):
    """A run cannot go from its state to the one asked for."""


def check_transition(old: RunState, new: RunState) -> None:
    """Raise WrongTransition when a run may not go from `old` to `new`."""
    if new not in TRANSITIONS[old]:
        raise WrongTransition(f"A run cannot go from {old} to {new}.")


@dataclass(frozen=True)
class Given:
    """What was answered at a step: one field is set by its kind, none when it was skipped."""

    number: int | None = None
    choice: str | None = None
    words: str | None = None
    day: date | None = None

    @property
    def skipped(self) -> bool:
        """Tell whether the step was passed over."""
        return self == Given()


def path(practice: Practice, given: Mapping[str, Given], *, reviews: bool = False) -> list[Step]:
    """Return the steps walked so far and, last, the open one if there is one.

    A date step directly behind a plan that names its day, or was skipped, is passed over; and so
    is a review, unless the run `reviews` a plan.
    """
    steps: list[Step] = []
    step: Step | None = practice.steps[0]
    dated = False
    while step is not None:
        if (step.kind is Kind.DATE and dated) or (step.kind is Kind.REVIEW and not reviews):
            dated, step = False, practice.after(step, None)
            continue
        steps.append(step)
        answer = given.get(step.id)
        if answer is None:
            break
        dated = step.kind is Kind.PLAN and (answer.day is not None or answer.skipped)
        step = practice.after(step, answer.choice)
    return steps


def next_step(
    practice: Practice, given: Mapping[str, Given], *, reviews: bool = False
) -> Step | None:
    """Return the first step on the path without an answer, or None when the run is complete."""
    last = path(practice, given, reviews=reviews)[-1]
    return last if last.id not in given else None


def previous_step(
    practice: Practice, given: Mapping[str, Given], current: str, *, reviews: bool = False
) -> Step | None:
    """Return the step walked before `current`, or None at the first."""
    ids = [step.id for step in path(practice, given, reviews=reviews)]
    position = ids.index(current) if current in ids else len(ids)
    return practice.step(ids[position - 1]) if position > 0 else None


def on_path(practice: Practice, given: Mapping[str, Given], *, reviews: bool = False) -> set[str]:
    """Return the ids of the steps that belong to the walk; answers elsewhere are left-overs."""
    return {step.id for step in path(practice, given, reviews=reviews)}
