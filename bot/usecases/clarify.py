"""Ask which of a few things was meant; do what is chosen, for the words that were first said.

The words are kept, sealed, in a run that nobody walks (`CLARIFY`), until the next thing that
happens in the chat: what was open beneath stays open.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from bot.coaching.run import RunState
from bot.usecases.messages import Button, Told
from bot.usecases.records import Answer, Run
from bot.usecases.turn import Turn, Verb

CLARIFY = "clarify"
SAID = "said"
ANSWER = "answer"
NONE = "none"
MOST_OFFERED = 3
# What a button may offer: each has a title in `bot/texts/…/meanings.yml`.
OFFERED = frozenset(
    {
        ANSWER,
        NONE,
        "another_one",
        "ask_greenleaf",
        "ask_help",
        "ask_hr",
        "ask_human",
        "ask_privacy",
        "ask_servant_leadership",
        "ask_why",
        "change_rhythm",
        "change_zone",
        "check_in",
        "choose_language",
        "delete_data",
        "export_data",
        "go_back",
        "later",
        "list_practices",
        "pause_messages",
        "plan_done",
        "quiet_hours",
        "recall_person",
        "reflect_now",
        "resume",
        "resume_messages",
        "see_history",
        "see_next",
        "see_plans",
        "see_progress",
        "see_settings",
        "skip",
        "speak_english",
        "speak_french",
        "start_test",
        "stop",
        "tell_more",
        "want_practice",
    }
)
_PAYLOAD = re.compile(r"do(?:\.(\d+))?\.([a-z_]+)(?:\.([a-z0-9-]+))?")


@dataclass(frozen=True)
class Chosen:
    """What a button `do.[run.]intent[.practice]` stands for.

    With a run it belongs to a clarifying question, and is void once that is over.
    """

    intent: str
    practice: str | None = None
    run_id: int | None = None

    @classmethod
    def read(cls, payload: str) -> Self | None:
        """Return what a payload stands for, or None when it is no such button."""
        found = _PAYLOAD.fullmatch(payload)
        if found is None or found[2] not in OFFERED:
            return None
        return cls(found[2], found[3], int(found[1]) if found[1] else None)

    @property
    def payload(self) -> str:
        """Return what the button carries, at most 64 bytes."""
        run = str(self.run_id) if self.run_id else None
        return ".".join(part for part in ("do", run, self.intent, self.practice) if part)


def ask_which(turn: Turn, labels: Sequence[str]) -> None:
    """Offer what the message may have meant, and "none of these"."""
    run = _keep(turn)
    chosen = [Chosen(*_split(label), run.id) for label in labels]
    buttons = [(title, c) for c in chosen if (title := _title(turn, c))][:MOST_OFFERED]
    may_be_answer = any(c.intent == ANSWER for _, c in buttons)
    turn.say("clarify_answer" if may_be_answer else "clarify")
    none = Chosen(NONE, run_id=run.id)
    rows = [*buttons, (_title(turn, none) or "", none)]
    turn.offer(tuple((Button(title, c.payload),) for title, c in rows))


def settling(verb: Verb) -> Verb:
    """Return a use case that first ends the clarifying question, if one was asked.

    Pressed by one of its buttons, the use case works on the words first said.
    """

    def act(turn: Turn) -> None:
        kept = _take_back(turn)
        if turn.incoming.told is not Told.PRESS:
            return verb(turn)
        chosen = Chosen.read(turn.incoming.text)
        if chosen is None:
            return verb(turn)
        if chosen.run_id is not None and (kept is None or kept.run_id != chosen.run_id):
            turn.settle_pressed()
            return turn.say("late_press")
        turn.settle_pressed(_title(turn, chosen))
        if chosen.intent == NONE:
            turn.say("clarify_none")
            return turn.ask()
        words = (kept.words if kept else None) or ""
        ref = kept.message_ref if kept else None
        turn.incoming = replace(turn.incoming, told=Told.TEXT, text=words, message_ref=ref)
        verb(turn)

    return act


def _split(label: str) -> tuple[str, str | None]:
    intent, _, practice = label.partition("/")
    return intent, practice or None


def _title(turn: Turn, chosen: Chosen) -> str | None:
    """Return a button's title; None for what cannot be offered, such as a practice now gone."""
    if chosen.practice is not None:
        practice = turn.deps.library.get(chosen.practice)
        return practice.title[turn.language] if practice else None
    return turn.deps.texts.meaning(turn.language, chosen.intent)


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
