"""Pacing to what Telegram takes: so many messages a second in all, and one a second in a chat."""

import asyncio
import heapq
import itertools
from collections import deque
from math import inf

# A chat takes a few messages at once; after that, one a second.
BURST = 3
CHAT_S = 1.0
MANY_CHATS = 10_000


class Pace:
    """Lets messages through at once until so many went in the last second; then each waits.

    Of those that wait, the urgent ones go first; the others never come in a burst, which might
    arrive as a bigger one. A message in more than a second is a rate, too.
    """

    def __init__(self, rate: float) -> None:
        """Take messages a second."""
        count = max(int(rate), 1)
        self._window, self._gap = count / rate, 1 / rate
        self._sent = deque([-inf] * count, maxlen=count)
        self._held_until = -inf
        # When the last message was to go: what goes late puts off none after it.
        self._slot = -inf
        # When the messages of a chat will have been spread out, by chat.
        self._spread: dict[str, float] = {}
        # Until when a chat that Telegram refused takes nothing.
        self._refused: dict[str, float] = {}
        self._waiting: list[tuple[bool, int, asyncio.Future[None]]] = []
        self._numbers = itertools.count()
        self._timer: asyncio.TimerHandle | None = None

    async def wait(self, chat: str = "", *, urgent: bool = True) -> None:
        """Wait for one's turn."""
        loop = asyncio.get_running_loop()
        # Somebody who talks gets their answer at once: they pace it by writing themselves.
        rest = self._rest(chat, loop.time()) if chat else 0.0
        if urgent:
            rest = self._refused.get(chat, -inf) - loop.time()
        if rest > 0:
            await asyncio.sleep(rest)
        turn: asyncio.Future[None] = loop.create_future()
        heapq.heappush(self._waiting, (not urgent, next(self._numbers), turn))
        self._let_through()
        await turn

    def refused(self, chat: str, seconds: float) -> None:
        """Telegram asks to wait: the chat, if it got several messages at once, else everybody."""
        now = asyncio.get_running_loop().time()
        if self._spread.get(chat, -inf) > now + CHAT_S:
            self._spread[chat] = now + seconds + BURST * CHAT_S
            self._refused[chat] = now + seconds + CHAT_S
        else:
            self._held_until = max(self._held_until, now + seconds)

    def _rest(self, chat: str, now: float) -> float:
        """Count a message of a chat; return the seconds until it may go."""
        if len(self._spread) > MANY_CHATS:
            self._spread = {one: until for one, until in self._spread.items() if until > now}
            self._refused = {one: until for one, until in self._refused.items() if until > now}
        until = max(self._spread.get(chat, -inf), now)
        self._spread[chat] = until + CHAT_S
        return until - (BURST - 1) * CHAT_S - now

    def _let_through(self) -> None:
        loop = asyncio.get_running_loop()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while self._waiting:
            patient, _, turn = self._waiting[0]
            free_at = max(self._sent[0] + self._window, self._held_until)
            if patient:
                free_at = max(free_at, self._slot + self._gap)
            if free_at > loop.time():
                self._timer = loop.call_at(free_at, self._let_through)
                return
            heapq.heappop(self._waiting)
            if not turn.done():  # Its sender may have been cancelled meanwhile.
                now = loop.time()
                self._sent.append(now)
                self._slot = free_at if patient and now - free_at < self._gap else now
                turn.set_result(None)
