"""Pacing: never more than so many messages a second, and no slower than that."""

import asyncio
from itertools import pairwise

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


class LateLoop(FastLoop):
    """Wakes whoever waits some milliseconds late, as every event loop does."""

    def _run_once(self) -> None:
        waits = not self._ready and self._scheduled  # type: ignore[attr-defined]
        super()._run_once()
        self.now += 0.003 if waits else 0.0


def test_waking_late_costs_no_rate() -> None:
    """Nudges that wait go at the rate, though each of them is woken late; none goes in a burst."""

    async def send_all() -> list[float]:
        pace, loop = Pace(28.5), asyncio.get_running_loop()

        async def send() -> float:
            await pace.wait(urgent=False)
            return loop.time()

        return sorted(await asyncio.gather(*(send() for _ in range(286))))

    with asyncio.Runner(loop_factory=LateLoop) as runner:
        times = runner.run(send_all())
    assert times[-1] - times[0] == pytest.approx(10.0, rel=0.01)
    assert min(later - sooner for sooner, later in pairwise(times)) > 0.5 / 28.5


def test_a_single_message_never_waits() -> None:
    """Who writes now and then is answered at once."""
    asked = [float(n) for n in range(20)]
    assert sent(Pace(28.0), *asked) == [1000.0 + at for at in asked]


def test_less_than_one_a_second() -> None:
    """A rate below one spaces messages by more than a second."""
    times = sent(Pace(0.5), 0.0, 0.0, 0.0)
    assert times == pytest.approx([1000.0, 1002.0, 1004.0])


def order(pace: Pace, *asks: tuple[float, str, bool]) -> list[tuple[str, float]]:
    """Return who goes when: each asks at a time, for a chat, urgently or not."""
    went: list[tuple[str, float]] = []

    async def ask(at: float, chat: str, urgent: bool) -> None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(at)
        await pace.wait(chat, urgent=urgent)
        went.append((chat, loop.time() - 1000.0))

    async def ask_all() -> None:
        await asyncio.gather(*(ask(*one) for one in asks))

    with asyncio.Runner(loop_factory=FastLoop) as runner:
        runner.run(ask_all())
    return went


def test_replies_go_before_nudges() -> None:
    """A reply overtakes all the nudges that wait, and takes the next free place."""
    nudges = [(0.0, f"n{n}", False) for n in range(100)]
    went = order(Pace(10.0), *nudges, (3.05, "reply", True))
    assert dict(went)["reply"] == pytest.approx(4.0, abs=1.0)
    assert [chat for chat, _ in went].index("reply") <= 40


def test_nudges_come_evenly() -> None:
    """Messages that can wait are spread over the second, so that no burst of them arrives."""
    went = order(Pace(10.0), *[(0.0, f"n{n}", False) for n in range(30)])
    times = [at for _, at in went]
    assert times == pytest.approx([n / 10 for n in range(30)])


def test_a_chat_gets_one_a_second() -> None:
    """A few nudges to one chat go at once; after that they come a second apart."""
    went = order(Pace(2800.0), *[(0.0, "ana", False)] * 6)
    assert [at for _, at in went] == pytest.approx([0.0, 0.0, 0.0, 1.0, 2.0, 3.0], abs=0.01)


def test_other_chats_do_not_wait_for_a_full_one() -> None:
    """Only the chat that got many messages has to wait."""
    went = order(Pace(28.0), *[(0.0, "ana", True)] * 6, (0.5, "karim", True))
    assert dict(went)["karim"] == pytest.approx(0.5)


def test_telegram_asks_everybody_to_wait() -> None:
    """Where Telegram refuses a chat that got one message only, nothing goes until it said."""
    pace = Pace(28.0)

    async def refuse_and_go_on() -> float:
        loop = asyncio.get_running_loop()
        await pace.wait("ana")
        pace.refused("ana", 7.0)
        await pace.wait("karim")
        return loop.time() - 1000.0

    with asyncio.Runner(loop_factory=FastLoop) as runner:
        assert runner.run(refuse_and_go_on()) == pytest.approx(7.0)


def test_telegram_asks_one_chat_to_wait() -> None:
    """Where it refuses a chat that got several at once, the others go on."""
    pace = Pace(28.0)

    async def refuse_and_go_on() -> tuple[float, float]:
        loop = asyncio.get_running_loop()
        for _ in range(3):
            await pace.wait("ana")
        pace.refused("ana", 7.0)
        await pace.wait("karim")
        others = loop.time() - 1000.0
        await pace.wait("ana")
        return others, loop.time() - 1000.0

    with asyncio.Runner(loop_factory=FastLoop) as runner:
        others, ana = runner.run(refuse_and_go_on())
    assert others == 0.0
    assert ana >= 7.0


def test_a_sender_that_was_cancelled_takes_no_place() -> None:
    """Whoever stopped waiting leaves the place to the next."""
    pace = Pace(1.0)

    async def cancel_one() -> float:
        loop = asyncio.get_running_loop()
        await pace.wait()
        gone = asyncio.create_task(pace.wait())
        await asyncio.sleep(0)
        gone.cancel()
        await pace.wait()
        return loop.time() - 1000.0

    with asyncio.Runner(loop_factory=FastLoop) as runner:
        assert runner.run(cancel_one()) == pytest.approx(1.0)
