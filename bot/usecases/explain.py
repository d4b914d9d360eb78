"""Say why Leo asks the open question."""

from bot.usecases.turn import Turn


def explain(turn: Turn) -> None:
    """Give one of the practice's reasons, then ask again."""
    if turn.step is None:
        return turn.say("nothing_open")
    reasons = turn.step.why[turn.language]
    turn.say_filled(reasons[turn.person.turns % len(reasons)])
    turn.ask()
