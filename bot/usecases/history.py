"""What somebody wrote earlier: page by page, or about one person."""

import re
from dataclasses import dataclass, field

from bot.coaching.names import asked_about, mentions, named_in
from bot.coaching.practice import Form, Kind
from bot.usecases.messages import deed
from bot.usecases.questions import MAX_PEOPLE
from bot.usecases.records import Answer, Run, Served
from bot.usecases.turn import Turn

ON_A_PAGE = 4
MAX_RECALLED = 8
OWN_WORDS = (Kind.TEXT, Kind.LIST, Kind.PLAN)


@dataclass(frozen=True)
class Entry:
    """One thing written: when, in which exercise, and the words."""

    day: str
    heading: str
    words: str = field(repr=False)
    about_id: int | None = None


def see_history(turn: Turn, page: str = "") -> None:
    """Show a page of what was written, the latest first; the pages are turned by buttons."""
    entries = _entries(turn)
    if not entries:
        turn.say("history_empty")
        return turn.ask()
    last = (len(entries) - 1) // ON_A_PAGE + 1
    number = min(int(page), last) if page.isdecimal() and int(page) else 1
    shown = entries[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
    turn.say("history", items=shown, page=number, pages=last)
    newer = (deed(turn.word("newer"), "see_history", str(number - 1)),) if number > 1 else ()
    older = (deed(turn.word("older"), "see_history", str(number + 1)),) if number < last else ()
    turn.close_message(((*newer, *older),) if newer or older else ())
    turn.ask()


def recall_person(turn: Turn, about: str = "") -> None:
    """Bring back what was written about somebody: named in the message, or by a button."""
    if about:
        served = next((s for s in turn.served if f"p{s.id}" == about), None)
        return _recall(turn, served.nickname) if served else _ask_whom(turn)
    named = named_in(turn.incoming.text, [served.nickname for served in turn.served])
    if len(named) == 1:
        return _recall(turn, named[0])
    name = asked_about(turn.incoming.text)
    if not named and name and any(mentions(entry.words, name) for entry in _entries(turn)):
        return _recall(turn, name)
    _ask_whom(turn, [served for served in turn.served if served.nickname in named])


def _recall(turn: Turn, name: str) -> None:
    about = next((s.id for s in turn.served if s.nickname == name), None)
    found = [
        entry
        for entry in _entries(turn)
        if (about is not None and entry.about_id == about) or mentions(entry.words, name)
    ]
    if found:
        more = len(found) - MAX_RECALLED
        turn.say("recalled", about=name, items=found[:MAX_RECALLED], more=max(more, 0))
    else:
        turn.say("recalled_nothing", about=name)
    turn.ask()


def _ask_whom(turn: Turn, among: list[Served] | None = None) -> None:
    people = (among or turn.served)[:MAX_PEOPLE]
    turn.say("recall_whom" if people else "recall_nobody")
    turn.close_message(tuple((deed(s.nickname, "recall_person", f"p{s.id}"),) for s in people))
    turn.ask()


def _entries(turn: Turn) -> list[Entry]:
    written = turn.uow.growth.written(turn.person_id)
    return [entry for run, answer in written if (entry := _entry(turn, run, answer))]


def _entry(turn: Turn, run: Run, answer: Answer) -> Entry | None:
    practice = turn.deps.library.get(run.practice)
    step = practice.step(answer.step) if practice else None
    if practice is None or step is None or step.kind not in OWN_WORDS or not answer.words:
        return None
    heading = practice.title[turn.language]
    if practice.form is Form.REFLECTION:
        heading = turn.deps.texts.fill(step.again[turn.language], about="", said={})
    elif run.about_id is not None:
        heading = f"{heading} · {turn.about(run)}"
    day = turn.deps.texts.day(turn.language, turn.local(answer.at).date())
    between = ", " if step.kind is Kind.LIST else " … "
    words = re.sub(r"\s*\n\s*", between, answer.words)
    return Entry(day, heading, words, run.about_id)
