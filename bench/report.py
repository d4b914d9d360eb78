"""The table of the bench: what was measured, the marks, and whether they are met."""

import os
import platform
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bench.drive import PROC
from bench.turns import Measured

RESULTS = Path(__file__).with_name("RESULTS.md")
HEADER = ("figure", "Leo", "mark", "", "stock Rasa", "stock / Leo")


@dataclass(frozen=True)
class Row:
    """One figure: under which names it was measured, its mark if it has one, what it means."""

    key: str
    title: str
    unit: str
    meaning: str
    at_most: float | None = None
    at_least: float | None = None
    stock: str = ""

    def cells(self, measured: Measured) -> tuple[str, ...]:
        """The row's texts."""
        value, stock = measured[self.key], measured.get(self.stock)
        return (
            self.title,
            f"{shown(value)} {self.unit}",
            self._mark(),
            self._verdict(value),
            f"{shown(stock)} {self.unit}" if stock is not None else "",
            shown(stock / value) if stock is not None else "",
        )

    def _mark(self) -> str:
        if self.at_most is not None:
            return f"≤ {self.at_most:g} {self.unit}"
        return f"≥ {self.at_least:g} {self.unit}" if self.at_least is not None else ""

    def _verdict(self, value: float) -> str:
        if self.at_most is not None:
            return "met" if value <= self.at_most else "not met"
        if self.at_least is not None:
            return "met" if value >= self.at_least else "not met"
        return ""


def shown(value: float) -> str:
    """A number with three figures, and no fraction from a hundred on."""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


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
    *(
        Row(
            f"at {turn}",
            f"turn {turn} of a conversation, p50",
            "ms",
            "The same words to both assistants, turn by turn in alternation: the median over "
            "conversations, with two neighbours on each side.",
            stock=f"stock at {turn}",
        )
        for turn in (10, 20, 40, 60)
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
    Row(
        "chat",
        "message in to message out, p50",
        "ms",
        "Leo as it is run, with a double of the Bot API in a process of its own: from a person’s "
        "message at Telegram to the first message of the answer there, the long poll, the inbox, "
        "Rasa, the action, the outbox and the sending included. Eight people, five messages a "
        "second on average, at random moments, pictures included.",
    ),
    Row("chat p95", "message in to message out, p95", "ms", "The same.", at_most=60),
    Row(
        "throughput",
        "turns a second, whole stack",
        "per s",
        "Forty people who each write as soon as they have read the answer (0.1 s). Telegram’s "
        "own limit of about 30 messages a second, which Leo keeps, is lifted for this "
        "(LEO_TELEGRAM_RATE): it would be all that is measured. The double and the people run on "
        "the same machine.",
        at_least=60,
    ),
    *(
        Row(f"cpu {part}", f"processor time a turn: {part}", "ms", "While that many talk.")
        for part in ("bot", "actions", "Rasa", "double", "bench")
    ),
    Row(
        "start",
        "start until it answers",
        "s",
        "`leo run` on an empty folder with a trained model, until a message that waited at "
        "Telegram is answered. For stock: until its server answers a first message.",
        at_most=25,
        stock="stock start",
    ),
    Row("second start", "second start until it answers", "s", "The same on the folder it left."),
    Row(
        "memory",
        "memory of all processes, RSS",
        "MB",
        "After 200 turns and a picture: supervisor and bot, action server, Rasa server. Pages "
        "that they share count in each. For stock: after the conversations above.",
        at_most=900,
        stock="stock memory",
    ),
    Row("memory pss", "memory of all processes, PSS", "MB", "The same, shared pages counted once."),
    Row(
        "train",
        "training",
        "s",
        "The whole process, from nothing.",
        at_most=40,
        stock="stock train",
    ),
    *(
        Row(f"{language} {name}", f"{title}, {language}", "%", meaning)
        for language in ("en", "fr")
        for name, title, meaning in (
            (
                "right at once",
                "understood right at once",
                "Of the lines in `tests/nlu`, which the model has not seen. More: "
                "`rasa_server/evaluate.py`.",
            ),
            ("idle: wrong", "taken for something else", "With no question open."),
            (
                "inside: reflections taken for a command",
                "reflections taken for a command",
                "At a question that asks for free words.",
            ),
        )
    ),
)


def table(measured: Measured) -> str:
    """What was measured, as a Markdown table."""
    rows = [row.cells(measured) for row in ROWS if row.key in measured]
    widths = [max(len(row[place]) for row in (HEADER, *rows)) for place in range(len(HEADER))]
    lines = [HEADER, tuple("-" * width for width in widths), *rows]
    return "\n".join(
        "| "
        + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        + " |"
        for line in lines
    )


def machine() -> str:
    """The machine's size in a line."""
    processors = (PROC / "cpuinfo").read_text().splitlines()
    model = next(
        (line.partition(":")[2].strip() for line in processors if "model name" in line), ""
    )
    memory = int((PROC / "meminfo").read_text().split()[1]) / 2**20
    return (
        f"{os.cpu_count()} cores ({model or platform.machine()}), {memory:.0f} GiB, "
        f"Linux {platform.release()}, Python {platform.python_version()}"
    )


def page(measured: Measured, began: datetime, load: float, notes: list[str]) -> str:
    """All of `RESULTS.md`."""
    meanings = {row.title: row.meaning for row in ROWS if row.key in measured}
    return "\n".join(
        [
            "# Results of `make bench`",
            "",
            f"{began:%Y-%m-%d}, on {machine()}. Others kept {load:.1f} cores busy when it began.",
            "",
            table(measured),
            "",
            "## What each figure means",
            "",
            *(f"- **{title}**: {meaning}" for title, meaning in meanings.items()),
            "",
            "## Notes",
            "",
            *(f"- {note}" for note in notes),
            "",
        ]
    )
