"""What all files of content share: YAML in, both languages, errors that name the place."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import LeoError, PracticeError

# libyaml's, where it is there, reads several times as fast.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LANGUAGES: Mapping[int | str, str] = {"en": " (English)", "fr": " (French)"}
MAX_BUTTON = 28
MAX_TITLE = 60

type Button = Annotated[str, Field(min_length=1, max_length=MAX_BUTTON)]
type Title = Annotated[str, Field(min_length=1, max_length=MAX_TITLE)]
type Sentence = Annotated[str, Field(min_length=1, max_length=3000)]


class Strict(BaseModel):
    """A part of a file in which nothing unknown may stand."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Label(Strict):
    """A text that fits on a button, in both languages."""

    en: Button
    fr: Button


class Heading(Strict):
    """A text that fits on a line, in both languages."""

    en: Title
    fr: Title


class Sentences(Strict):
    """A text in both languages."""

    en: Sentence
    fr: Sentence


class Wordings(Strict):
    """Two wordings or more, in both languages."""

    en: Annotated[list[Sentence], Field(min_length=2)]
    fr: Annotated[list[Sentence], Field(min_length=2)]


class Phrases(Strict):
    """What people type, in both languages."""

    en: list[str]
    fr: list[str]


def parse_yaml(text: str) -> Any:
    """Return what a YAML text holds, read quickly and safely. Raises yaml.YAMLError."""
    return yaml.load(text, _LOADER)  # noqa: S506  # a safe one


def read_file[M: BaseModel](file: Path, model: type[M], error: type[LeoError] = PracticeError) -> M:
    """Read a YAML file as a model. Raises `error` that names the file and the place in it."""
    try:
        raw = parse_yaml(file.read_text(encoding="utf-8"))
    except OSError as wrong:
        raise error(f"{file}: cannot be read: {wrong.strerror}.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as wrong:
        raise error(f"{file}: this is not readable YAML. {_one_line(wrong)}") from None
    try:
        return model.model_validate(raw)
    except ValidationError as wrong:
        raise error(f"{file}: {_explain(wrong, raw)}") from None


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _explain(error: ValidationError, raw: Any) -> str:
    first = error.errors()[0]
    # The name of a union's member says nothing to somebody who writes a file.
    location = tuple(part for part in first["loc"] if not str(part).startswith(("_", "literal")))
    place = [_place(part, raw, location[:index]) for index, part in enumerate(location)]
    language = next((_LANGUAGES[part] for part in location if part in _LANGUAGES), "")
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    said = first["msg"].removeprefix("Value error, ")
    return f"{' → '.join(place) or 'the file'}: {said}{language}{more}"


def _place(part: int | str, raw: Any, before: tuple[int | str, ...]) -> str:
    """Name a list's item by its id where it has one: step “grown”; else “contact 1”."""
    if isinstance(part, str):
        return part
    for key in before:
        raw = raw[key]
    item = raw[part]
    if isinstance(item, Mapping) and "id" in item:
        return f"“{item['id']}”"
    items = str(before[-1]) if before else ""
    one = items.removesuffix("s") if items.endswith("s") else "number"
    return f"{one} {part + 1}"
