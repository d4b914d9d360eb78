"""How a question is put: its buttons, and how an answer reads in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.coaching.practice import SCALE, Choice, Form, Kind, Practice, Step
from bot.coaching.run import Given, path
from bot.usecases.messages import Button, deed
from bot.usecases.records import Run

if TYPE_CHECKING:
    from bot.usecases.turn import Talk

SKIP = "skip"
MAX_PEOPLE = 6
# Short titles share a row; longer ones get a row each, so that a phone shows them whole.
SHORT_TITLE = 14

type Rows = tuple[tuple[Button, ...], ...]


def plain(given: Given) -> int | str | None:
    """Return the bare value of an answer, or None when it was skipped."""
    if given.number is not None:
        return given.number
    return given.words or given.choice or (given.day.isoformat() if given.day else None)


def values(
    practice: Practice, given: Mapping[str, Given], language: str, about: str, plan: str
) -> dict[str, Any]:
    """Return what the texts of a practice file may use; docs/practice.md explains each.

    `plan` is what the run looks back at, or nothing. Answers on a branch that was left are not
    among them.
    """
    steps = {step.id: step for step in path(practice, given, reviews=bool(plan))}
    answered = {id_: one for id_, one in given.items() if id_ in steps and not one.skipped}
    return {
        "about": about,
        "plan": plan,
        "said": {id_: _said(steps[id_], one) for id_, one in answered.items()},
        "chosen": {
            id_: choice.label[language]
            for id_, one in answered.items()
            if one.choice and (choice := steps[id_].choice(one.choice))
        },
        "highest": _rated(practice, answered, language, max),
        "lowest": _rated(practice, answered, language, min),
    }


def _said(step: Step, given: Given) -> int | str | list[str] | None:
    if step.kind is Kind.LIST and given.words is not None:
        return given.words.split("\n")
    return plain(given)


def _rated(
    practice: Practice,
    given: Mapping[str, Given],
    language: str,
    extreme: Callable[[Iterable[int]], int],
) -> list[str]:
    """Return the labels of the steps that got the highest, or the lowest, rating."""
    rated = [
        (step.label[language], number)
        for step in practice.steps
        if step.label and step.id in given and (number := given[step.id].number) is not None
    ]
    bound = extreme(number for _, number in rated) if rated else None
    return [label for label, number in rated if number == bound]


def buttons(turn: Talk, run: Run, step: Step) -> Rows:
    """Return the rows of buttons under a question."""

    def button(title: str, choice: str) -> Button:
        return Button(title, f"{run.id}.{step.id}.{choice}")

    skip = (button(turn.word("skip"), SKIP),)
    match step.kind:
        case Kind.RATING:
            return (tuple(button(str(number), str(number)) for number in SCALE),)
        case Kind.CHOICE | Kind.REVIEW:
            return _packed([button(c.label[turn.language], c.id) for c in step.choices])
        case Kind.PERSON:
            return _packed([button(s.nickname, f"p{s.id}") for s in turn.served[:MAX_PEOPLE]])
        case Kind.DATE:
            days = [button(title, f"d{day}") for title, day in _usual_days(turn)]
            return (*_packed(days), skip)
        case Kind.TEXT | Kind.PLAN | Kind.LIST:
            return ((*skip, *_another(turn)),)


def _another(turn: Talk) -> tuple[Button, ...]:
    """Return the button for another reflection, below a reflection not yet answered."""
    if turn.practice is None or turn.practice.form is not Form.REFLECTION or turn.answers:
        return ()
    return (deed(turn.word("another"), "another_one"),)


def _packed(row: list[Button]) -> Rows:
    if all(len(button.title) <= SHORT_TITLE for button in row):
        return tuple(tuple(row[start : start + 3]) for start in range(0, len(row), 3))
    return tuple((button,) for button in row)


def _usual_days(turn: Talk) -> list[tuple[str, str]]:
    today = turn.today
    # Friday of this week, or of the next one from Friday on.
    friday = today + timedelta(days=(4 - today.weekday() - 1) % 7 + 1)
    monday = today + timedelta(days=7 - today.weekday())
    days = {
        "tomorrow": today + timedelta(days=1),
        "friday": friday,
        "monday": monday,
        "in_a_week": today + timedelta(days=7),
    }
    return [(turn.word(key), day.isoformat()) for key, day in days.items()]


def title(turn: Talk, step: Step, given: Given) -> str:
    """Return how an answer is shown: a number, a choice's label, words, a date."""
    if given.choice is not None:
        chosen: Choice | None = step.choice(given.choice)
        return chosen.label[turn.language] if chosen else given.choice
    if given.words is not None:
        return given.words.replace("\n", ", ") if step.kind is Kind.LIST else given.words
    if given.day is not None:
        return turn.deps.texts.day(turn.language, given.day)
    return str(given.number) if given.number is not None else turn.word("skip")
