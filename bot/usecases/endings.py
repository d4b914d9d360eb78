"""What happens when a run comes to its end."""

from collections.abc import Callable

from bot.coaching.run import Given, RunState
from bot.usecases import erase, join, start
from bot.usecases.change_language import speak
from bot.usecases.closings import close_practice
from bot.usecases.records import Consent
from bot.usecases.settings import free_days, pause, quiet, rhythm, zone
from bot.usecases.turn import Turn, consent_version


def end(turn: Turn) -> None:
    """Bring the open run to its end: do what a dialogue decided, or give something back."""
    practice, run = turn.practice, turn.run
    assert practice is not None and run is not None
    if not practice.dialogue:
        return close_practice(turn, practice, run)
    given = turn.given[practice.steps[0].id]
    turn.end_run(RunState.FINISHED)
    if practice.id in _SETTINGS:
        return _set(turn, practice.id, given)
    _DECISIONS[practice.id](turn, given.choice)


def decide_consent(turn: Turn, given: Given) -> None:
    """Keep the yes or the no to what Leo keeps; "tell me more" tells more and asks again."""
    person = turn.person
    if given.choice == "more":
        turn.say("tell_more")
        return turn.ask()
    version = person.consent_version or consent_version(turn.deps, turn.language)
    decision = str(given.choice)
    turn.uow.add(Consent(turn.person_id, version, decision, turn.now))
    if decision != "yes":
        person.refused_at = turn.now
        # Whoever comes back is shown the text anew; an old button agrees to nothing.
        person.consent_version = person.invitation_id = None
        turn.run = None
        return turn.say("refused")
    person.language, person.zone = turn.language, turn.deps.zone
    person.name = turn.incoming.name or None
    person.consented_at, person.refused_at = turn.now, None
    person.look_again(turn.now)
    turn.run = None
    turn.say("consented")
    join.join(turn)


def _decide_erase(turn: Turn, choice: str | None) -> None:
    if choice == "yes":
        return erase.erase_now(turn)
    turn.say("erase_kept")
    turn.ask()


def _decide_unfinished(turn: Turn, choice: str | None) -> None:
    start.go_on(turn) if choice == "go-on" else start.begin_anew(turn)


def _decide_language(turn: Turn, choice: str | None) -> None:
    speak(turn, choice or turn.language)
    turn.ask()


_DECISIONS: dict[str, Callable[[Turn, str | None], None]] = {
    "erase": _decide_erase,
    "unfinished": _decide_unfinished,
    "language": _decide_language,
}


def _set(turn: Turn, dialogue: str, given: Given) -> None:
    """Set what a dialogue of settings asked for; skipped, all stays as it is."""
    if given.words is not None:
        return _SETTINGS[dialogue](turn, given.words)
    turn.say("settings_kept")
    turn.ask()


_SETTINGS: dict[str, Callable[[Turn, str], None]] = {
    rhythm.DIALOGUE: rhythm.wish_for_rhythm,
    quiet.DIALOGUE: quiet.wish_for_quiet,
    zone.DIALOGUE: zone.wish_for_zone,
    pause.DIALOGUE: pause.wish_for_pause,
    free_days.DAYS: free_days.wish_for_days,
    free_days.COUNTRY: free_days.wish_for_country,
}
