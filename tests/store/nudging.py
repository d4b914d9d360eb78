"""Somebody whom Leo writes to: a small library, a programme, and a scheduler moved by hand."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.coaching.occurrence import NudgeKind, NudgeState
from bot.coaching.practice import Form, Kind, Practice, Step
from bot.coaching.programme import Programme, Week
from bot.coaching.rhythm import parse
from bot.usecases.answer import answer
from bot.usecases.nudges.expire import expire_unanswered
from bot.usecases.nudges.letters import spread_letters
from bot.usecases.nudges.open import open_due
from bot.usecases.nudges.plan_due import tick
from bot.usecases.nudges.preferences import set_preferences
from bot.usecases.ports import OpenUnitOfWork, UnitOfWork
from bot.usecases.records import Occurrence, Passage, Person
from bot.usecases.turn import Deps, Turn
from tests.store.chat import LIBRARY, TEXTS, Chat

# Enough of an answer that nothing more is asked.
WORDS = "I listened to Theo for ten minutes, and he told me why the order had come late."
PARIS = ZoneInfo("Europe/Paris")
CONSENT, SENT = LIBRARY["consent"], NudgeState.SENT


def both(words: str) -> dict[str, str]:
    return {"en": words, "fr": f"{words} (fr)"}


def practice(practice_id: str, form: Form, *, steps: int = 2) -> Practice:
    """A practice of open questions, named after it."""
    return Practice(
        practice_id,
        both(practice_id),
        both("Why."),
        tuple(
            Step(
                f"q{number}",
                Kind.TEXT,
                both(f"{practice_id} {number}?"),
                both(f"{practice_id} {number} again?"),
                {"en": ("a", "b"), "fr": ("a", "b")},
            )
            for number in range(steps)
        ),
        minutes=5,
        tags=("listening",),
        form=form,
    )


SMALL = {
    **{one.id: one for one in LIBRARY.values() if one.dialogue},
    **{
        one.id: one
        for one in (
            *(practice(f"reflect-{n}", Form.REFLECTION, steps=1) for n in range(20)),
            practice("check-in", Form.CHECK_IN),
            practice("first-week", Form.EXERCISE),
            practice("second-week", Form.EXERCISE),
        )
    },
}
PROGRAMME = Programme(
    "first-eight-weeks",
    both("Two weeks"),
    both("Why."),
    daily=parse("mon-fri 09:00"),
    weekly=parse("fri 16:00"),
    practice=parse("mon 11:00"),
    weeks=tuple(
        Week(both(f"Theme of {name}"), both(f"Opening of {name}."), name, ("listening",))
        for name in ("first-week", "second-week")
    ),
    closing=both("Closing words."),
)


def deps_for(open_uow: OpenUnitOfWork, **fields: Any) -> Deps:
    """What the use cases work with: in Paris, with the small library and its programme."""
    programmes: Mapping[str, Programme] = {PROGRAMME.id: PROGRAMME}
    deps = Deps(
        open_uow,
        TEXTS,
        SMALL,
        "Europe/Paris",
        programmes=programmes,
        check_in="check-in",
        default_programme=PROGRAMME.id,
    )
    return replace(deps, **fields)


def paris(day: int, hour: int = 0, minute: int = 0) -> datetime:
    """An instant of March 2027, whose first is a Monday."""
    return datetime(2027, 3, day, hour, minute, tzinfo=PARIS).astimezone(UTC)


def scheduler(deps: Deps, now: datetime) -> None:
    """Do once what the clock's jobs do."""
    expire_unanswered(deps, now)
    spread_letters(deps, now)
    tick(deps, now)
    while open_due(deps, now):
        tick(deps, now)


class Life(Chat):
    """A chat with somebody whom Leo writes to."""

    def until(self, moment: datetime, *, answering: bool = False) -> list[str]:
        """Let time pass; return what Leo said meanwhile, of its own accord."""
        said: list[str] = []
        while self.clock < moment:
            with self.deps.open() as uow:
                due = uow.nudges.next_instant() or moment
            self.clock = min(max(due, self.clock + timedelta(minutes=1)), moment)
            scheduler(self.deps, self.clock)
            said += [html for html in self.fetch() if html]
            while answering and self.question():
                self.says(WORDS)
        return said

    def consents_at(self, moment: datetime) -> None:
        """Say yes at a moment."""
        self.clock = moment - timedelta(minutes=2)
        self.consent()

    def says(self, words: str) -> None:
        """Answer in words."""
        self.do(answer, words)

    def settles(self, **changes: Any) -> None:
        """Change when Leo writes."""
        self.acts(lambda turn: set_preferences(turn, **changes))

    def acts(self, deed: Callable[[Turn], Any]) -> None:
        """Do something in a turn."""

        def verb(turn: Turn) -> None:
            deed(turn)

        self.do(verb)

    @property
    def person(self) -> Person:
        """Who it is."""
        with self.deps.open() as uow:
            found = uow.person(*self.lane)
        assert found is not None
        return found

    def nudges(self) -> list[Occurrence]:
        """What was planned for them, in the order of its time."""
        return self._ask(lambda uow, who: uow.nudges.all_in(who, tuple(NudgeState)))

    def states(self) -> list[tuple[NudgeKind, int, NudgeState]]:
        """What was planned: its kind, its day of the month, its state."""
        return [(one.kind, one.on_date.day, one.state) for one in self.nudges()]

    def passages(self, occurrence: Occurrence) -> list[Passage]:
        """What an occurrence went through."""
        number = occurrence.id
        assert number is not None
        return self._ask(lambda uow, _: uow.nudges.passages(number))

    def _ask(self, read: Callable[[UnitOfWork, int], Any]) -> Any:
        with self.deps.open() as uow:
            found = uow.person(*self.lane)
            assert found is not None and found.id is not None
            return read(uow, found.id)


__all__ = ["PARIS", "Life", "date", "deps_for", "paris", "scheduler", "time"]
