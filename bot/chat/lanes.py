"""The lanes: each chat's updates one after the other, different chats side by side.

All that is to do stands in the database; a lane only walks through it. After a crash the
next start walks on.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

import structlog

from bot.chat.commands import for_rasa
from bot.chat.messenger import Messenger
from bot.errors import DialogueUnavailable
from bot.logs import where_it_failed
from bot.usecases.deliver import Outcome, hand_out, take_back_interrupted
from bot.usecases.inbox import (
    MAX_ATTEMPTS,
    NO_WORD,
    ask_patience,
    count_failure,
    next_update,
)
from bot.usecases.messages import Incoming
from bot.usecases.ports import Mode
from bot.usecases.presence import notice
from bot.usecases.turn import Deps

log = structlog.get_logger()

SWEEP_S = 1.0
RETRY_S = 0.5
CLOSE_S = 3.0
# Up to a second people do not feel that they wait.
TYPING_AFTER_S = 1.0
TYPING_PATIENCE_S = 1.0
# Telegram repeats an unanswered update for a day at most.
KEEP_NUMBERS = timedelta(days=2)
FORGET_EVERY_S = 3600.0

type Lane = tuple[str, str]


class Dialogue(Protocol):
    """The Rasa server, as the lanes need it."""

    async def send(self, sender: str, message: str, metadata: dict[str, Any]) -> bool:
        """Hand over a message; return whether the update was worked on."""


class Lanes:
    """Works on what the inbox and the outbox hold."""

    def __init__(
        self,
        deps: Deps,
        dialogue: Dialogue,
        messengers: Mapping[str, Messenger],
        clock: Callable[[], datetime],
    ) -> None:
        """Take the use cases, the Rasa server, a messenger for each channel, and the clock."""
        self._deps, self._dialogue, self._clock = deps, dialogue, clock
        self._messengers = messengers
        self._busy: dict[Lane, asyncio.Task[None]] = {}
        self._again: set[Lane] = set()
        # What became of parcels, until the database knows it.
        self._outcomes: dict[Lane, list[Outcome]] = {}
        self._taking_back = asyncio.Lock()
        self._taken_back = self._closing = False
        self._outage: datetime | None = None

    def wake(self, lane: Lane) -> None:
        """Work on a chat now; if that is under way, look again when it is done."""
        if lane in self._busy:
            self._again.add(lane)
        elif lane[0] in self._messengers:
            self._busy[lane] = asyncio.create_task(self._walk(lane))

    async def finish(self, lane: Lane) -> None:
        """Wait until nothing is left to do in a chat."""
        while task := self._busy.get(lane):
            await asyncio.wait([task])

    async def sweep(self) -> None:
        """Wake, every second, each chat with something left to do; until cancelled."""
        loop = asyncio.get_running_loop()
        forget_at = loop.time()
        while True:
            try:
                await self._take_back()
                if loop.time() >= forget_at:
                    forget_at = loop.time() + FORGET_EVERY_S
                    await asyncio.to_thread(self._forget)
                for lane in await asyncio.to_thread(self._waiting) | self._outcomes.keys():
                    self.wake(lane)
            except Exception as error:
                log.error("sweep.failed", error=where_it_failed(error))
            await asyncio.sleep(SWEEP_S)

    async def _take_back(self) -> None:
        """Queue again, once and before anything is sent, what a crash interrupted."""
        async with self._taking_back:
            if self._taken_back:
                return
            channels = tuple(self._messengers)
            count = await asyncio.to_thread(take_back_interrupted, self._deps.open, channels)
            self._taken_back = True
        if count:
            log.warning("outbox.sent_again_after_crash", messages=count)

    def _forget(self) -> None:
        with self._deps.open() as uow:
            uow.forget_done_updates(self._clock() - KEEP_NUMBERS)

    def _waiting(self) -> set[Lane]:
        with self._deps.open(Mode.READ) as uow:
            return uow.waiting(self._clock())

    async def close(self) -> None:
        """Let what is on its way arrive, for seconds; the database knows what is left."""
        self._closing = True
        if self._busy:
            await asyncio.wait(self._busy.values(), timeout=CLOSE_S)
        for task in self._busy.values():
            task.cancel()
        await asyncio.gather(*self._busy.values(), return_exceptions=True)

    # --- one chat -----------------------------------------------------------------------

    async def _walk(self, lane: Lane) -> None:
        try:
            await self._take_back()
            while True:
                self._again.discard(lane)
                await self._work_and_deliver(lane)
                if self._closing or lane not in self._again:
                    return
        except Exception as error:
            log.error("lane.failed", channel=lane[0], chat=lane[1], error=where_it_failed(error))
        finally:
            del self._busy[lane]

    async def _work_and_deliver(self, lane: Lane) -> None:
        worked = False
        while not self._closing and await self._step(lane):
            worked = True
        if not worked:  # A step delivers what it leads to.
            await self._deliver(lane)

    async def _step(self, lane: Lane) -> bool:
        found = await asyncio.to_thread(next_update, self._deps, *lane, self._clock())
        if found is None:
            return False
        incoming, expects = found
        if incoming.told in NO_WORD:
            await asyncio.to_thread(notice, self._deps, incoming, self._clock())
            await self._deliver(lane)
            return True
        async with _announced(partial(self._messengers[lane[0]].typing, lane[1])):
            await self._turn(lane, incoming, expects)
        await self._deliver(lane)
        return True

    async def _turn(self, lane: Lane, incoming: Incoming, expects: dict[str, Any]) -> None:
        if await self._understand(lane, incoming, expects):
            return
        log.warning("turn.failed", channel=lane[0], update=incoming.update_id)
        tries = await asyncio.to_thread(count_failure, self._deps, incoming, self._clock())
        if 0 < tries < MAX_ATTEMPTS:
            # 1, 2, 4, 8 seconds: an action server that died is back before the last try.
            await asyncio.sleep(2.0 ** (tries - 1))

    async def _understand(self, lane: Lane, incoming: Incoming, expects: dict[str, Any]) -> bool:
        metadata = {
            "update": {"channel": incoming.channel, "id": incoming.update_id},
            "expects": expects,
        }
        failures = 0
        while True:
            try:
                done = await self._dialogue.send(":".join(lane), for_rasa(incoming), metadata)
            except DialogueUnavailable:
                failures += 1
                if failures == 2:
                    await self._ask_patience(lane, incoming)
                await asyncio.sleep(RETRY_S)
            else:
                self._outage = None
                return done

    async def _ask_patience(self, lane: Lane, incoming: Incoming) -> None:
        now = self._clock()
        self._outage = self._outage or now
        log.warning("dialogue.unavailable", since=self._outage.isoformat())
        await asyncio.to_thread(ask_patience, self._deps, incoming, self._outage, now)
        await self._deliver(lane)

    async def _deliver(self, lane: Lane) -> None:
        messenger = self._messengers[lane[0]]
        while True:
            outcomes = self._outcomes.get(lane, [])
            parcels = await asyncio.to_thread(
                hand_out, self._deps.open, *lane, outcomes, self._clock()
            )
            self._outcomes.pop(lane, None)
            if not parcels:
                return
            self._outcomes[lane] = await asyncio.gather(*map(messenger.send, parcels))


@asynccontextmanager
async def _announced(show_typing: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Show "typing" while the block takes longer than a moment."""
    shown: list[asyncio.Future[None]] = []
    moment = asyncio.get_running_loop().call_later(
        TYPING_AFTER_S, lambda: shown.append(asyncio.ensure_future(show_typing()))
    )
    try:
        yield
    finally:
        moment.cancel()
        for typing in shown:
            # Shown after the answer it would stay for seconds: let it arrive first.
            await _at_most(typing, TYPING_PATIENCE_S)


async def _at_most(task: asyncio.Future[None], seconds: float) -> None:
    await asyncio.wait([task], timeout=seconds)
    if not task.done():
        task.cancel()
    with suppress(asyncio.CancelledError):
        if error := task.exception():
            log.info("typing.failed", error=type(error).__name__)
