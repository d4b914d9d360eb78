"""Reading practice files: YAML in, checked practices out, errors that name file, step, language."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from jinja2 import (
    Environment,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateSyntaxError,
    meta,
    nodes,
)
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.coaching.practice import (
    LANGUAGES,
    SCALE,
    Choice,
    Closing,
    Kind,
    Picture,
    Practice,
    Source,
    Step,
    check,
)
from bot.coaching.reading import Unreadable, read
from bot.errors import PracticeError

MAX_BUTTON = 28
KNOWN_VALUES = {"about", "said"}
# Telegram refuses a message with any other tag.
TAGS = {"b", "i", "u", "s", "code", "blockquote"}
_JINJA = Environment(autoescape=True, undefined=StrictUndefined)

type Short = Annotated[str, Field(min_length=1, max_length=MAX_BUTTON)]
type Sentence = Annotated[str, Field(min_length=1, max_length=3000)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Label(_Strict):
    en: Short
    fr: Short


class _Text(_Strict):
    en: Sentence
    fr: Sentence


class _Sentences(_Strict):
    en: Annotated[list[Sentence], Field(min_length=2)]
    fr: Annotated[list[Sentence], Field(min_length=2)]


class _Words(_Strict):
    en: list[str]
    fr: list[str]


class _Choice(_Strict):
    id: str
    label: _Label
    words: _Words
    next: str | None = None


class _Step(_Strict):
    id: str
    kind: Kind
    ask: _Text
    again: _Text
    why: _Sentences
    choices: list[_Choice] = []
    label: _Label | None = None
    low: _Label | None = None
    high: _Label | None = None
    next: str | None = None
    exact: bool = False


class _Source(_Strict):
    author: str
    title: _Text
    year: int
    quote: _Text | None = None


class _Closing(_Strict):
    text: _Text
    picture: Picture | None = None


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


class _Practice(_Strict):
    id: str
    title: _Text
    purpose: _Text
    steps: Annotated[list[_Step], Field(min_length=1)]
    minutes: Annotated[int, Field(ge=1, le=60)] | None = None
    tags: list[Spears] = []
    source: _Source | None = None
    closing: _Closing | None = None


def load_library(data: Path) -> dict[str, Practice]:
    """Read `practices/*.yml` and `dialogues/*.yml` below `data`, by id. Raises PracticeError."""
    library: dict[str, Practice] = {}
    for file in sorted(data.glob("practices/*.yml")) + sorted(data.glob("dialogues/*.yml")):
        practice = load_practice(file, dialogue=file.parent.name == "dialogues")
        if practice.id in library:
            raise PracticeError(f"{file}: another file has the same id “{practice.id}”.")
        library[practice.id] = practice
    return library


def load_practice(file: Path, *, dialogue: bool = False) -> Practice:
    """Read one file. Raises PracticeError that names the file, the step and the language."""
    try:
        raw = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise PracticeError(f"{file}: this is not readable YAML. {_one_line(error)}") from None
    try:
        model = _Practice.model_validate(raw)
    except ValidationError as error:
        raise PracticeError(f"{file}: {_explain(error, raw)}") from None
    practice = _practice(model, dialogue)
    try:
        check(practice)
        _check_words(practice)
        _check_templates(practice)
    except PracticeError as error:
        raise PracticeError(f"{file}: {error}") from None
    return practice


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _explain(error: ValidationError, raw: Any) -> str:
    first = error.errors()[0]
    place = [_place(part, raw, first["loc"][:index]) for index, part in enumerate(first["loc"])]
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return f"{' → '.join(place) or 'the file'}: {first['msg']}{more}"


def _place(part: int | str, raw: Any, before: tuple[int | str, ...]) -> str:
    """Name a list's item by its id where it has one: step “grown”, not number 3."""
    if isinstance(part, str):
        return {"en": "English (en)", "fr": "French (fr)"}.get(part, part)
    for key in before:
        raw = raw[key]
    item = raw[part]
    return f"“{item['id']}”" if isinstance(item, Mapping) and "id" in item else f"number {part + 1}"


def _practice(model: _Practice, dialogue: bool) -> Practice:
    return Practice(
        id=model.id,
        title=model.title.model_dump(),
        purpose=model.purpose.model_dump(),
        steps=tuple(_step(step) for step in model.steps),
        minutes=model.minutes,
        tags=tuple(model.tags),
        source=_source(model.source) if model.source else None,
        closing=_closing(model.closing) if model.closing else None,
        dialogue=dialogue,
    )


