"""A practice: what a coach writes in a file, checked and ready to be walked.

Every text is a mapping from language (`en`, `fr`) to a Jinja2 source string.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from bot.errors import PracticeError

LANGUAGES = ("en", "fr")
END = "end"
SCALE = range(1, 6)
# A button carries run, step and choice in Telegram's 64 bytes: 19 digits for the run, 20
# characters for a choice that names somebody, two dots, and the step's id.
MAX_STEP_ID = 23
MAX_CHOICE_ID = 16
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

type Text = Mapping[str, str]
type Variants = Mapping[str, tuple[str, ...]]
# The ten characteristics of the servant-leader that Larry Spears drew from Greenleaf (1995).
type Spears = Literal[
    "listening",
    "empathy",
    "healing",
    "awareness",
    "persuasion",
    "conceptualisation",
    "foresight",
    "stewardship",
    "commitment-to-growth",
    "building-community",
]
# Greenleaf's marks, as the steps that rate them are called in the test and the check-in.
MARKS = ("grown", "healthier", "wiser", "freer", "autonomous", "serving")
# What became of a plan, as the choices of a review are called.
REVIEWS = ("done", "partly", "not")


class Form(StrEnum):
    """What kind of talk a practice is."""

    EXERCISE = "exercise"
    # One prompt of the day.
    REFLECTION = "reflection"
    CHECK_IN = "check-in"
    # A small dialogue of Leo's own (a consent, a confirmation) rather than an exercise.
    DIALOGUE = "dialogue"


class Kind(StrEnum):
    """What kind of answer a step asks for."""

    PERSON = "person"
    RATING = "rating"
    CHOICE = "choice"
    TEXT = "text"
    PLAN = "plan"
    DATE = "date"
    # Several short things in one message.
    LIST = "list"
    # What became of the plan made last; passed over when there is none.
    REVIEW = "review"


class PictureKind(StrEnum):
    """What picture a closing brings."""

    # The ratings of one person served, beside last time.
    MARKS = "marks"
    # The ratings of this practice, beside last time.
    SCORES = "scores"
    # What was said, in boxes.
    BOXES = "boxes"


class Layout(StrEnum):
    """How boxes stand."""

    COLUMNS = "columns"
    # Each leads to the next.
    CHAIN = "chain"
    GRID = "grid"


@dataclass(frozen=True)
class Box:
    """One box of a picture: its title, and the step whose answer stands in it."""

    title: Text
    step: str


@dataclass(frozen=True)
class Picture:
    """A picture: `title` for scores and boxes, `layout` and `boxes` for boxes."""

    kind: PictureKind
    title: Text | None = None
    layout: Layout | None = None
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True)
class Choice:
    """One choice of a step: its button, the words people type for it, where it leads."""

    id: str
    label: Text
    words: Mapping[str, tuple[str, ...]]
    next: str | None = None


@dataclass(frozen=True)
class Step:
    """One question: as first asked, as asked again, and two answers to "why do you ask?"."""

    id: str
    kind: Kind
    ask: Text
    again: Text
    why: Variants
    choices: tuple[Choice, ...] = ()
    label: Text | None = None
    low: Text | None = None
    high: Text | None = None
    # The one question that follows a thin answer.
    deepen: Text | None = None
    next: str | None = None
    # What cannot be undone takes a button or one of the listed words, never a guess.
    exact: bool = False

    def choice(self, choice_id: str) -> Choice | None:
        """Return the choice of that id, or None."""
        return next((choice for choice in self.choices if choice.id == choice_id), None)


@dataclass(frozen=True)
class Source:
    """Where the idea of a practice comes from."""

    author: str
    title: Text
    # None where the source bears no date.
    year: int | None
    quote: Text | None = None


@dataclass(frozen=True)
class Closing:
    """What a practice gives back at its end."""

    text: Text
    picture: Picture | None = None
    # A message of its own, ready to be forwarded; empty where what it needs was skipped.
    forward: Text | None = None


@dataclass(frozen=True)
class Practice:
    """A sequence of steps with branches, in both languages."""

    id: str
    title: Text
    purpose: Text
    steps: tuple[Step, ...]
    minutes: int | None = None
    tags: tuple[str, ...] = ()
    source: Source | None = None
    closing: Closing | None = None
    form: Form = Form.EXERCISE
    # For a reflection: which of Greenleaf's marks it feeds.
    mark: str | None = None

    @property
    def dialogue(self) -> bool:
        """Tell whether this is a small dialogue of Leo's own."""
        return self.form is Form.DIALOGUE

    def step(self, step_id: str) -> Step | None:
        """Return the step of that id, or None."""
        return next((step for step in self.steps if step.id == step_id), None)

    def after(self, step: Step, choice_id: str | None) -> Step | None:
        """Return the step that follows `step` once `choice_id` was chosen, or None at the end."""
        chosen = step.choice(choice_id) if choice_id else None
        target = (chosen.next if chosen else None) or step.next
        if target == END:
            return None
        if target:
            return self.step(target)
        position = self.steps.index(step) + 1
        return self.steps[position] if position < len(self.steps) else None


