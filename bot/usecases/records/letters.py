"""What HR writes to all in a cohort."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class LetterKind(StrEnum):
    """What is written, and by whom."""

    # HR's own words.
    MESSAGE = "message"
    # Leo's words at the end of a programme, with HR's own behind them where there are any.
    FAREWELL = "farewell"


class Worded:
    """Something in HR's words, English and French; None where a language has none."""

    en: str | None
    fr: str | None

    @property
    def texts(self) -> dict[str, str]:
        """Return HR's words by language."""
        both = {"en": self.en, "fr": self.fr}
        return {language: text for language, text in both.items() if text}


@dataclass(eq=False)
class Letter(Worded):
    """A confirmed letter to a cohort, in HR's words by language; the scheduler carries it out.

    `joined` is how many had joined when it was confirmed, `people` how many it was meant for so
    far. Neither changes afterwards, so that no leaver shows in it.
    """

    cohort_id: int
    kind: LetterKind
    made_at: datetime
    joined: int
    id: int | None = field(default=None, kw_only=True)
    en: str | None = field(default=None, repr=False)
    fr: str | None = field(default=None, repr=False)
    people: int = 0
    # People are gone through by their numbers; this is the last one, and when all were.
    reached: int = 0
    spread_at: datetime | None = None


@dataclass(eq=False)
class LetterTest(Worded):
    """A letter that somebody of HR may look at once in their own chat, by a link.

    Only the hash of the link is kept; once it is used, the words go.
    """

    cohort_id: int
    token_hash: str = field(repr=False)
    expires_at: datetime
    id: int | None = field(default=None, kw_only=True)
    en: str | None = field(default=None, repr=False)
    fr: str | None = field(default=None, repr=False)

    def use_up(self) -> None:
        """Let the words go: the link has been followed."""
        self.en = self.fr = None