def _source(model: _Source) -> Source:
    quote = model.quote.model_dump() if model.quote else None
    return Source(model.author, model.title.model_dump(), model.year, quote)


def _closing(model: _Closing) -> Closing:
    return Closing(model.text.model_dump(), model.picture)


def _step(model: _Step) -> Step:
    return Step(
        id=model.id,
        kind=model.kind,
        ask=model.ask.model_dump(),
        again=model.again.model_dump(),
        why={language: tuple(getattr(model.why, language)) for language in LANGUAGES},
        choices=tuple(_choice(choice) for choice in model.choices),
        label=model.label.model_dump() if model.label else None,
        low=model.low.model_dump() if model.low else None,
        high=model.high.model_dump() if model.high else None,
        next=model.next,
        exact=model.exact,
    )


def _choice(model: _Choice) -> Choice:
    words = {language: tuple(getattr(model.words, language)) for language in LANGUAGES}
    return Choice(model.id, model.label.model_dump(), words, model.next)


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


def _check_templates(practice: Practice) -> None:
    steps = {step.id for step in practice.steps}
    samples = list(_samples(practice))
    for where, source in _templates(practice):
        try:
            _check_names(_JINJA.parse(source), steps, where)
            template = _JINJA.from_string(source)
        except TemplateSyntaxError as error:
            raise PracticeError(f"{where}: {error.message}") from None
        for said in samples:
            _check_filled(template, said, where)


def _templates(practice: Practice) -> Iterator[tuple[str, str]]:
    for step in practice.steps:
        for field in ("ask", "again", "why"):
            for language, sources in getattr(step, field).items():
                for source in [sources] if isinstance(sources, str) else sources:
                    yield f"Step “{step.id}”, {field}, {language}", source
    if practice.closing:
        for language, source in practice.closing.text.items():
            yield f"Closing, {language}", source


def _samples(practice: Practice) -> Iterator[dict[str, int | str]]:
    """Yield what may have been said: nothing (all was skipped), then each answer in turn."""
    yield {}
    answers = {step.id: _sample_answers(step) for step in practice.steps}
    for turn in range(max(map(len, answers.values()))):
        yield {step: values[turn % len(values)] for step, values in answers.items()}


def _sample_answers(step: Step) -> list[int | str]:
    match step.kind:
        case Kind.RATING:
            return list(SCALE)
        case Kind.CHOICE:
            return [choice.id for choice in step.choices]
        case _:
            return ["Leo"]


def _check_names(tree: nodes.Template, steps: set[str], where: str) -> None:
    unknown = meta.find_undeclared_variables(tree) - KNOWN_VALUES
    if unknown:
        names = ", ".join(sorted(unknown))
        raise PracticeError(f"{where}: unknown value {names}; only about and said are known.")
    for named in _steps_named(tree):
        if named not in steps:
            raise PracticeError(f"{where}: said names “{named}”, which is no step.")


def _steps_named(tree: nodes.Template) -> Iterator[str]:
    said = nodes.Name("said", "load")
    for item in tree.find_all(nodes.Getitem):
        if item.node == said and isinstance(item.arg, nodes.Const):
            yield str(item.arg.value)
    for attribute in tree.find_all(nodes.Getattr):
        if attribute.node == said:
            yield attribute.attr


def _check_filled(template: Template, said: Mapping[str, int | str], where: str) -> None:
    try:
        html = template.render(about="Leo", said=said)
    except (TemplateError, TypeError) as error:
        raise PracticeError(
            f"{where}: cannot be filled: {error}. Any answer may have been skipped: ask first "
            "whether said['…'] is defined."
        ) from None
    if not html.strip():
        raise PracticeError(f"{where}: leaves nothing to say after some answers.")
    _check_tags(html, where)


def _check_tags(html: str, where: str) -> None:
    open_tags: list[str] = []
    for tag in re.findall(r"<[^>]*>?", html):
        name = tag.strip("</>")
        if name not in TAGS or tag not in (f"<{name}>", f"</{name}>"):
            known = ", ".join(sorted(TAGS))
            raise PracticeError(
                f"{where}: “{tag}” is no tag that Telegram takes ({known}); "
                "for the sign itself write &lt;."
            )
        if tag == f"<{name}>":
            open_tags.append(name)
        elif not open_tags or open_tags.pop() != name:
            raise PracticeError(f"{where}: “{tag}” closes what is not open.")
    if open_tags:
        raise PracticeError(f"{where}: <{open_tags[-1]}> is never closed.")
