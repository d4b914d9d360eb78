"""Begin a practice, or take up one that was left."""

from bot.coaching.practice import Form, Kind, Practice
from bot.coaching.run import RunState
from bot.usecases.plans import to_review
from bot.usecases.records import Run
from bot.usecases.turn import Talk

BEST_TEST = "best-test"
ASK_WHICH = "unfinished"
UNFINISHED = (RunState.OPEN, RunState.RESTED)


def start_test(turn: Talk) -> None:
    """Begin Greenleaf's test, or ask whether to go on with an unfinished one."""
    start(turn, BEST_TEST)


def start(turn: Talk, practice_id: str) -> None:
    """Begin a practice; where one like it is unfinished, ask whether to go on with that."""
    if _asks_which(turn, practice_id):
        return turn.ask()
    turn.drop_dialogues()
    unfinished = turn.uow.latest_run(turn.person_id, UNFINISHED, practice_id)
    if unfinished is None or unfinished.id is None:
        return begin(turn, practice_id)
    _bring_back(turn, unfinished)
    if not turn.uow.answers(unfinished.id):
        return go_on(turn)
    turn.open_dialogue(ASK_WHICH, about_id=unfinished.about_id)


def _asks_which(turn: Talk, practice_id: str) -> bool:
    """Tell whether Leo is asking already whether to go on with that practice."""
    if turn.run is None or turn.run.practice != ASK_WHICH:
        return False
    unfinished = turn.uow.latest_run(turn.person_id, UNFINISHED, practice_id)
    return unfinished is not None and unfinished.state is RunState.OPEN


def begin(turn: Talk, practice_id: str) -> None:
    """Open a practice, say what it is for and how long it takes, and ask its first question."""
    practice = turn.deps.library[practice_id]
    open_practice(turn, practice)
    turn.say(
        "started",
        title=practice.title[turn.language],
        purpose=practice.purpose[turn.language],
        minutes=practice.minutes,
    )
    turn.ask()


def open_practice(turn: Talk, practice: Practice) -> None:
    """Open a practice in place of what is open, with the plan that it looks back at."""
    make_room(turn)
    run = turn.open_run(practice.id)
    if any(step.kind is Kind.REVIEW for step in practice.steps):
        plan = to_review(turn)
        run.review_id = plan.id if plan else None


def make_room(turn: Talk) -> None:
    """Put away what is open: an exercise rests and can be taken up, a reflection is over."""
    turn.drop_dialogues()
    while (run := turn.run) is not None:
        practice = turn.practice
        if practice is None or practice.form is not Form.REFLECTION:
            turn.end_run(RunState.RESTED)
            if practice is not None:
                turn.say("set_aside", title=practice.title[turn.language])
        else:
            answered = bool(run.id and turn.answers)
            turn.end_run(RunState.FINISHED if answered else RunState.DROPPED)


def begin_anew(turn: Talk) -> None:
    """Put the open run away for good (what was said stays) and begin the same again."""
    practice_id = turn.run.practice if turn.run else BEST_TEST
    turn.end_run(RunState.DROPPED)
    begin(turn, practice_id if practice_id in turn.deps.library else BEST_TEST)


def go_on(turn: Talk, wanted: Run | None = None) -> None:
    """Take up the run wanted, or what is open or was left last, at the same question.

    An open reflection gives way to an exercise that was left: that is what is gone on with.
    """
    turn.drop_dialogues()
    reflecting = turn.practice is not None and turn.practice.form is Form.REFLECTION
    rested = turn.uow.latest_run(turn.person_id, (RunState.RESTED,))
    run = wanted or (rested if reflecting else None) or turn.run or rested
    if run is None:
        return turn.say("nothing_open")
    _bring_back(turn, run)
    turn.say("resumed", about=turn.about(run) if run.about_id else "")
    turn.ask()


def _bring_back(turn: Talk, run: Run) -> None:
    """Make a run the open one; what else is open makes room."""
    if turn.run is not run:
        make_room(turn)
    if run.state is RunState.RESTED:
        run.become(RunState.OPEN, turn.now)
        turn.uow.flush()
    turn.run = run
