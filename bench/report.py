"""The table of the bench: what was measured, the marks, and whether they are met."""

import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bench.drive import PROC

type Measured = dict[str, float]

MS = 1000.0
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


def table(measured: Measured, rows: Sequence[Row]) -> str:
    """What was measured, as a Markdown table."""
    cells = [row.cells(measured) for row in rows if row.key in measured]
    widths = [max(len(row[place]) for row in (HEADER, *cells)) for place in range(len(HEADER))]
    lines = [HEADER, tuple("-" * width for width in widths), *cells]
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


def page(
    measured: Measured, rows: Sequence[Row], notes: Sequence[str], began: datetime, load: float
) -> str:
    """All of `RESULTS.md`."""
    meanings = {row.title: row.meaning for row in rows if row.key in measured}
    return "\n".join(
        [
            "# Results of `make bench`",
            "",
            f"{began:%Y-%m-%d}, on {machine()}. Others kept {load:.1f} cores busy when it began.",
            "",
            table(measured, rows),
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


def tell(line: str) -> None:
    """Tell how far the bench is."""
    print(line, file=sys.stderr, flush=True)
