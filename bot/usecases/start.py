"""Begin a practice, or take up one that was left."""

from bot.coaching.run import RunState
from bot.usecases.records import Run
from bot.usecases.turn import Talk, Turn

BEST_TEST = "best-test"
UNFINISHED = (RunState.OPEN, RunState.RESTED)


def start_test(turn: Turn) -> None:
    """Begin Greenleaf's test; where one is unfinished, ask whether to go on with it."""
    if turn.run is not None and turn.run.practice == "unfinished":
        return turn.ask()
    turn.drop_dialogues()
    unfinished = turn.uow.latest_run(turn.person_id, UNFINISHED)
    if unfinished is None or unfinished.id is None:
        return begin(turn, BEST_TEST)
    if not turn.uow.answers(unfinished.id):
        return go_on(turn)
    turn.open_dialogue("unfinished", about_id=unfinished.about_id)


def begin(turn: Talk, practice_id: str) -> None:
    """Open a practice and ask its first question."""
    practice = turn.deps.library[practice_id]
    turn.open_run(practice_id)
    turn.say("started", title=practice.title[turn.language], minutes=practice.minutes)
    turn.ask()


def begin_anew(turn: Turn) -> None:
    """Put the unfinished run away for good (what was said stays) and begin the same again."""
    unfinished = turn.uow.latest_run(turn.person_id, UNFINISHED)
    practice_id = BEST_TEST
    if unfinished is not None:
        practice_id = unfinished.practice if unfinished.practice in turn.deps.library else BEST_TEST
        unfinished.become(RunState.DROPPED, turn.now)
        turn.uow.flush()
    begin(turn, practice_id)


def go_on(turn: Turn) -> None:
    """Take up what is open or was left last, at the same question."""
    turn.drop_dialogues()
    run = turn.run or _reopen(turn)
    if run is None:
        return turn.say("nothing_open")
    turn.say("resumed", about=turn.about(run) if run.about_id else "")
    turn.ask()


def _reopen(turn: Turn) -> Run | None:
    run = turn.uow.latest_run(turn.person_id, (RunState.RESTED,))
    if run is not None:
        run.become(RunState.OPEN, turn.now)
        turn.uow.flush()
        turn.run = run
    return run
