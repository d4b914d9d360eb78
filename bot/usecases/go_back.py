"""Go back to the question before, to change its answer."""

from bot.coaching.run import previous_step
from bot.usecases.turn import Turn


def go_back(turn: Turn) -> None:
    """Ask the previous question again; its answer stands until another one is given."""
    turn.drop_dialogues()
    if turn.run is None or turn.practice is None:
        return turn.say("nothing_open")
    earlier = previous_step(turn.practice, turn.given, turn.run.step, reviews=turn.run.reviews)
    if earlier is None:
        turn.say("nothing_before")
    else:
        turn.move_to(earlier)
        if earlier.id in turn.answers:
            # The question itself is open again, not the one that followed a thin answer.
            turn.answers[earlier.id].deepened = False
        turn.say("going_back")
    turn.ask()