def check(practice: Practice) -> None:
    """Raise PracticeError, naming the step, when ids, branches or kinds do not hold together."""
    _check_slug(practice.id, MAX_STEP_ID, "the practice")
    if not practice.steps:
        raise PracticeError("The practice has no steps.")
    _check_distinct([step.id for step in practice.steps], "Two steps")
    order = {step.id: position for position, step in enumerate(practice.steps)}
    for step in practice.steps:
        _check_step(step, order)
    if practice.closing and practice.closing.picture:
        _check_picture(practice, practice.closing.picture)
    if practice.mark is not None and practice.mark not in MARKS:
        raise PracticeError(f"The mark “{practice.mark}” is none of {', '.join(MARKS)}.")


def _check_step(step: Step, order: Mapping[str, int]) -> None:
    where = f"Step “{step.id}”"
    _check_slug(step.id, MAX_STEP_ID, where)
    if bool(step.choices) != (step.kind in (Kind.CHOICE, Kind.REVIEW)):
        raise PracticeError(
            f"{where}: a step of kind choice or review, and only such a step, has choices."
        )
    if step.kind is Kind.REVIEW and tuple(choice.id for choice in step.choices) != REVIEWS:
        raise PracticeError(f"{where}: a review has the choices {', '.join(REVIEWS)}.")
    if step.deepen and step.kind is not Kind.TEXT:
        raise PracticeError(f"{where}: only a step of kind text has deepen.")
    if step.kind is Kind.RATING and not (step.label and step.low and step.high):
        raise PracticeError(f"{where}: a rating needs label, low and high.")
    _check_distinct([choice.id for choice in step.choices], f"{where}: two choices")
    for choice in step.choices:
        _check_slug(choice.id, MAX_CHOICE_ID, f"{where}, choice “{choice.id}”")
        _check_forward(choice.next, step, order, f"{where}, choice “{choice.id}”")
    _check_forward(step.next, step, order, where)


def _check_picture(practice: Practice, picture: Picture) -> None:
    kinds = {step.id: step.kind for step in practice.steps}
    if picture.kind is not PictureKind.BOXES and Kind.RATING not in kinds.values():
        raise PracticeError(f"Closing, picture: {picture.kind} needs a step of kind rating.")
    for box in picture.boxes:
        if kinds.get(box.step) in (None, Kind.RATING, Kind.DATE):
            raise PracticeError(
                f"Closing, picture: “{box.step}” is no step whose words can stand in a box."
            )


def _check_distinct(ids: list[str], what: str) -> None:
    twice = next((id_ for id_ in ids if ids.count(id_) > 1), None)
    if twice is not None:
        raise PracticeError(f"{what} have the id “{twice}”.")


def _check_slug(slug: str, longest: int, where: str) -> None:
    if len(slug) > longest or not _SLUG.fullmatch(slug):
        raise PracticeError(
            f"{where}: the id “{slug}” must be 1 to {longest} of a-z, 0-9, joined by hyphens."
        )


def _check_forward(target: str | None, step: Step, order: Mapping[str, int], where: str) -> None:
    if target is None or target == END:
        return
    if target not in order:
        raise PracticeError(f"{where}: next names “{target}”, which is no step of this practice.")
    if order[target] <= order[step.id]:
        raise PracticeError(
            f"{where}: next leads back to “{target}”; only later steps are allowed."
        )
