"""A letter of HR's in a chat: what it says, a look at it beforehand, and who reads the answer."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.usecases.messages import Told
from bot.usecases.tokens import digest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.usecases.turn import Talk, Turn

# For so long, what somebody writes may be meant as an answer to it.
FRESH = timedelta(days=1)


def say_letter(talk: Talk, language: str, source: str, name: str, cohort: str) -> None:
    """Say HR's words in a message of their own, marked as theirs."""
    talk.close_message()
    talk.say_in(language, "letter", text=talk.deps.texts.letter(source, name=name, cohort=cohort))
    talk.close_message()


def in_language(sources: Mapping[str, str], language: str, other: str) -> str | None:
    """Return the words in a language; where there are none, in another, or in the only one."""
    return sources.get(language) or sources.get(other) or next(iter(sources.values()), None)


def show_test(turn: Turn) -> bool:
    """Show a letter to who follows the link of its test; tell whether the link was one.

    Nothing is kept of somebody whom Leo did not know before.
    """
    test = turn.uow.letters.test(digest(turn.incoming.token))
    cohort = turn.uow.cohorts.cohort(test.cohort_id) if test else None
    if test is None or cohort is None:
        return False
    sources = test.texts if test.expires_at > turn.now else {}
    for language, source in sources.items():
        say_letter(turn, language, source, turn.incoming.name, cohort.name)
    if not sources:
        turn.say("letter_test_spent")
    test.use_up()
    if not turn.person.consented and turn.person.consent_version is None:
        turn.forget()
    return True


def may_reply(turn: Turn) -> bool:
    """Tell whether what came in may be meant as an answer to HR: no question of Leo's is open."""
    came_at = turn.person.letter_at
    if came_at is None or turn.incoming.told is not Told.TEXT:
        return False
    if turn.step is None and turn.now - came_at < FRESH:
        return True
    turn.person.letter_at = None
    return False


def note_reply(turn: Turn) -> None:
    """Say once, after a letter, that what is written here does not reach HR.

    Who has just begun an exercise was not speaking to HR.
    """
    came_at, turn.person.letter_at = turn.person.letter_at, None
    if came_at is not None and (turn.practice is None or turn.practice.dialogue):
        turn.say("letter_reply")
