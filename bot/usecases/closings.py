"""What a practice gives back at its end: words, a message to forward, a picture, a rhythm."""

from bot.coaching.practice import Form, Kind, PictureKind, Practice
from bot.coaching.run import RunState, on_path
from bot.usecases import questions, tally
from bot.usecases.looks import check_in_looks, days_reflected
from bot.usecases.pictures import earlier_run, picture_of, weeks_of
from bot.usecases.records import Run
from bot.usecases.turn import Turn

MAX_QUOTES = 3
MAX_QUOTE = 300


def close_practice(turn: Turn, practice: Practice, run: Run) -> None:
    """End the open run, and give back what its form asks for."""
    drop_leftovers(turn, practice)
    tally.finished(turn, practice, run)
    if practice.form is Form.REFLECTION:
        turn.end_run(RunState.FINISHED)
        return turn.say("reflection_kept", days=_days_this_month(turn))
    _say_closing(turn, practice)
    _show_picture(turn, practice, run)
    turn.end_run(RunState.FINISHED)
    if practice.form is Form.CHECK_IN and (weeks := weeks_of(turn, check_in_looks(turn))):
        turn.show(*weeks)


def drop_leftovers(turn: Turn, practice: Practice) -> None:
    """Remove the answers on a branch that was left when an earlier answer changed."""
    leftovers = turn.answers.keys() - on_path(
        practice, turn.given, reviews=bool(turn.run and turn.run.reviews)
    )
    for step in leftovers:
        turn.uow.delete(turn.answers.pop(step))
    turn.uow.flush()


def _days_this_month(turn: Turn) -> int:
    today = turn.today
    return sum((day.year, day.month) == (today.year, today.month) for day in days_reflected(turn))


def _say_closing(turn: Turn, practice: Practice) -> None:
    closing = practice.closing
    if closing is None:
        return _say_words(turn, practice)
    turn.say_filled(closing.text[turn.language])
    if closing.forward:
        # A message of its own: it is to be passed on as it is.
        turn.close_message()
        turn.say_filled(closing.forward[turn.language])
        turn.close_message()


def _say_words(turn: Turn, practice: Practice) -> None:
    """Lay out what was said, where the practice has no closing of its own."""
    values = turn.values(turn.about(turn.run))
    items = [
        (
            turn.deps.texts.fill(step.again[turn.language], **values),
            questions.title(turn, step, one),
        )
        for step in practice.steps
        if (one := turn.given.get(step.id)) and one.words and step.kind is not Kind.PERSON
    ]
    turn.say("closing_words", items=items) if items else turn.say("closing_plain")


def _show_picture(turn: Turn, practice: Practice, run: Run) -> None:
    shown = picture_of(turn, practice, run)
    if shown is not None:
        turn.show(*shown)
    picture = practice.closing.picture if practice.closing else None
    if picture is not None and picture.kind is PictureKind.MARKS:
        _bring_back_words(turn, practice, run)


def _bring_back_words(turn: Turn, practice: Practice, run: Run) -> None:
    if earlier_run(turn, practice, run) is None:
        return turn.say("closing_first", about=turn.about(run))
    quotes = _earlier_words(turn, practice, run)
    if quotes:
        turn.say("closing_earlier", about=turn.about(run), items=quotes)


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
