"""Leo's mails: one set of templates, with words in each language."""

from datetime import datetime
from functools import cached_property
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from bot.coaching.practice import LANGUAGES
from bot.texts.catalogue import Catalogue
from bot.texts.files import parse_yaml

HERE = Path(__file__).resolve().parent


class MailTexts:
    """Writes mails: subject, text and HTML. In HTML all values are escaped."""

    def __init__(self) -> None:
        self._catalogue = Catalogue()
        self._environment = Environment(
            autoescape=select_autoescape(("html.j2",), default=False),
            undefined=StrictUndefined,
            loader=FileSystemLoader(HERE / "mail"),
            trim_blocks=True,
            lstrip_blocks=True,
        )

    @cached_property
    def _words(self) -> dict[str, dict[str, str]]:
        return {
            language: parse_yaml((HERE / language / "mail.yml").read_text(encoding="utf-8"))
            for language in LANGUAGES
        }

    def write(
        self,
        language: str,
        kind: str,
        *,
        link: str,
        expires: datetime,
        name: str = "",
        cohort: str = "",
        code: str | None = None,
    ) -> tuple[str, str, str]:
        """Return subject, text and HTML of a mail of a kind.

        `expires` is told as it stands, in its zone; `code` is the picture of the link, if any.
        """
        values = {
            "name": name,
            "cohort": cohort,
            "day": f"{self._catalogue.day(language, expires.date())} {expires.year}",
            "clock": self._catalogue.times.clock(language, expires.time()),
            "zone": expires.tzname(),
        }

        def t(key: str) -> str:
            return self._words[language][key].format(**values)

        text, html = (
            self._environment.get_template(f"letter.{form}.j2").render(
                t=t, kind=kind, language=language, link=link, code=code
            )
            for form in ("txt", "html")
        )
        return t(f"{kind}_subject"), text, html
