"""What happens when a run comes to its end."""

from collections.abc import Callable

from bot.coaching.practice import Kind, PictureKind, Practice
from bot.coaching.run import Given, RunState, on_path
from bot.usecases import erase, join, start, tally
from bot.usecases.change_language import speak
from bot.usecases.marks import marks_of, picture_of
from bot.usecases.records import Consent, Run
from bot.usecases.turn import CONSENT_TEXT, Turn

MAX_QUOTES = 3
MAX_QUOTE = 300


def end(turn: Turn) -> None:
    """Bring the open run to its end: do what a dialogue decided, or give something back."""
    practice, run = turn.practice, turn.run
    assert practice is not None and run is not None
    if not practice.dialogue:
        return close_practice(turn, practice, run)
    choice = turn.given[practice.steps[0].id].choice
    turn.end_run(RunState.FINISHED)
    _DECISIONS[practice.id](turn, choice)


def close_practice(turn: Turn, practice: Practice, run: Run) -> None:
    """End a practice: closing words, a picture, and the person's own earlier words."""
    drop_leftovers(turn, practice)
    if practice.closing:
        turn.say_filled(practice.closing.text[turn.language])
    picture = practice.closing.picture if practice.closing else None
    if picture is not None and picture.kind is PictureKind.MARKS:
        _show_marks(turn, practice, run)
    tally.finished(turn, practice, run)
    turn.end_run(RunState.FINISHED)


def drop_leftovers(turn: Turn, practice: Practice) -> None:
    """Remove the answers on a branch that was left when an earlier answer changed."""
    leftovers = turn.answers.keys() - on_path(
        practice, turn.given, reviews=bool(turn.run and turn.run.reviews)
    )
    for step in leftovers:
        turn.uow.delete(turn.answers.pop(step))
    turn.uow.flush()


def _show_marks(turn: Turn, practice: Practice, run: Run) -> None:
    earlier = _earlier_run(turn, practice, run)
    now, before = marks_of(turn, run), marks_of(turn, earlier)
    if any(value is not None for value in now.values()):
        picture, caption = picture_of(turn, practice, run, earlier, now, before)
        turn.show(picture, caption)
    if earlier is None:
        return turn.say("closing_first", about=turn.about(run))
    quotes = _earlier_words(turn, practice, run)
    if quotes:
        turn.say("closing_earlier", about=turn.about(run), items=quotes)


def _earlier_run(turn: Turn, practice: Practice, run: Run) -> Run | None:
    if run.about_id is None:
        return None
    runs = turn.uow.runs_about(run.about_id)
    return next((r for r in runs if r.practice == practice.id and r.id != run.id), None)


def _earlier_words(turn: Turn, practice: Practice, run: Run) -> list[tuple[str, str]]:
    """Return up to three things said about the same person before, latest run first."""
    assert run.about_id is not None
    quotes: list[tuple[str, str]] = []
    for earlier in turn.uow.runs_about(run.about_id):
        if earlier.id == run.id or earlier.id is None:
            continue
        when = turn.deps.texts.day(turn.language, turn.local(earlier.started_at).date())
        quotes += [
            (when, shorten(answer.words))
            for answer in turn.uow.answers(earlier.id)
            if answer.words and _is_text(practice, answer.step)
        ]
    return quotes[:MAX_QUOTES]


def _is_text(practice: Practice, step_id: str) -> bool:
    step = practice.step(step_id)
    return step is not None and step.kind is Kind.TEXT


def shorten(words: str) -> str:
    """Return at most MAX_QUOTE characters, cut at a space."""
    if len(words) <= MAX_QUOTE:
        return words
    return words[:MAX_QUOTE].rsplit(" ", 1)[0] + " …"


def decide_consent(turn: Turn, given: Given) -> None:
    """Keep the yes or the no to what Leo keeps; "tell me more" tells more and asks again."""
    person = turn.person
    if given.choice == "more":
        turn.say("tell_more")
        return turn.ask()
    version = person.consent_version or f"{CONSENT_TEXT}-{turn.language}"
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
