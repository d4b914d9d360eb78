"""Put an exercise away, for now or for today."""

from typing import Literal

from bot.coaching.run import RunState
from bot.usecases.turn import Turn


def rest(turn: Turn, word: Literal["stopped", "later"]) -> None:
    """Let the open run rest, to be taken up at any time; a confirmation is simply dropped."""
    asked_to_erase = turn.run is not None and turn.run.practice == "erase"
    turn.drop_dialogues()
    if turn.run is not None:
        turn.end_run(RunState.RESTED)
        return turn.say(word)
    turn.say("erase_kept" if asked_to_erase else "deny_idle")
