"""The page of the documentation that lists all practices, made from their files."""

from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.coaching.practice import Form, Practice
from bot.coaching.programme import Programme

_JINJA = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("docs")),
    undefined=StrictUndefined,
    trim_blocks=False,
    autoescape=False,  # noqa: S701  # Markdown, not HTML
    keep_trailing_newline=True,
)


def practices_page(library: Mapping[str, Practice], programmes: Mapping[str, Programme]) -> str:
    """Return the page as Markdown."""
    exercises = [one for one in library.values() if one.form is Form.EXERCISE]
    reflections = [one for one in library.values() if one.form is Form.REFLECTION]
    sources = {
        (one.source.author, one.source.title["en"].strip(), one.source.year)
        for one in exercises
        if one.source
    }
    return _JINJA.get_template("practices.md.j2").render(
        exercises=exercises,
        programmes=programmes.values(),
        titles={one.id: one.title["en"] for one in exercises},
        reflections=reflections,
        themes=_themes(reflections),
        sources=sorted(sources, key=lambda source: source[:2]),
    )


def _themes(reflections: list[Practice]) -> list[tuple[str, Mapping[str, str], int]]:
    themes: dict[str, list[Practice]] = {}
    for one in reflections:
        themes.setdefault(one.tags[0], []).append(one)
    return [(theme, ones[0].title, len(ones)) for theme, ones in themes.items()]
