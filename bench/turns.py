"""Turns through Rasa: how long one takes, whether it grows, and beside a stock assistant."""

import asyncio
import statistics
import sys
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import Protocol

from bench import drive, leo, stock
from bench.conversation import ROUND

# A window of one whole round: whatever turn it is around, the same is said in it.
AROUND = len(ROUND) // 2
EARLY, LATE = 10, 500
SIDE_BY_SIDE = (10, 20, 40, 60)
MS = 1000.0

type Measured = dict[str, float]


class Talk(Protocol):
    """A person's talk with an assistant."""

    async def say(self, text: str) -> float:
        """Say something; the seconds until it is answered."""


async def converse(talks: Sequence[Talk], turns: int) -> list[list[float]]:
    """Hold the same conversation with each, turn by turn in alternation; the seconds of each turn.

    In alternation, so that whatever else the machine does weighs on all alike.
    """
    times: list[list[float]] = [[] for _ in talks]
    for text in islice(cycle(ROUND), turns):
        for talk, seconds in zip(talks, times, strict=True):
            seconds.append(await talk.say(text))
    return times


def ours(folder: Path, *, conversations: int) -> Measured:
    """Leo alone: the median of all turns, and late ones against early ones."""
    turns = LATE + AROUND
    with leo.running_turns(folder / "turns") as (house, client):

        async def hold() -> list[list[float]]:
            await _warm(leo.LeoTalk(house, client, "warm-up"))
            runs = []
            for number in range(conversations):
                tell(f"A conversation of {turns} turns, {number + 1} of {conversations} …")
                talk = leo.LeoTalk(house, client, f"long-{number}")
                await talk.arrive()
                runs += await converse([talk], turns)
            await client.close()
            return runs

        runs = asyncio.run(hold())
    early, late = (MS * drive.p50_at(runs, turn, AROUND) for turn in (EARLY, LATE))
    return {
        "turn": MS * statistics.median(seconds for run in runs for seconds in run),
        "early": early,
        "late": late,
        "late ratio": late / early,
    }


async def _warm(talk: leo.LeoTalk) -> None:
    await talk.arrive()
    await converse([talk], len(ROUND))


def beside_stock(folder: Path, *, conversations: int) -> Measured:
    """Train and start the stock assistant, and hold the same conversations with both."""
    models = folder / "stock"
    models.mkdir()
    tell("Training the stock assistant (about two minutes) …")
    trained = stock.train(models)
    tell("Starting the stock assistant …")
    with stock.running(models) as rival, leo.running_turns(folder / "beside") as (house, client):

        async def hold() -> list[list[list[float]]]:
            await _warm(leo.LeoTalk(house, client, "warm-up"))
            await converse([rival.talk("warm-up")], len(ROUND))
            runs = []
            for number in range(conversations):
                tell(f"Both side by side, conversation {number + 1} of {conversations} …")
                talk = leo.LeoTalk(house, client, f"beside-{number}")
                await talk.arrive()
                runs.append(await converse([talk, rival.talk(f"b{number}")], max(SIDE_BY_SIDE) + 2))
            await client.close()
            return runs

        runs = asyncio.run(hold())
        memory = rival.rss_mb
    return {
        "stock train": trained,
        "stock start": rival.start_s,
        "stock memory": memory,
        **_side_by_side([run[0] for run in runs], [run[1] for run in runs]),
    }


def _side_by_side(ours: list[list[float]], theirs: list[list[float]]) -> Measured:
    at = {f"at {turn}": MS * drive.p50_at(ours, turn) for turn in SIDE_BY_SIDE}
    stock_at = {f"stock at {turn}": MS * drive.p50_at(theirs, turn) for turn in SIDE_BY_SIDE}
    return {**at, **stock_at, "stock ratio": stock_at["stock at 40"] / at["at 40"]}


def tell(line: str) -> None:
    """Tell how far the bench is."""
    print(line, file=sys.stderr, flush=True)
