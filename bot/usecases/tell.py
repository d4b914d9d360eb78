"""Say something that does not depend on the open question, then ask it again."""

from bot.usecases.turn import Turn


def tell(turn: Turn, topic: str) -> None:
    """Answer an aside from the template named `topic`."""
    turn.say(topic)
    turn.ask()


def greet(turn: Turn) -> None:
    """Greet somebody back; before consent there is nothing yet to come back to."""
    name = turn.person.name or turn.incoming.name
    if not turn.person.consented:
        turn.say("consent_needed")
    else:
        turn.say("greet" if turn.step is None else "greet_open", name=name)
    turn.ask()
