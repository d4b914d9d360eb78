"""Ask which of a few things was meant; do what is chosen, for the words that were first said.

The words are kept, sealed, in a run that nobody walks (`CLARIFY`), until the next thing that
happens in the chat: what was open beneath stays open.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.coaching.run import RunState
from bot.usecases.messages import Button, Deed, Told
from bot.usecases.records import Answer, Run
from bot.usecases.turn import Turn, Verb

CLARIFY = "clarify"
SAID = "said"
ANSWER = "answer"
DISTRESS = "distress"
NONE = "none"
MOST_OFFERED = 3


def ask_which(turn: Turn, labels: Sequence[str]) -> None:
    """Offer what the message may have meant, and "none of these"."""
    run = _keep(turn)
    chosen = [Deed(*_split(label), run.id) for label in labels]
    buttons = [(title, deed) for deed in chosen if (title := _title(turn, deed))][:MOST_OFFERED]
    turn.say(_question({deed.intent for _, deed in buttons}))
    none = Deed(NONE, run_id=run.id)
    rows = [*buttons, (_title(turn, none) or "", none)]
    turn.offer(tuple((Button(title, deed.payload),) for title, deed in rows))


def _question(intents: set[str]) -> str:
    """Return the key of the question: softer where it may be distress."""
    if DISTRESS in intents:
        return "clarify_heavy"
    return "clarify_answer" if ANSWER in intents else "clarify"


def settling(verb: Verb) -> Verb:
    """Return a use case that first ends the clarifying question, if one was asked.

    Pressed by one of its buttons, the use case works on the words first said.
    """

    def act(turn: Turn) -> None:
        kept, deed = _take_back(turn), turn.incoming.deed
        if deed is None or deed.run_id is None:
            return verb(turn)
        if kept is None or kept.run_id != deed.run_id:
            turn.settle_pressed()
            return turn.say("late_press")
        turn.settle_pressed(_title(turn, deed))
        if deed.intent == NONE:
            turn.say("clarify_none")
            return turn.ask()
        turn.incoming = replace(
            turn.incoming, told=Told.TEXT, text=kept.words or "", message_ref=kept.message_ref
        )
        verb(turn)

    return act


def _split(label: str) -> tuple[str, str]:
    intent, _, practice = label.partition("/")
    return intent, practice


def _title(turn: Turn, deed: Deed) -> str | None:
    """Return a button's title; None for what cannot be offered, such as a practice now gone."""
    if deed.about:
        practice = turn.deps.library.get(deed.about)
        return practice.title[turn.language] if practice else None
    return turn.deps.texts.meaning(turn.language, deed.intent)


def _keep(turn: Turn) -> Run:
    run = Run(turn.person_id, CLARIFY, SAID, turn.now, turn.now, state=RunState.DROPPED)
    turn.uow.add(run)
    turn.uow.flush()
    assert run.id is not None
    said = Answer(run.id, SAID, turn.incoming.update_id, turn.now)
    said.words, said.message_ref = turn.incoming.text, turn.incoming.message_ref
    turn.uow.add(said)
    return run


def _take_back(turn: Turn) -> Answer | None:
    """Return what was kept for the clarifying question, and keep it no longer."""
    if not turn.person.consented:
        return None
    run = turn.uow.latest_run(turn.person_id, (RunState.DROPPED,))
    if run is None or run.id is None or run.practice != CLARIFY:
        return None
    (said,) = turn.uow.answers(run.id)
    turn.uow.delete(said)
    turn.uow.flush()
    turn.uow.delete(run)
    turn.uow.flush()
    return said
