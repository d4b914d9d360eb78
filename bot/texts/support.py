"""Reading the contacts for people in distress: public ones by country, the organisation's own."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from bot.coaching import support
from bot.coaching.support import EVERYWHERE, Contact
from bot.errors import SupportError
from bot.texts.files import Strict, read_file

type Line = Annotated[str, AfterValidator(support.line)]
type Number = Annotated[str, AfterValidator(support.number)]
type Country = Annotated[str, AfterValidator(support.country)]


class _Both(Strict):
    en: Line
    fr: Line


class _Contact(Strict):
    name: _Both
    number: Number
    note: _Both
    hours: _Both | None = None
    languages: tuple[Literal["en", "fr"], ...] = ()


class _File(Strict):
    country: Country = EVERYWHERE
    contacts: Annotated[list[_Contact], Field(min_length=1)]


class SupportBook:
    """Knows whom to name to somebody, given their time zone."""

    def __init__(
        self, public: Mapping[str, tuple[Contact, ...]], own: tuple[Contact, ...] = ()
    ) -> None:
        """Take the public contacts by country (`default` for the rest) and the organisation's."""
        self._public, self.own = public, own

    @property
    def countries(self) -> Sequence[str]:
        """Return every country (two letters), in order."""
        return sorted(set(_countries().values()))

    def country(self, zone: str) -> str:
        """Return the country in which a zone (IANA name) lies, or `default` where it is in none."""
        return _countries().get(zone, EVERYWHERE)

    def public(self, country: str) -> Sequence[Contact]:
        """Return the public contacts of a country; the default ones where it has none."""
        return self._public.get(country, self._public.get(EVERYWHERE, ()))


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
    if EVERYWHERE not in public:
        raise SupportError(
            f"{data / 'support' / 'default.yml'} is missing: whom to name elsewhere."
        )
    return SupportBook(public, _load(own)[1] if own else ())


def _load(file: Path) -> tuple[str, tuple[Contact, ...]]:
    model = read_file(file, _File, SupportError)
    return model.country, tuple(
        Contact(
            one.name.model_dump(),
            one.number,
            one.note.model_dump(),
            one.hours.model_dump() if one.hours else {},
            one.languages,
        )
        for one in model.contacts
    )
