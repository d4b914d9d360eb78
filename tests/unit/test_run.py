"""A run: its states, and the way it takes through a practice."""

from datetime import date

import pytest

from bot.coaching.practice import Choice, Kind, Practice, Step
from bot.coaching.run import (
    Given,
    RunState,
    WrongTransition,
    check_transition,
    next_step,
    on_path,
    path,
    previous_step,
)

TEXT = {"en": "Why?", "fr": "Pourquoi ?"}
FRIDAY = date(2026, 11, 27)
OPEN, RESTED, FINISHED, DROPPED = RunState

ALLOWED = {
    (OPEN, RESTED),
    (OPEN, FINISHED),
    (OPEN, DROPPED),
    (RESTED, OPEN),
    (RESTED, DROPPED),
}


def step(id_: str, kind: Kind, *choices: Choice, then: str | None = None) -> Step:
    return Step(id_, kind, TEXT, TEXT, {"en": (), "fr": ()}, choices, next=then)


def choice(id_: str, then: str | None = None) -> Choice:
    return Choice(id_, TEXT, {"en": (), "fr": ()}, then)


PRACTICE = Practice(
    "small",
    TEXT,
    TEXT,
    (
        step(
            "hurt", Kind.CHOICE, choice("nobody", "plan"), choice("somebody"), choice("stop", "end")
        ),
        step("what", Kind.TEXT),
        step("plan", Kind.PLAN),
        step("when", Kind.DATE),
        step("last", Kind.TEXT),
    ),
)


def walked(given: dict[str, Given]) -> list[str]:
    return [step.id for step in path(PRACTICE, given)]


def words(text: str = "words", day: date | None = None) -> Given:
    return Given(words=text, day=day)


@pytest.mark.parametrize("new", RunState)
@pytest.mark.parametrize("old", RunState)
def test_every_transition(old: RunState, new: RunState) -> None:
    """A run rests and goes on, ends or is dropped; what has ended stays ended."""
    if (old, new) in ALLOWED:
        check_transition(old, new)
        return
    with pytest.raises(WrongTransition, match=f"from {old} to {new}"):
        check_transition(old, new)


def test_skipping_is_an_answer_without_a_value() -> None:
    """Passed over is what has no value at all; any value is an answer."""
    assert Given().skipped
    assert not any(
        given.skipped
        for given in (Given(number=1), Given(choice="x"), Given(words="x"), Given(day=FRIDAY))
    )


def test_a_new_run_is_at_its_first_step() -> None:
    """With nothing answered, the first step is open and nothing lies before it."""
    assert walked({}) == ["hurt"]
    assert next_step(PRACTICE, {}) == PRACTICE.steps[0]
    assert previous_step(PRACTICE, {}, "hurt") is None


@pytest.mark.parametrize(
    ("chosen", "way"),
    [
        (Given(choice="nobody"), ["hurt", "plan"]),
        (Given(choice="somebody"), ["hurt", "what"]),
        (Given(choice="stop"), ["hurt"]),
        (Given(), ["hurt", "what"]),
    ],
    ids=["to a later step", "to the next step", "to the end", "skipped: to the next step"],
)
def test_a_choice_decides_the_way(chosen: Given, way: list[str]) -> None:
    """A choice leads where its file says; without one, the next step follows."""
    assert walked({"hurt": chosen}) == way


def test_a_run_is_complete_when_nothing_is_open() -> None:
    """The way ends with the last step, or where a choice ends it."""
    assert next_step(PRACTICE, {"hurt": Given(choice="stop")}) is None
    full = {
        "hurt": Given(choice="nobody"),
        "plan": words(),
        "when": Given(day=FRIDAY),
        "last": Given(),
    }
    assert next_step(PRACTICE, full) is None
    assert walked(full) == ["hurt", "plan", "when", "last"]


def test_a_plan_that_names_its_day_answers_the_date() -> None:
    """The question for the day comes only behind a plan that was made and leaves it open."""
    start = {"hurt": Given(choice="nobody")}
    assert walked(start | {"plan": words(day=FRIDAY)}) == ["hurt", "plan", "last"]
    assert walked(start | {"plan": words()}) == ["hurt", "plan", "when"]
    assert walked(start | {"plan": Given()}) == ["hurt", "plan", "last"]


def test_only_the_date_directly_behind_a_plan_counts_as_answered() -> None:
    """A second question for a day is another question."""
    twice = Practice(
        "twice",
        TEXT,
        TEXT,
        (step("plan", Kind.PLAN), step("when", Kind.DATE), step("look-back", Kind.DATE)),
    )
    way = path(twice, {"plan": words(day=FRIDAY)})
    assert [step.id for step in way] == ["plan", "look-back"]


def test_another_choice_leaves_answers_off_the_way() -> None:
    """Answers of a branch no longer taken do not belong to the walk, and come back with it."""
    given = {"hurt": Given(choice="somebody"), "what": words(), "plan": words(day=FRIDAY)}
    assert on_path(PRACTICE, given) == {"hurt", "what", "plan", "last"}
    assert on_path(PRACTICE, given | {"hurt": Given(choice="nobody")}) == {"hurt", "plan", "last"}


def test_going_back_follows_the_way_taken() -> None:
    """The step before is the one that was walked, not the one that stands above in the file."""
    given = {"hurt": Given(choice="nobody"), "plan": words(day=FRIDAY)}
    assert previous_step(PRACTICE, given, "last") == PRACTICE.step("plan")
    assert previous_step(PRACTICE, given, "plan") == PRACTICE.step("hurt")


def test_going_back_from_a_branch_no_longer_taken() -> None:
    """From a step off the way, the last step of the way is the one before."""
    assert previous_step(PRACTICE, {"hurt": Given(choice="nobody")}, "what") == PRACTICE.step(
        "plan"
    )
