"""Checking the templates in a practice file: whatever was said or skipped, they can be filled."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import (
    Environment,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateSyntaxError,
    meta,
    nodes,
)

from bot.coaching.practice import LANGUAGES, SCALE, Kind, Practice, Step
from bot.errors import PracticeError
from bot.privacy.groups import DEFAULT_MINIMUM

KNOWN_VALUES = {"about", "said", "chosen", "highest", "lowest", "plan", "minimum"}
# Telegram refuses a message with any other tag.
TAGS = {"b", "i", "u", "s", "code", "blockquote"}
_FILLED_IN = re.compile(r"{[{%#]")
_JINJA = Environment(autoescape=True, undefined=StrictUndefined)

type Sample = Mapping[str, int | str | list[str]]


def check_templates(practice: Practice) -> None:
    """Raise PracticeError, naming step and language, for a text that cannot always be filled."""
    steps = {step.id for step in practice.steps}
    samples = list(_samples(practice))
    for where, source, language, may_be_empty in _templates(practice):
        if not _FILLED_IN.search(source):
            _check_tags(source, where)  # Most texts are plain, and to compile one takes long.
            continue
        try:
            tree = _JINJA.parse(source)
            _check_names(tree, steps, where)
            template = _JINJA.from_string(tree)
        except TemplateSyntaxError as error:
            raise PracticeError(f"{where}: {error.message}") from None
        for said in samples:
            html = _filled(template, _values(practice, said, language), where)
            if not html.strip() and not may_be_empty:
                raise PracticeError(f"{where}: leaves nothing to say after some answers.")
            _check_tags(html, where)


def _templates(practice: Practice) -> Iterator[tuple[str, str, str, bool]]:
    """Yield the place, the source, the language, and whether it may come out empty."""
    for step in practice.steps:
        for field in ("ask", "again", "deepen", "why"):
            for language, sources in (getattr(step, field) or {}).items():
                for source in [sources] if isinstance(sources, str) else sources:
                    yield f"Step “{step.id}”, {field}, {language}", source, language, False
    closing = practice.closing
    for language in LANGUAGES if closing else ():
        assert closing is not None
        yield f"Closing, {language}", closing.text[language], language, False
        if closing.forward:
            yield f"Closing, forward, {language}", closing.forward[language], language, True


def _samples(practice: Practice) -> Iterator[Sample]:
    """Yield what may have been said: nothing (all was skipped), then each answer in turn."""
    yield {}
    answers = {step.id: _sample_answers(step) for step in practice.steps}
    for turn in range(max(map(len, answers.values()))):
        yield {step: values[turn % len(values)] for step, values in answers.items()}


def _sample_answers(step: Step) -> list[Any]:
    match step.kind:
        case Kind.RATING:
            return list(SCALE)
        case Kind.CHOICE | Kind.REVIEW:
            return [choice.id for choice in step.choices]
        case Kind.LIST:
            return [["Leo"], ["Leo", "Leo"]]
        case _:
            return ["Leo"]


def _values(practice: Practice, said: Sample, language: str) -> dict[str, Any]:
    chosen = {
        step.id: choice.label[language]
        for step in practice.steps
        if (choice := step.choice(str(said.get(step.id))))
    }
    labels = [step.label[language] for step in practice.steps if step.label and step.id in said]
    return {
        "about": "Leo",
        "said": said,
        "chosen": chosen,
        "highest": labels,
        "lowest": labels,
        "plan": "Leo",
        "minimum": DEFAULT_MINIMUM,
    }


def _check_names(tree: nodes.Template, steps: set[str], where: str) -> None:
    unknown = meta.find_undeclared_variables(tree) - KNOWN_VALUES
    if unknown:
        names = ", ".join(sorted(unknown))
        known = ", ".join(sorted(KNOWN_VALUES))
        raise PracticeError(f"{where}: unknown value {names}; only {known} are known.")
    for values, named in _steps_named(tree):
        if named not in steps:
            raise PracticeError(f"{where}: {values} names “{named}”, which is no step.")


def _steps_named(tree: nodes.Template) -> Iterator[tuple[str, str]]:
    for values in ("said", "chosen"):
        name = nodes.Name(values, "load")
        for item in tree.find_all(nodes.Getitem):
            if item.node == name and isinstance(item.arg, nodes.Const):
                yield values, str(item.arg.value)
        for attribute in tree.find_all(nodes.Getattr):
            if attribute.node == name:
                yield values, attribute.attr


def _filled(template: Template, values: Mapping[str, Any], where: str) -> str:
    try:
        return template.render(**values)
    except (TemplateError, TypeError) as error:
        raise PracticeError(
            f"{where}: cannot be filled: {error}. Any answer may have been skipped: ask first "
            "whether said['…'] is defined."
        ) from None


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
