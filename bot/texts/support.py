"""Reading the contacts for people in distress: public ones by country, the organisation's own."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Field, ValidationError

from bot.coaching.support import Contact
from bot.errors import SupportError
from bot.texts.files import Strict, parse_yaml

DEFAULT = "default"

type Line = Annotated[str, Field(min_length=1, max_length=300)]


class _Both(Strict):
    en: Line
    fr: Line


class _Contact(Strict):
    name: _Both
    number: Line
    note: _Both


class _File(Strict):
    country: str = DEFAULT
    contacts: Annotated[list[_Contact], Field(min_length=1)]


class SupportBook:
    """Knows whom to name to somebody, given their time zone."""

    def __init__(
        self, public: Mapping[str, tuple[Contact, ...]], own: tuple[Contact, ...] = ()
    ) -> None:
        """Take the public contacts by country (`default` for the rest) and the organisation's."""
        self._public, self.own = public, own

    def public(self, zone: str) -> Sequence[Contact]:
        """Return the public contacts where a zone (IANA name) lies; elsewhere the default ones."""
        return self._public.get(_countries().get(zone, DEFAULT), self._public.get(DEFAULT, ()))


@cache
def _countries() -> Mapping[str, str]:
    """Return the country (two letters) in which each zone's city lies."""
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return {row[2]: row[0] for row in rows}


def load_support(data: Path, own: Path | None) -> SupportBook:
    """Read `support/*.yml` below `data`, and the organisation's own file if there is one.

    Raises SupportError that names the file and the place in it.
    """
    public: dict[str, tuple[Contact, ...]] = {}
    for file in sorted(data.glob("support/*.yml")):
        country, contacts = _load(file)
        if country.lower() != file.stem:
            raise SupportError(f"{file}: country is “{country}”, but the file is {file.stem}.yml.")
        public[country] = contacts
    if DEFAULT not in public:
        raise SupportError(
            f"{data / 'support' / 'default.yml'} is missing: whom to name elsewhere."
        )
    return SupportBook(public, _load(own)[1] if own else ())


def _load(file: Path) -> tuple[str, tuple[Contact, ...]]:
    try:
        model = _File.model_validate(parse_yaml(file.read_text(encoding="utf-8")))
    except OSError as error:
        raise SupportError(f"{file}: cannot be read: {error.strerror}.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SupportError(
            f"{file}: this is not readable YAML. {' '.join(str(error).split())}"
        ) from None
    except ValidationError as error:
        first = error.errors()[0]
        place = " → ".join(
            f"contact {part + 1}" if isinstance(part, int) else part for part in first["loc"]
        )
        raise SupportError(f"{file}: {place or 'the file'}: {first['msg']}") from None
    return model.country, tuple(
        Contact(c.name.model_dump(), c.number, c.note.model_dump()) for c in model.contacts
    )
