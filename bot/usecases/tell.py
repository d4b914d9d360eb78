"""Say something that does not depend on the open question, then ask it again."""

from bot.usecases.turn import Turn


def tell(turn: Turn, topic: str) -> None:
    """Answer an aside from the template named `topic`."""
    turn.say(topic)
    turn.ask()


def greet(turn: Turn) -> None:
    """Greet somebody back."""
    name = turn.person.name or turn.incoming.name
    turn.say("greet" if turn.step is None else "greet_open", name=name)
    turn.ask()
