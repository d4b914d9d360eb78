"""What an erasure asks of the store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.usecases.records import Erasure, Member, Person


@dataclass(frozen=True)
class Trace:
    """Every row that leads to somebody: ids by table, and the (channel, address) of their chats."""

    rows: Mapping[str, set[int]]
    chats: Sequence[tuple[str, str]]


class Erasures(Protocol):
    """Questions about whom HR asked to erase."""

    def open(self) -> list[int]:
        """Return the numbers of those not yet carried out, the oldest first."""

    def get(self, number: int) -> Erasure | None:
        """Return one, locked, or None."""

    def entries(self, member_id: int) -> list[Member]:
        """Return all of HR's entries about the person in one of them."""

    def chats(self, entries: Sequence[Member]) -> list[tuple[str, str]]:
        """Return the (channel, address) of those who joined, or follow a link, by these entries."""

    def trace(self, entries: Sequence[Member], people: Sequence[Person]) -> Trace:
        """Return the ids of every row that leads to somebody, by table."""

    def left(self, trace: Trace) -> dict[str, int]:
        """Return how many rows still lead to somebody, for each table of their trace."""
