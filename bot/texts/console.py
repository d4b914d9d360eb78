"""The pages of HR's console: one set of templates, with words in each language."""

from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from bot.coaching.practice import LANGUAGES
from bot.texts.catalogue import Catalogue

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
        """Return the words `key`, filled with values."""
        words = self._words[language].get(key)
        # What the chat says, too, stands among its words.
        return (words or self._catalogue.word(language, key)).format(**values)

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

        def day(value: date) -> str:
            if isinstance(value, datetime):
                value = value.date()
            return f"{self._catalogue.day(language, value)} {value.year}"

        return self._environment.get_template(template).render(
            t=t, day=day, language=language, **values
        )
