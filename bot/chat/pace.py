"""Pacing: never more than so many messages a second, however many lanes send."""

import asyncio


class Pace:
    """Lets one through at a time, evenly, with a small burst after a rest."""

    def __init__(self, rate: float, burst: int = 5) -> None:
        """Take messages a second, and how many may go at once after a rest."""
        self._interval, self._burst = 1.0 / rate, burst
        self._next = 0.0

    async def wait(self) -> None:
        """Wait for one's turn."""
        now = asyncio.get_running_loop().time()
        self._next = max(self._next, now - self._burst * self._interval) + self._interval
        if self._next > now:
            await asyncio.sleep(self._next - now)
