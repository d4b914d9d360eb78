"""Let simulated people live for weeks with the real scheduler and the real sender."""

import asyncio
import heapq
import itertools
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.chat import telegram
from bot.chat.lanes import Lanes
from bot.chat.pace import Pace
from bot.chat.rehearsal import Rehearsal, rehearsal_bot
from bot.chat.updates import CHANNEL
from bot.coaching.occurrence import NudgeKind, NudgeState
from bot.simulation.people import Habit, Someone, crowd
from bot.simulation.virtual import VirtualLoop
from bot.usecases.answer import answer
from bot.usecases.nudges.expire import expire_unanswered
from bot.usecases.nudges.open import open_due
from bot.usecases.nudges.plan_due import tick
from bot.usecases.ports import Mode
from bot.usecases.receive import receive
from bot.usecases.records import Occurrence, Person
from bot.usecases.turn import Deps, take

# What arrives later than this after its time was late.
LATE = timedelta(minutes=5)


@dataclass(frozen=True)
class Plan:
    """What to simulate. `habit` is how everybody answers; None draws from several kinds."""

    people: int
    weeks: int
    first: date
    show: str = ""
    language: str = "en"
    seed: int = 1
    rate: float = 28
    habit: Habit | None = None
    # When Telegram is out of reach: from and until.
    outage: tuple[datetime, datetime] | None = None

    @property
    def end(self) -> date:
        """Return the first day that is not simulated any more."""
        return self.first + timedelta(weeks=self.weeks)


@dataclass
class Result:
    """What came of it: counts by kind of nudge, and what the person shown read and said."""

    planned: Counter[NudgeKind] = field(default_factory=Counter)
    states: Counter[tuple[NudgeKind, NudgeState]] = field(default_factory=Counter)
    late: Counter[NudgeKind] = field(default_factory=Counter)
    days: Counter[tuple[date, NudgeState]] = field(default_factory=Counter)
    messages: int = 0
    duplicate: int = 0
    refused: int = 0
    # Local time, whether it is Leo who speaks, what was said, and the titles of the buttons.
    shown: list[tuple[datetime, bool, str, list[str]]] = field(default_factory=list)


class Dialogue:
    """In the Rasa server's place: everything that is said answers the open question."""

    def __init__(self, deps: Deps, now: Callable[[], datetime]) -> None:
        """Take the use cases and the clock."""
        self._deps, self._now = deps, now

    async def send(self, sender: str, message: str, metadata: Mapping[str, Any]) -> bool:
        """Do it, and tell that it is done."""
        update = metadata["update"]
        return take(self._deps, update["channel"], update["id"], answer, self._now())


