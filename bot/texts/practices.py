"""Reading practice files: YAML in, checked practices out, errors that name file, step, language."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from bot.coaching.practice import (
    LANGUAGES,
    Box,
    Choice,
    Closing,
    Form,
    Kind,
    Layout,
    Picture,
    PictureKind,
    Practice,
    Source,
    Spears,
    Step,
    Variants,
    check,
)
from bot.coaching.reading import Unreadable, read
from bot.errors import PracticeError
from bot.texts.files import Heading, Label, Phrases, Sentences, Strict, Wordings, read_file
from bot.texts.filling import check_templates

# The folders below `data/`, and the form of what stands in them.
FORMS = {
    "practices": Form.EXERCISE,
    "check-ins": Form.CHECK_IN,
    "dialogues": Form.DIALOGUE,
}


class _Choice(Strict):
    id: str
    label: Label
    words: Phrases
    next: str | None = None


class _Step(Strict):
    id: str
    kind: Kind
    ask: Sentences
    again: Sentences
    why: Wordings
    choices: tuple[_Choice, ...] = ()
    label: Label | None = None
    low: Label | None = None
    high: Label | None = None
    deepen: Sentences | None = None
    next: str | None = None
    exact: bool = False


class _Source(Strict):
    author: str
    title: Sentences
    year: int | None = None
    quote: Sentences | None = None


class _Box(Strict):
    title: Label
    step: str


class _Scores(Strict):
    kind: Literal["scores"]
    title: Heading


class _Boxes(Strict):
    kind: Literal["boxes"]
    layout: Layout
    title: Heading
    boxes: Annotated[list[_Box], Field(min_length=2, max_length=4)]


class _Closing(Strict):
    text: Sentences
    forward: Sentences | None = None
    picture: Literal["marks"] | _Scores | _Boxes | None = None


class _Practice(Strict):
    id: str
    title: Label
    purpose: Sentences
    steps: Annotated[list[_Step], Field(min_length=1)]
    minutes: Annotated[int, Field(ge=1, le=60)] | None = None
    tags: tuple[Spears, ...] = ()
    source: _Source | None = None
    # What people say to ask for it; the language model learns from it.
    wanted: Phrases | None = None
    closing: _Closing | None = None


class _Prompt(Strict):
    id: str
    mark: str
    minutes: Annotated[int, Field(ge=1, le=3)]
    ask: Sentences
    again: Sentences
    deepen: Sentences | None = None


class _Reflections(Strict):
    """The daily reflections of one theme, which share their title and their reasons."""

    theme: Spears
    title: Label
    purpose: Sentences
    why: Wordings
    prompts: Annotated[list[_Prompt], Field(min_length=1)]


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a practice file, for editors."""
    return _Practice.model_json_schema()


def load_library(data: Path) -> dict[str, Practice]:
    """Read all practices, check-ins, dialogues and reflections below `data`, by id.

    Raises PracticeError that names the file.
    """
    library: dict[str, Practice] = {}
    for file, practice in _all(data):
        if practice.id in library:
            raise PracticeError(f"{file}: another file has the same id “{practice.id}”.")
        library[practice.id] = practice
    return library


def _all(data: Path) -> Iterator[tuple[Path, Practice]]:
    for folder, form in FORMS.items():
        for file in sorted(data.glob(f"{folder}/*.yml")):
            yield file, load_practice(file, form)
    for file in sorted(data.glob("reflections/*.yml")):
        for reflection in load_reflections(file):
            yield file, reflection


def load_practice(file: Path, form: Form = Form.EXERCISE) -> Practice:
    """Read one file. Raises PracticeError that names the file, the step and the language."""
    return _checked(file, _practice(read_file(file, _Practice), form))


def load_reflections(file: Path) -> list[Practice]:
    """Read the reflections of one theme. Raises PracticeError that names file and prompt."""
    model = read_file(file, _Reflections)
    return [_checked(file, _reflection(model, prompt)) for prompt in model.prompts]


def _checked(file: Path, practice: Practice) -> Practice:
    try:
        check(practice)
        _check_words(practice)
        check_templates(practice)
    except PracticeError as error:
        raise PracticeError(f"{file}: {error}") from None
    return practice


def _practice(model: _Practice, form: Form) -> Practice:
    return Practice(
        id=model.id,
        title=model.title.model_dump(),
        purpose=model.purpose.model_dump(),
        steps=tuple(_step(step) for step in model.steps),
        minutes=model.minutes,
        tags=model.tags,
        source=_source(model.source) if model.source else None,
        closing=_closing(model.closing) if model.closing else None,
        form=form,
    )


def _reflection(model: _Reflections, prompt: _Prompt) -> Practice:
    step = Step(
        id="thought",
        kind=Kind.TEXT,
        ask=prompt.ask.model_dump(),
        again=prompt.again.model_dump(),
        why=_variants(model.why),
        deepen=prompt.deepen.model_dump() if prompt.deepen else None,
    )
    return Practice(
        id=prompt.id,
        title=model.title.model_dump(),
        purpose=model.purpose.model_dump(),
        steps=(step,),
        minutes=prompt.minutes,
        tags=(model.theme,),
        mark=prompt.mark,
        form=Form.REFLECTION,
    )


def _source(model: _Source) -> Source:
    quote = model.quote.model_dump() if model.quote else None
    return Source(model.author, model.title.model_dump(), model.year, quote)


def _closing(model: _Closing) -> Closing:
    forward = model.forward.model_dump() if model.forward else None
    return Closing(model.text.model_dump(), _picture(model.picture), forward)


def _picture(model: Literal["marks"] | _Scores | _Boxes | None) -> Picture | None:
    match model:
        case None:
            return None
        case _Scores():
            return Picture(PictureKind.SCORES, model.title.model_dump())
        case _Boxes():
            boxes = tuple(Box(box.title.model_dump(), box.step) for box in model.boxes)
            return Picture(PictureKind.BOXES, model.title.model_dump(), model.layout, boxes)
        case _:
            return Picture(PictureKind.MARKS)


def _step(model: _Step) -> Step:
    return Step(
        id=model.id,
        kind=model.kind,
        ask=model.ask.model_dump(),
        again=model.again.model_dump(),
        why=_variants(model.why),
        choices=tuple(_choice(choice) for choice in model.choices),
        label=model.label.model_dump() if model.label else None,
        low=model.low.model_dump() if model.low else None,
        high=model.high.model_dump() if model.high else None,
        deepen=model.deepen.model_dump() if model.deepen else None,
        next=model.next,
        exact=model.exact,
    )


def _variants(model: Wordings | Phrases) -> Variants:
    return {language: tuple(getattr(model, language)) for language in LANGUAGES}


def _choice(model: _Choice) -> Choice:
    return Choice(model.id, model.label.model_dump(), _variants(model.words), model.next)


def _check_words(practice: Practice) -> None:
    """Make sure that each choice is reached by its own words."""
    for step in practice.steps:
        for choice in step.choices:
            for language in LANGUAGES:
                for words in (choice.label[language], *choice.words[language]):
                    where = f"Step “{step.id}”, choice “{choice.id}”, {language}: “{words}”"
                    _check_leads_to(choice, words, step, where)


def _check_leads_to(choice: Choice, words: str, step: Step, where: str) -> None:
    try:
        chosen = read(step, words, date.min).choice
    except Unreadable:
        raise PracticeError(f"{where} has no words in it.") from None
    if chosen != choice.id:
        raise PracticeError(f"{where} is also said for the choice “{chosen}”.")
