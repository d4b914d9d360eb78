"""Amend an answer: its message was edited in the chat."""

from bot.coaching.practice import Kind
from bot.coaching.reading import Unreadable, read
from bot.coaching.run import Given, RunState
from bot.usecases.answer import MORE, advance, keep
from bot.usecases.closings import drop_leftovers
from bot.usecases.turn import Turn


def amend(turn: Turn) -> None:
    """Replace the answer that the edited message had given, where the new text is one."""
    ref = turn.incoming.message_ref
    answer = turn.uow.answer_from(turn.person_id, ref) if ref is not None else None
    run = turn.uow.run(answer.run_id) if answer else None
    practice = turn.deps.library.get(run.practice) if run else None
    step = practice.step(answer.step) if practice and answer else None
    if run is None or step is None or run.state is RunState.DROPPED:
        return turn.say("amended_not")
    try:
        given = read(step, turn.incoming.text, turn.today)
    except Unreadable:
        return turn.say("amended_not")
    if answer is not None and answer.deepened and MORE in (answer.words or ""):
        # What was added in a second message stays.
        given = Given(words=f"{given.words}{MORE}{(answer.words or '').partition(MORE)[2]}")
    open_run, turn.run = turn.run, run
    keep(turn, step, given)
    if practice is not None and run.state is RunState.FINISHED:
        drop_leftovers(turn, practice)
    turn.run = open_run
    turn.say("amended")
    if step.kind in (Kind.CHOICE, Kind.REVIEW) and open_run is run:
        # Another choice may lead elsewhere: ask what is now the open question.
        advance(turn)