class Life:
    """The people, the scheduler and the sender of one simulation."""

    def __init__(self, deps: Deps, plan: Plan, draw: telegram.Draw) -> None:
        """Take the use cases over an empty store, the plan, and what draws pictures."""
        self._deps, self._plan = deps, plan
        self._loop = asyncio.get_running_loop()
        self._began = datetime.combine(plan.first, time(), UTC) - timedelta(hours=14)
        people = crowd(plan.people, plan.show, plan.language, plan.seed, plan.habit)
        self._people = {one.address: one for one in people}
        self._shown = next(iter(self._people)) if plan.show else ""
        self._rehearsal = Rehearsal(self._loop.time, self._hear, self._gone)
        self._pace, self._draw = Pace(plan.rate), draw
        self._replies: list[tuple[datetime, int, Someone]] = []
        self._titles: dict[str, str] = {}
        self._numbers = itertools.count(1)
        self.result = Result()

    def now(self) -> datetime:
        """Return the virtual instant."""
        return self._began + timedelta(seconds=self._loop.time())

    async def live(self) -> Result:
        """Live from the first day to the last."""
        bot = rehearsal_bot(self._rehearsal)
        await bot.initialize()
        messenger = telegram.TelegramMessenger(bot, self._pace, self._draw, self.now)
        lanes = Lanes(self._deps, Dialogue(self._deps, self.now), {CHANNEL: messenger}, self.now)
        self._settle_in()
        end = self._began + timedelta(weeks=self._plan.weeks, hours=28)
        while (moment := self._next_moment()) is not None and moment < end:
            if moment > self.now():
                await asyncio.sleep((moment - self.now()).total_seconds())
            await self._work(lanes)
        self._count()
        return self.result

    def _settle_in(self) -> None:
        """Everybody agrees before the first day begins where they are."""
        with self._deps.open() as uow:
            for one in self._people.values():
                person = Person(
                    *(CHANNEL, one.address),
                    name=one.name,
                    language=one.language,
                    zone=one.zone,
                    consented_at=datetime.combine(
                        self._plan.first, time(), ZoneInfo(one.zone)
                    ).astimezone(UTC),
                    next_at=self._began,
                )
                uow.add(person)

    def _gone(self) -> bool:
        outage = self._plan.outage
        return outage is not None and outage[0] <= self.now() < outage[1]

    def _next_moment(self) -> datetime | None:
        with self._deps.open(Mode.READ) as uow:
            moments = [uow.nudges.next_instant(), uow.nudges.next_delivery()]
        moments += [self._replies[0][0]] if self._replies else []
        return min((moment for moment in moments if moment), default=None)

    async def _work(self, lanes: Lanes) -> None:
        """Do what is due now: the scheduler's jobs, the replies, and everything to be sent."""
        expire_unanswered(self._deps, self.now())
        tick(self._deps, self.now())
        opened = open_due(self._deps, self.now())
        replies = self._take_replies()
        with self._deps.open(Mode.READ) as uow:
            waiting = uow.waiting(self.now())
        for lane in waiting:
            lanes.wake(lane)
        for lane in waiting:
            await lanes.finish(lane)
        if not (opened or replies or waiting):
            await asyncio.sleep(1)  # What cannot be done now is looked at a second later.

    def _take_replies(self) -> int:
        count = 0
        while self._replies and self._replies[0][0] <= self.now():
            _, _, someone = heapq.heappop(self._replies)
            incoming = someone.reply(self._deps, next(self._numbers), self.now())
            if incoming is not None:
                said = self._titles.get(incoming.text, incoming.text)
                self._show(someone.address, mine=False, text=said)
                receive(self._deps.open, [incoming], self.now())
                count += 1
        return count

    def _hear(self, chat: str, text: str, rows: list[list[dict[str, str]]]) -> None:
        """Somebody got a message: it may be that they answer."""
        someone = self._people[chat]
        buttons = [button for row in rows for button in row]
        self._titles |= {button["callback_data"]: button["text"] for button in buttons}
        self._show(chat, mine=True, text=text, titles=[button["text"] for button in buttons])
        pause = someone.pause()
        if pause is not None:
            entry = (self.now() + pause, next(self._numbers), someone)
            heapq.heappush(self._replies, entry)

    def _show(self, chat: str, *, mine: bool, text: str, titles: list[str] | None = None) -> None:
        local = self.now().astimezone(ZoneInfo(self._people[chat].zone))
        if chat == self._shown and local.date() < self._plan.end:
            self.result.shown.append((local, mine, text, titles or []))

    def _count(self) -> None:
        result = self.result
        with self._deps.open(Mode.READ) as uow:
            for standing in uow.nudges.everyone():
                for one in uow.nudges.all_in(standing.person_id, tuple(NudgeState)):
                    self._add(one)
            sent = uow.nudges.delivered(CHANNEL)
        result.messages, result.refused = self._rehearsal.messages, self._rehearsal.refused
        result.duplicate = result.messages - sent

    def _add(self, one: Occurrence) -> None:
        result = self.result
        if one.on_date >= self._plan.end:
            return  # Where the sun rises early, the day after the last one has begun.
        result.planned[one.kind] += 1
        result.states[one.kind, one.state] += 1
        if one.sent_at is not None:
            result.states[one.kind, NudgeState.SENT] += one.state is not NudgeState.SENT
            result.days[one.on_date, NudgeState.SENT] += 1
            result.late[one.kind] += one.sent_at - one.due_at > LATE
        if one.state in (NudgeState.ANSWERED, NudgeState.EXPIRED):
            result.days[one.on_date, one.state] += 1


def simulate(deps: Deps, plan: Plan, draw: telegram.Draw) -> Result:
    """Simulate, on a virtual clock, over a store that holds nobody yet."""

    async def live() -> Result:
        return await Life(deps, plan, draw).live()

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(live())
