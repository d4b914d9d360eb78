"""Reading programme files: YAML in, checked programmes out, errors that name file and week."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field

from bot.coaching.practice import Form, Practice, Spears
from bot.coaching.programme import Programme, Week
from bot.coaching.rhythm import NoRhythm, parse
from bot.errors import PracticeError
from bot.texts.files import Heading, Sentences, Strict, read_file

MAX_ID = 24


class _Rhythm(Strict):
    daily: str
    weekly: str
    practice: str


class _Week(Strict):
    theme: Heading
    opening: Sentences
    practice: str
    themes: Annotated[list[Spears], Field(min_length=1)]


class _Programme(Strict):
    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=MAX_ID)]
    title: Heading
    purpose: Sentences
    rhythm: _Rhythm
    weeks: Annotated[list[_Week], Field(min_length=1, max_length=52)]
    closing: Sentences


def load_programmes(data: Path, library: Mapping[str, Practice]) -> dict[str, Programme]:
    """Read `programmes/*.yml` below `data`, by id. Raises PracticeError that names the file."""
    programmes: dict[str, Programme] = {}
    for file in sorted(data.glob("programmes/*.yml")):
        programme = _load(file, library)
        if programme.id in programmes:
            raise PracticeError(f"{file}: another file has the same id “{programme.id}”.")
        programmes[programme.id] = programme
    return programmes


def _load(file: Path, library: Mapping[str, Practice]) -> Programme:
    model = read_file(file, _Programme)
    for number, week in enumerate(model.weeks, start=1):
        practice = library.get(week.practice)
        if practice is None or practice.form is not Form.EXERCISE:
            raise PracticeError(
                f"{file}: week {number} names the practice “{week.practice}”, which is no file in "
                "the folder practices."
            )
    try:
        return _programme(model)
    except NoRhythm as error:
        raise PracticeError(f"{file}: rhythm: {error}") from None


def _programme(model: _Programme) -> Programme:
    return Programme(
        id=model.id,
        title=model.title.model_dump(),
        purpose=model.purpose.model_dump(),
        daily=parse(model.rhythm.daily),
        weekly=parse(model.rhythm.weekly),
        practice=parse(model.rhythm.practice),
        weeks=tuple(
            Week(
                week.theme.model_dump(),
                week.opening.model_dump(),
                week.practice,
                tuple(week.themes),
            )
            for week in model.weeks
        ),
        closing=model.closing.model_dump(),
    )
