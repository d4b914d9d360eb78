"""Turns through Rasa: how long one takes, whether it grows, and beside a stock assistant."""

import asyncio
import statistics
import sys
from collections.abc import Iterable, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import Protocol

from bench import drive, leo, stock
from bench.conversation import ROUND, doubtful

# The round that turn 500 falls into begins after so many.
ROUNDS_BEFORE = 500 // len(ROUND)
SIDE_BY_SIDE = (10, 20, 40, 60)
NEIGHBOURS = 2
MS = 1000.0

type Measured = dict[str, float]


class Talk(Protocol):
    """A person's talk with an assistant."""

    async def say(self, text: str) -> float:
        """Say something; the seconds until it is answered."""


async def converse(talks: Sequence[Talk], lines: Iterable[str]) -> list[list[float]]:
    """Hold the same conversation with each, turn by turn in alternation; the seconds of each turn.

    In alternation, so that whatever else the machine does weighs on all alike.
    """
    times: list[list[float]] = [[] for _ in talks]
    for text in lines:
        for talk, seconds in zip(talks, times, strict=True):
            seconds.append(await talk.say(text))
    return times


def ours(folder: Path, *, conversations: int) -> Measured:
    """Leo alone: the median of all turns, and late ones beside early ones."""
    early: list[float] = []
    late: list[float] = []
    before: list[float] = []

    async def hold(people: leo.People) -> None:
        await converse([await people.arrive("warm-up")], ROUND)
        for number in range(conversations):
            tell(f"A long conversation, {number + 1} of {conversations} …")
            old = await people.arrive(f"old-{number}")
            [times] = await converse([old], ROUND * ROUNDS_BEFORE)
            new = await people.arrive(f"new-{number}")
            new_times, old_times = await converse([new, old], ROUND)
            before.extend(times)
            early.extend(new_times)
            late.extend(old_times)

    with leo.running_turns(folder / "turns") as people:
        asyncio.run(hold(people))
    return {
        "turn": MS * statistics.median([*before, *early, *late]),
        "early": MS * statistics.median(early),
        "late": MS * statistics.median(late),
        "late ratio": statistics.median(late) / statistics.median(early),
    }


def beside_stock(folder: Path, *, conversations: int) -> Measured:
    """Train and start the stock assistant, and hold the same conversations with both."""
    models = folder / "stock"
    models.mkdir()
    tell("Training the stock assistant (about two minutes) …")
    trained = stock.train(models)
    tell("Starting the stock assistant …")
    rounds: list[list[list[float]]] = []
    tests: list[list[list[float]]] = []

    async def hold(people: leo.People, rival: stock.Stock) -> None:
        await converse([await people.arrive("warm-up"), rival.talk("warm-up")], ROUND)
        for number in range(conversations):
            tell(f"Both side by side, {number + 1} of {conversations} …")
            rounds.append(
                await both(people, rival, f"round-{number}", cycle(ROUND), 60 + NEIGHBOURS)
            )
            tests.append(
                await both(people, rival, f"doubtful-{number}", doubtful(), 40 + NEIGHBOURS)
            )

    with stock.running(models) as rival, leo.running_turns(folder / "beside") as people:
        asyncio.run(hold(people, rival))
        memory = rival.rss_mb
    measured = {"stock train": trained, "stock start": rival.start_s, "stock memory": memory}
    for turn in SIDE_BY_SIDE:
        measured |= _at(turn, rounds, f"at {turn}")
    doubtful_at = _at(40, tests, "doubtful at 40")
    ratio = doubtful_at["stock doubtful at 40"] / doubtful_at["doubtful at 40"]
    return measured | doubtful_at | {"stock ratio": ratio}


async def both(
    people: leo.People, rival: stock.Stock, name: str, lines: Iterable[str], turns: int
) -> list[list[float]]:
    """Hold one conversation of so many turns with both; the seconds of each turn."""
    return await converse([await people.arrive(name), rival.talk(name)], islice(lines, turns))


def _at(turn: int, runs: list[list[list[float]]], name: str) -> Measured:
    ours, theirs = zip(*runs, strict=True)
    return {
        name: MS * drive.p50_at(ours, turn, NEIGHBOURS),
        f"stock {name}": MS * drive.p50_at(theirs, turn, NEIGHBOURS),
    }


def tell(line: str) -> None:
    """Tell how far the bench is."""
    print(line, file=sys.stderr, flush=True)
