"""What the use cases ask about HR's letters: the store, and what makes words of them."""

from datetime import datetime
from typing import Any, Protocol

from bot.usecases.records import Letter, LetterTest, Standing


class LetterTexts(Protocol):
    """What makes a message of HR's words."""

    def letter(self, source: str, **values: str) -> str:
        """Return HR's words, filled, as plain text. Raises Refused, naming the line."""

    def say(self, language: str, key: str, turn: int, **values: Any) -> str:
        """Return what Leo says in the chat, as HTML."""

    def word(self, language: str, key: str) -> str:
        """Return small words."""


class Letters(Protocol):
    """Questions about letters on their way, and about trying one out."""

    def to_spread(self) -> list[int]:
        """Return the ids of the letters that are not yet planned for all, oldest first."""

    def get(self, letter_id: int) -> Letter | None:
        """Return one letter, or None."""

    def locked(self, letter_id: int) -> Letter | None:
        """Return one letter, locked for this transaction, or None."""

    def readers(self, letter: Letter, limit: int) -> list[Standing]:
        """Return how the next people in the letter's cohort stand, in their order."""

    def test(self, token_hash: str) -> LetterTest | None:
        """Return the test whose link has that hash, locked, or None."""


class HrLetters(Protocol):
    """HR's questions about letters."""

    def hold(self, cohort_id: int) -> None:
        """Let nobody else write to a cohort, or close it, until this transaction ends."""

    def all_of(self, cohort_id: int) -> list[Letter]:
        """Return the letters to a cohort, the latest first."""

    def waiting(self, letter_id: int) -> int:
        """Return for how many a letter still waits to be sent."""

    def languages(self, cohort_id: int) -> set[str]:
        """Return the languages that HR noted for single members."""

    def a_name(self, cohort_id: int) -> str | None:
        """Return the name of the first in a cohort, or None where there is nobody."""

    def forget_tests(self, before: datetime) -> None:
        """Remove the tests whose links ended before a time."""
