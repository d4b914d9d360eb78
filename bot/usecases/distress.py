"""Meet somebody in distress: no exercise goes on over it, and nothing is noted down about it."""

from collections.abc import Sequence

from bot.coaching.run import RunState
from bot.coaching.support import Contact
from bot.usecases.messages import deed
from bot.usecases.turn import Turn


def meet_distress(turn: Turn) -> None:
    """Let what is open rest; say a few humane words, who can help, and offer silence.

    What was said is not kept, counted or told to anybody.
    """
    support = turn.deps.support
    zone = turn.person.zone or turn.deps.zone
    turn.drop_dialogues()
    turn.person.letter_at = None  # Who reads what is no matter for now.
    resting = turn.run is not None and bool(turn.run.id)
    if resting:
        turn.end_run(RunState.RESTED)
    turn.say("distress")
    turn.say(
        "distress_contacts",
        own=_lines(turn, support.own),
        public=_lines(turn, support.public(zone)),
    )
    turn.say("distress_rest", resting=resting, consented=turn.person.consented)
    if not turn.person.consented:
        return turn.close_message()
    turn.offer(((deed(turn.word("pause_all"), "pause_messages"),),))


def _lines(turn: Turn, contacts: Sequence[Contact]) -> list[tuple[str, str, str]]:
    return [(c.name[turn.language], c.number, c.note[turn.language]) for c in contacts]
