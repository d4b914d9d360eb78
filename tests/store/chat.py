"""Somebody who talks with Leo: updates in, use cases done, without Rasa and without a network."""

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.coaching.practice import Kind
from bot.texts.catalogue import Catalogue
from bot.texts.practices import load_library
from bot.usecases.answer import answer
from bot.usecases.arrive import arrive
from bot.usecases.deliver import Outcome, hand_out
from bot.usecases.messages import Incoming, Told
from bot.usecases.ports import OpenUnitOfWork
from bot.usecases.receive import receive
from bot.usecases.records import OutboxState
from bot.usecases.start import start_test
from bot.usecases.turn import Deps, Turn, Verb, take
from bot.wiring import DATA
from tests.store.make import NOW

TEXTS, LIBRARY = Catalogue(), load_library(DATA)
_updates = itertools.count(1)


def deps_for(open_uow: OpenUnitOfWork) -> Deps:
    """Return what the use cases work with."""
    return Deps(open_uow, TEXTS, LIBRARY, "Europe/Paris")


class Chat:
    """One chat."""

    def __init__(
        self,
        deps: Deps,
        *,
        channel: str = "telegram",
        address: str = "42",
        name: str = "Ana",
        language: str = "en",
    ) -> None:
        self.deps, self.lane = deps, (channel, address)
        self._name, self._language = name, language
        self.clock: datetime = NOW
        self.after_each: Callable[[], None] = lambda: None

    def come_in(self, text: str = "", told: Told = Told.TEXT) -> int:
        """Have an update stored, and return its number."""
        number = next(_updates)
        self.clock += timedelta(minutes=1)
        incoming = Incoming(
            *(self.lane[0], number, self.lane[1], told, text),
            name=self._name,
            language=self._language,
            message_ref=number,
        )
        receive(self.deps.open, [incoming], self.clock)
        self.after_each()
        return number

    def do(self, verb: Verb, text: str = "", told: Told = Told.TEXT) -> None:
        """Have an update stored and worked on, and take what Leo answers."""
        number = self.come_in(text, told)
        assert take(self.deps, self.lane[0], number, verb, self.clock, always=True)
        self.after_each()
        self.fetch()

    def fetch(self) -> list[str]:
        """Take what waits in the outbox, and return what it says."""
        said: list[str] = []
        outcomes: list[Outcome] = []
        while parcels := hand_out(self.deps.open, *self.lane, outcomes, self.clock):
            self.after_each()
            said += [parcel.outgoing.html for parcel in parcels]
            outcomes = [Outcome(p, OutboxState.SENT, message_ref=p.outbox_id) for p in parcels]
        self.after_each()
        return said

    def consent(self) -> None:
        """Arrive, and say yes."""
        self.do(arrive, "arrive", Told.COMMAND)
        self.do(answer, "0.agree.yes", Told.PRESS)

    def begin(self, *, nickname: str = "Theo", words: str = "I listened.") -> None:
        """Consent, and begin Greenleaf's test: say of whom, rate once, and say something."""
        self.consent()
        self.do(start_test, "start_test", Told.COMMAND)
        for said in (nickname, "4", words):
            self.do(answer, said)

    def walk(self, *, nickname: str = "Theo", words: str = "I listened.") -> None:
        """Consent, and walk Greenleaf's test to its end, saying the same words everywhere."""
        self.consent()
        self.do(start_test, "start_test", Told.COMMAND)
        while (question := self.question()) is not None:
            run_id, kind, step, choices = question
            match kind:
                case Kind.PERSON:
                    self.do(answer, nickname)
                case Kind.TEXT | Kind.PLAN:
                    self.do(answer, words)
                case Kind.RATING:
                    self.do(answer, f"{run_id}.{step}.4", Told.PRESS)
                case Kind.CHOICE:
                    self.do(answer, f"{run_id}.{step}.{choices[0]}", Told.PRESS)
                case Kind.DATE:
                    self.do(answer, f"{run_id}.{step}.skip", Told.PRESS)

    def question(self) -> tuple[int, Kind, str, list[str]] | None:
        """Return the open question: its run, its kind, its step and the ids of its choices."""
        with self.deps.open() as uow:
            incoming = Incoming(self.lane[0], 0, self.lane[1], Told.TEXT)
            turn = Turn(self.deps, uow, incoming, self.clock)
            if turn.run is None or turn.step is None:
                return None
            assert turn.run.id is not None
            choices = [choice.id for choice in turn.step.choices]
            return turn.run.id, turn.step.kind, turn.step.id, choices
