"""Where somebody in distress finds help, and what makes a contact fit to be shown."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

MAX_LINE = 300
# The country of contacts that are for everybody.
EVERYWHERE = "default"

_PHONE = re.compile(r"\+?\d[\d ()/.\u00a0\u202f-]{1,30}")
_LINK = re.compile(r"(?:https://|[^\s@]{1,64}@)?[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}(?:/\S*)?")
_COUNTRY = re.compile(r"[A-Z]{2}")
_WHY = {
    "empty": "this is empty",
    "long": f"this is longer than {MAX_LINE} characters",
    "odd": "this holds characters that cannot be shown",
    "number": "this is no phone number, web or mail address",
    "country": "this is no country in two capital letters, such as FR",
}


class NotAContact(ValueError):
    """A part of a contact cannot be used; `reason` is a key of `_WHY`."""

    def __init__(self, reason: str) -> None:
        """Take the reason."""
        super().__init__(_WHY[reason])
        self.reason = reason


@dataclass(frozen=True)
class Contact:
    """One place to turn to. `name`, `note` and `hours` are by language.

    `number` may be a web address; `languages` are those spoken there, none where that is not said.
    """

    name: Mapping[str, str]
    number: str
    note: Mapping[str, str]
    hours: Mapping[str, str] = field(default_factory=dict)
    languages: Sequence[str] = ()


def line(text: str) -> str:
    """Return a line of a contact without blanks around it. Raises NotAContact."""
    text = text.strip()
    if not text:
        raise NotAContact("empty")
    if len(text) > MAX_LINE:
        raise NotAContact("long")
    if any(unicodedata.category(letter).startswith("C") for letter in text):
        raise NotAContact("odd")
    return text


def number(text: str) -> str:
    """Return a phone number, web or mail address. Raises NotAContact for anything else."""
    text = line(text)
    if not (_PHONE.fullmatch(text) or _LINK.fullmatch(text)):
        raise NotAContact("number")
    return text


def country(text: str) -> str:
    """Return a country's two letters, or what stands for all. Raises NotAContact."""
    if text != EVERYWHERE and not _COUNTRY.fullmatch(text):
        raise NotAContact("country")
    return text


def lines(contacts: Iterable[Contact], language: str) -> list[dict[str, object]]:
    """Return contacts as the chat shows them in a language."""
    return [
        {
            "name": one.name[language],
            "number": one.number,
            "note": one.note[language],
            "hours": one.hours.get(language, ""),
            "languages": list(one.languages),
        }
        for one in contacts
    ]
