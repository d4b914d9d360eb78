"""Simulated people: some answer soon, some later, some rarely; the same each time by their seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.chat.updates import CHANNEL
from bot.coaching.practice import LANGUAGES, SCALE, Kind
from bot.usecases.messages import Incoming, Told
from bot.usecases.ports import Mode
from bot.usecases.questions import SKIP
from bot.usecases.turn import Deps, Turn

ZONES = (
    *("Europe/Paris", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu"),
    *("Australia/Lord_Howe", "Africa/Cairo", "America/Santiago", "Pacific/Auckland"),
    *("Pacific/Chatham", "Asia/Tokyo", "UTC", "America/Sao_Paulo"),
)


@dataclass(frozen=True)
class Habit:
    """How somebody answers: how often, and after how many minutes on average."""

    answers: float
    minutes: float


# Most answer within the hour, some in the evening, a few hardly ever.
HABITS = ((0.6, Habit(0.9, 15)), (0.25, Habit(0.7, 180)), (0.15, Habit(0.1, 60)))
EAGER = Habit(1.0, 2)
# How often each rating is given.
RATINGS = (1, 3, 6, 5, 2)


class Someone:
    """One simulated person."""

    def __init__(self, number: int, name: str, zone: str, language: str, habit: Habit) -> None:
        """Take who it is; the number is the chat's."""
        self.address, self.name, self.zone, self.language = str(number), name, zone, language
        self._habit, self._random = habit, random.Random(number)  # noqa: S311

    def pause(self) -> timedelta | None:
        """Return after how long a question is answered, or None if it is not."""
        if self._random.random() >= self._habit.answers:
            return None
        minutes = self._random.expovariate(1 / self._habit.minutes)
        return timedelta(minutes=min(max(minutes, 0.2), 600))

    def reply(self, deps: Deps, update_id: int, now: datetime) -> Incoming | None:
        """Return the answer to the open question, or None where none is open."""
        incoming = Incoming(CHANNEL, update_id, self.address, Told.TEXT, language=self.language)
        with deps.open(Mode.READ) as uow:
            turn = Turn(deps, uow, incoming, now)
            step, run = turn.step, turn.run
            if step is None or run is None:
                return None
            if step.kind in (Kind.CHOICE, Kind.REVIEW):
                choice = self._random.choice(step.choices).id
            elif step.kind is Kind.RATING:
                choice = str(self._random.choices(SCALE, RATINGS)[0])
            elif step.kind is Kind.DATE:
                choice = SKIP
            else:
                words = self._random.choice(deps.texts.simulated(self.language, step.kind))
                return Incoming(CHANNEL, update_id, self.address, Told.TEXT, words, message_ref=0)
            pressed = f"{run.id}.{step.id}.{choice}"
        return Incoming(CHANNEL, update_id, self.address, Told.PRESS, pressed)


def crowd(
    count: int, show: str, language: str, seed: int, habit: Habit | None
) -> Iterator[Someone]:
    """Yield people in many zones and both languages; the first speaks `language`, called `show`."""
    other = next(one for one in LANGUAGES if one != language)
    chance = random.Random(seed)  # noqa: S311
    for number in range(count):
        drawn = chance.choices([one for _, one in HABITS], [share for share, _ in HABITS])[0]
        yield Someone(
            seed * 1_000_000 + number + 1,
            show if number == 0 and show else f"P{number + 1}",
            ZONES[number % len(ZONES)],
            language if number % 2 == 0 else other,
            habit or (EAGER if number == 0 and show else drawn),
        )
