"""The same conversations with Leo and with a stock Rasa assistant, side by side."""

import asyncio
from collections.abc import Iterable
from itertools import cycle, islice
from pathlib import Path

from bench import drive, leo, stock
from bench.conversation import ROUND, doubtful
from bench.report import MS, Measured, Row, tell
from bench.turns import converse

SIDE_BY_SIDE = (10, 20, 40, 60)
NEIGHBOURS = 2
ROWS = (
    *(
        Row(
            f"at {turn}",
            f"turn {turn} of a conversation, p50",
            "ms",
            "The same words to both assistants, turn by turn in alternation: the median over "
            "conversations, with two neighbours on each side.",
            stock=f"stock at {turn}",
        )
        for turn in SIDE_BY_SIDE
    ),
    Row(
        "doubtful at 40",
        "turn 40 of a long test, p50",
        "ms",
        "The same, by somebody who asks back twice at each question: the form of the stock "
        "assistant is still the first one.",
        stock="stock doubtful at 40",
    ),
    Row(
        "stock ratio",
        "stock at turn 40 / Leo at turn 40",
        "×",
        "Of that long test, for that is what a form costs while it is open. Where one test after "
        "another is taken, the ratio is that of the row of turn 40 above it.",
        at_least=8,
    ),
)
NOTES = (
    "Both assistants are asked the same questions and given the same answers, in English. The "
    "stock one is built as Rasa’s documentation builds such things (`bench/stock/README.md`): it "
    "keeps nothing in a database, encrypts nothing and knows one language.",
)


def measure(folder: Path, *, quick: bool) -> Measured:
    """Train and start the stock assistant, and hold the same conversations with both."""
    conversations = 2 if quick else 5
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
        await people.leave()

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
