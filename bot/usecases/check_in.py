"""The weekly check-in: the week rated by taps, last week's plan, a new one."""

from datetime import timedelta

from bot.coaching.run import RunState
from bot.usecases.start import begin, go_on
from bot.usecases.turn import Talk

# One left unfinished for longer is about a week that is over.
SAME_WEEK = timedelta(days=5)


def check_in(turn: Talk) -> None:
    """Begin the check-in, or go on with the one of this week."""
    turn.drop_dialogues()
    left = turn.uow.latest_run(turn.person_id, (RunState.OPEN, RunState.RESTED), turn.deps.check_in)
    if left is not None and turn.now - left.started_at <= SAME_WEEK:
        return go_on(turn, left)
    if left is not None:
        left.become(RunState.DROPPED, turn.now)
        turn.uow.flush()
        turn.run = turn.uow.active_run(turn.person_id)
    begin(turn, turn.deps.check_in)
