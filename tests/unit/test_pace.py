"""Pacing: never more than so many messages a second, and no slower than that."""

import asyncio

import pytest

from bot.chat.pace import Pace


class FastLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock jumps to the next moment at which something is due."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0

    def time(self) -> float:
        return self.now

    def _run_once(self) -> None:
        if not self._ready and self._scheduled:  # type: ignore[attr-defined]
            self.now = max(self.now, self._scheduled[0].when())  # type: ignore[attr-defined]
        super()._run_once()  # type: ignore[misc]


def sent(pace: Pace, *rests: float) -> list[float]:
    """Return when each message goes: one asks for its turn after each rest."""

    async def ask(at: float) -> float:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(at)
        await pace.wait()
        return loop.time()

    async def ask_all() -> list[float]:
        return await asyncio.gather(*map(ask, rests))

    with asyncio.Runner(loop_factory=FastLoop) as runner:
        return sorted(runner.run(ask_all()))


@pytest.mark.parametrize("rate", [1.0, 5.0, 28.0])
@pytest.mark.parametrize("rest", [0.0, 0.01, 0.3])
def test_no_second_holds_more_than_the_rate(rate: float, rest: float) -> None:
    """However many ask, at once or bit by bit, no second sees more than the rate."""
    times = sent(Pace(rate), *(n * rest for n in range(100)))
    for number, first in enumerate(times):
        in_a_second = [time for time in times[number:] if time < first + 1 - 1e-6]
        assert len(in_a_second) <= rate


def test_the_rate_is_used() -> None:
    """A crowd is served as fast as the rate allows."""
    times = sent(Pace(10.0), *[0.0] * 50)
    assert times[-1] - times[0] == pytest.approx(4.0)


def test_a_single_message_never_waits() -> None:
    """Who writes now and then is answered at once."""
    asked = [float(n) for n in range(20)]
    assert sent(Pace(28.0), *asked) == [1000.0 + at for at in asked]


def test_less_than_one_a_second() -> None:
    """A rate below one spaces messages by more than a second."""
    times = sent(Pace(0.5), 0.0, 0.0, 0.0)
    assert times == pytest.approx([1000.0, 1002.0, 1004.0])
