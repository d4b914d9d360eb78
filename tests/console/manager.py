"""A manager in Telegram, without Rasa: each deed is one update of theirs, worked on."""

import itertools
from collections.abc import Callable
from datetime import datetime

from bot.chat.updates import read_update
from bot.store.unit_of_work import units_of_work
from bot.texts.catalogue import Catalogue
from bot.usecases.answer import answer, pass_over, say_yes_or_no
from bot.usecases.arrive import arrive
from bot.usecases.check_in import check_in
from bot.usecases.deliver import Outcome, hand_out
from bot.usecases.erase import erase_now
from bot.usecases.messages import Outgoing
from bot.usecases.nudges.letters import spread_letters
from bot.usecases.nudges.open import open_due
from bot.usecases.nudges.plan_due import tick
from bot.usecases.receive import receive
from bot.usecases.records import OutboxState
from bot.usecases.start import begin
from bot.usecases.turn import Deps, Turn, take
from tests.console.conftest import LIBRARY, PROGRAMMES, Console

_updates = itertools.count(1)
_refs = itertools.count(10_000)


class Manager:
    """Somebody who talks with Leo at an address of their own."""

    def __init__(self, console: Console, address: int, *, open_to_all: bool = True) -> None:
        self.console, self.address = console, address
        self.deps = Deps(
            units_of_work(console.engine),
            Catalogue(),
            LIBRARY,
            "UTC",
            PROGRAMMES,
            open_to_all=open_to_all,
        )
        self.last: list[Outgoing] = []

    def does(self, verb: Callable[[Turn], None], text: str, *, always: bool = False) -> str:
        """Say something that means a deed; return what Leo says to it."""
        raw = {
            "update_id": next(_updates),
            "message": {
                "message_id": next(_refs),
                "text": text,
                "chat": {"id": self.address, "type": "private"},
                "from": {"first_name": "Kim", "language_code": "en"},
            },
        }
        incoming = read_update(raw)
        assert incoming is not None
        now: datetime = self.console.now
        receive(self.deps.open, [incoming], now)
        assert take(self.deps, "telegram", incoming.update_id, verb, now, always=always)
        self.last = [one for one in self._delivered() if not one.settle]
        return "\n".join(one.html for one in self.last)

    def reads(self) -> list[str]:
        """Let the scheduler work; return what Leo says of its own accord."""
        now = self.console.now
        spread_letters(self.deps, now)
        tick(self.deps, now)
        while open_due(self.deps, now):
            tick(self.deps, now)
        return [one.html for one in self._delivered() if not one.settle]

    def _delivered(self) -> list[Outgoing]:
        messages: list[Outgoing] = []
        outcomes: list[Outcome] = []
        now = self.console.now
        while parcels := hand_out(self.deps.open, "telegram", str(self.address), outcomes, now):
            outcomes = [Outcome(p, OutboxState.SENT, message_ref=next(_refs)) for p in parcels]
            messages += [parcel.outgoing for parcel in parcels]
        return messages

    def follows(self, token: str) -> str:
        return self.does(arrive, f"/start {token}", always=True)

    def agrees(self) -> str:
        return self.does(lambda turn: say_yes_or_no(turn, "yes"), "yes", always=True)

    def joins(self, token: str) -> str:
        self.follows(token)
        return self.agrees()

    def checks_in(self, *ratings: int) -> None:
        """Rate the six marks and leave the rest of the check-in unanswered."""

        self.does(check_in, "check in")
        for rating in ratings:
            self.does(answer, str(rating))
        self._skips_on()

    def practises(self, practice: str) -> None:
        """Do a practice: name somebody where it asks for one, and skip all else."""
        self.does(lambda turn: begin(turn, practice), practice)
        self.does(answer, "Ana")
        self._skips_on()

    def _skips_on(self) -> None:
        for _ in range(30):
            if self.is_open():
                self.does(pass_over, "skip")
        assert not self.is_open()

    def is_open(self) -> bool:
        with self.deps.open() as uow:
            person = uow.person("telegram", str(self.address))
            assert person is not None and person.id is not None
            return uow.active_run(person.id) is not None

    def erases(self) -> None:
        self.does(erase_now, "/delete", always=True)
