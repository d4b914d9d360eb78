"""Pacing: never more than so many messages a second, however many lanes send."""

import asyncio
from collections import deque
from math import inf


class Pace:
    """Lets messages through at once until so many went in the last second; then each waits."""

    def __init__(self, rate: float) -> None:
        """Take messages a second; below one, a message in more than a second."""
        count = max(int(rate), 1)
        self._window = count / rate
        self._sent = deque([-inf] * count, maxlen=count)

    async def wait(self) -> None:
        """Wait for one's turn."""
        now = asyncio.get_running_loop().time()
        turn = max(now, self._sent[0] + self._window)
        self._sent.append(turn)
        if turn > now:
            await asyncio.sleep(turn - now)
