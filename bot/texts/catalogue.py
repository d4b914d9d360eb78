"""The catalogue: Jinja2 templates with strict undefined, English beside French."""

import re
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from bot.coaching.practice import LANGUAGES
from bot.privacy.groups import DEFAULT_MINIMUM
from bot.texts import letters
from bot.texts.files import parse_yaml
from bot.texts.spoken import Spoken

HERE = Path(__file__).resolve().parent
_BETWEEN_WORDINGS = re.compile(r"^---$", re.MULTILINE)


class Catalogue:
    """Renders templates as HTML; what a person wrote is escaped."""

    def __init__(self, folder: Path = HERE, minimum: int = DEFAULT_MINIMUM) -> None:
        """Read the templates and words of `folder`; HR sees figures about `minimum` or more."""
        self._folder = folder
        self._environment = Environment(
            autoescape=True,
            undefined=StrictUndefined,
            loader=FileSystemLoader(folder),
            trim_blocks=False,
        )
        self._environment.globals["minimum"] = minimum
        self._wordings = cache(self._read_wordings)
        self._compiled = cache(self._environment.from_string)
        self.times = Spoken(lambda language: self._words[language], self.day)

    def say(self, language: str, key: str, turn: int, **values: Any) -> str:
        """Return the template `key`; `turn` chooses between its wordings, one after the other."""
        wordings = self._wordings(language, key)
        return wordings[turn % len(wordings)].render(**values).strip()

    def _read_wordings(self, language: str, key: str) -> tuple[Template, ...]:
        source = (self._folder / language / "chat" / f"{key}.j2").read_text(encoding="utf-8")
        return tuple(
            self._environment.from_string(wording.strip())
            for wording in _BETWEEN_WORDINGS.split(source)
        )

    def wordings(self, language: str, key: str) -> int:
        """Return how many wordings a template has."""
        return len(self._wordings(language, key))

    def fill(self, source: str, **values: Any) -> str:
        """Return a text of a practice file."""
        return self._compiled(source).render(**values).strip()

    def letter(self, source: str, **values: str) -> str:
        """Return HR's words, filled, as plain text. Raises Refused, naming the line."""
        return letters.fill(source, **values)

    def page(self, language: str, key: str, **values: Any) -> str:
        """Return a whole HTML page."""
        return self._environment.get_template(f"{language}/{key}.html.j2").render(**values)

    @cached_property
    def _words(self) -> dict[str, dict[str, Any]]:
        return {language: self._yaml(language, "words") for language in LANGUAGES}

    def word(self, language: str, key: str) -> str:
        """Return a small word, such as a button's title."""
        return str(self._words[language][key])

    @cached_property
    def _meanings(self) -> dict[str, dict[str, str]]:
        return {language: self._yaml(language, "meanings") for language in LANGUAGES}

    def meanings(self, language: str) -> dict[str, str]:
        """Return the titles of the buttons that offer an intent, by intent."""
        return self._meanings[language]

    def meaning(self, language: str, intent: str) -> str | None:
        """Return the title of a button that offers an intent, or None where it has none."""
        return self.meanings(language).get(intent)

    def simulated(self, language: str, kind: str) -> list[str]:
        """Return what somebody simulated may answer to a question of a kind."""
        return list(self._simulated[language].get(kind, self._simulated[language]["text"]))

    @cached_property
    def _simulated(self) -> dict[str, dict[str, list[str]]]:
        return {language: self._yaml(language, "simulated") for language in LANGUAGES}

    def day(self, language: str, day: date) -> str:
        """Return a date in words with its weekday: "Tuesday 3 March", "mardi 1er mars"."""
        words = self._words[language]
        number = "1er" if language == "fr" and day.day == 1 else str(day.day)
        return str(words["on_date"]).format(
            weekday=words["weekdays"][day.weekday()],
            day=number,
            month=words["months"][day.month - 1],
        )

    def short_day(self, language: str, day: date) -> str:
        """Return a date in few letters, without the weekday: "3 Mar", "3 mars"."""
        return f"{day.day} {self._words[language]['short_months'][day.month - 1]}"

    def commands(self, language: str) -> dict[str, str]:
        """Return the commands of the chat with their descriptions."""
        return dict(self._yaml(language, "commands"))

    def _yaml(self, language: str, name: str) -> dict[str, Any]:
        data = parse_yaml((self._folder / language / f"{name}.yml").read_text(encoding="utf-8"))
        assert isinstance(data, dict)
        return data
