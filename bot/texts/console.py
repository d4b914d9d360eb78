"""The pages of HR's console: one set of templates, with words in each language."""

from datetime import date, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from bot.coaching.practice import LANGUAGES
from bot.texts.catalogue import Catalogue
from bot.usecases.hr import Word

HERE = Path(__file__).resolve().parent


class ConsoleTexts:
    """Renders the console's pages as HTML, with all values escaped; and its files as text."""

    def __init__(self) -> None:
        self._catalogue = Catalogue()
        self._environment = Environment(
            autoescape=select_autoescape(("html.j2",), default=False),
            undefined=StrictUndefined,
            loader=FileSystemLoader(HERE / "console"),
            trim_blocks=True,
            lstrip_blocks=True,
        )

    @cached_property
    def _words(self) -> dict[str, dict[str, str]]:
        return {
            language: yaml.safe_load((HERE / language / "console.yml").read_text(encoding="utf-8"))
            for language in LANGUAGES
        }

    def word(self, language: str, key: str, **values: Any) -> str:
        """Return the words `key`, filled with values: dates in words, too, and words in words."""
        words = self._words[language].get(key)
        said = {name: self._said(language, value) for name, value in values.items()}
        # What the chat says, too, stands among its words.
        return (words or self._catalogue.word(language, key)).format(**said)

    def _said(self, language: str, value: Any) -> Any:
        if isinstance(value, Word):
            return self.word(language, value)
        return self.day(language, value) if isinstance(value, date) else value

    def day(self, language: str, day: date) -> str:
        """Return a date in words, with its year."""
        if isinstance(day, datetime):
            day = day.date()
        return f"{self._catalogue.day(language, day)} {day.year}"

    def say(self, language: str, key: str, turn: int, **values: Any) -> str:
        """Return what Leo says in the chat, as HTML."""
        return self._catalogue.say(language, key, turn, **values)

    def letter(self, source: str, **values: str) -> str:
        """Return HR's words, filled, as plain text. Raises Refused, naming the line."""
        return self._catalogue.letter(source, **values)

    def page(self, language: str, name: str, **values: Any) -> str:
        """Return a page, or a part of one."""
        return self._render(language, f"{name}.html.j2", values)

    def text(self, language: str, name: str, **values: Any) -> str:
        """Return a file of plain text."""
        return self._render(language, f"{name}.txt.j2", values)

    def chat(self, language: str, key: str, **values: Any) -> Markup:
        """Return what the chat says, as it says it."""
        # A template of ours, which escapes what it is filled with.
        return Markup(self._catalogue.say(language, key, 0, **values))  # noqa: S704

    def country(self, language: str, country: str) -> str:
        """Return the name of a country by its ISO code."""
        return self._catalogue.times.country(language, country)

    def _render(self, language: str, template: str, values: dict[str, Any]) -> str:
        def t(key: str, **fields: Any) -> str:
            return self.word(language, key, **fields)

        return self._environment.get_template(template).render(
            t=t, day=partial(self.day, language), language=language, **values
        )
