"""The organisation's own contacts for people in distress, as HR keeps them in the console."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.coaching.support import EVERYWHERE, Contact


@dataclass(eq=False)
class OwnContact:
    """One contact. `name`, `note` and `hours` are by language; `country` is `default` for all."""

    name: Mapping[str, str]
    number: str
    note: Mapping[str, str]
    hours: Mapping[str, str]
    languages: list[str] = field(default_factory=list)
    country: str = EVERYWHERE
    id: int | None = field(default=None, kw_only=True)

    def reaches(self, country: str) -> bool:
        """Tell whether it is for people in a country."""
        return self.country in (EVERYWHERE, country)

    @property
    def contact(self) -> Contact:
        """Return it as the chat names it."""
        return Contact(self.name, self.number, self.note, self.hours, self.languages)
