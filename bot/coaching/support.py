"""Where somebody in distress finds help: a name, a number, and when to use it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Contact:
    """One place to turn to. `name` and `note` are by language; `number` may be a web address."""

    name: Mapping[str, str]
    number: str
    note: Mapping[str, str]
