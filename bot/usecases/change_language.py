"""Speak the other language."""

from bot.coaching.practice import LANGUAGES
from bot.usecases.turn import Turn, consent_version


def change_language(turn: Turn, language: str) -> None:
    """Speak `language` from now on, and ask the open question in it."""
    speak(turn, language)
    if turn.run is not None and not turn.person.consented:
        # Whoever agrees has seen the whole text, in the language they agree in.
        turn.run.asks = 0
    turn.ask()


def choose_language(turn: Turn) -> None:
    """Ask which language to speak; before consent, simply take the other one."""
    if turn.person.consented:
        return turn.open_dialogue("language")
    change_language(turn, next(other for other in LANGUAGES if other != turn.language))


def speak(turn: Turn, language: str) -> None:
    """Switch to `language` and say so in it."""
    same = language == turn.language
    if turn.person.consented:
        turn.person.language = language
    else:
        # Before consent the language is known only as that of the consent text shown.
        turn.person.consent_version = consent_version(turn.deps, language)
    turn.say("language_same" if same else "language_changed")
