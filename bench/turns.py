"""Turns through Rasa: how long one takes, and whether it grows with the conversation."""

import asyncio
import statistics
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from bench import leo
from bench.conversation import ROUND
from bench.report import MS, Measured, Row, tell

# The round that turn 500 falls into begins after so many.
ROUNDS_BEFORE = 500 // len(ROUND)
ROWS = (
    Row(
        "turn",
        "one turn, p50",
        "ms",
        "One message through Rasa’s REST channel: understood, its rule found, the custom action "
        "done in one transaction on SQLite, answered. Taking the message in and sending the reply "
        "are not in it. The median of all turns of the long conversations.",
        at_most=15,
    ),
    Row(
        "early",
        "one turn around turn 10, p50",
        "ms",
        "The first round of 21 turns of a conversation, which holds turn 10.",
    ),
    Row(
        "late",
        "one turn around turn 500, p50",
        "ms",
        "The round that holds turn 500 of another one, turn by turn in alternation with the first.",
    ),
    Row("late ratio", "turn 500 / turn 10", "×", "Does a turn grow with the talk?", at_most=1.2),
)


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


def measure(folder: Path, *, quick: bool) -> Measured:
    """Leo alone: the median of all turns, and late ones beside early ones."""
    conversations = 1 if quick else 3
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
        await people.leave()

    with leo.running_turns(folder / "turns") as people:
        asyncio.run(hold(people))
    return {
        "turn": MS * statistics.median([*before, *early, *late]),
        "early": MS * statistics.median(early),
        "late": MS * statistics.median(late),
        "late ratio": statistics.median(late) / statistics.median(early),
    }
