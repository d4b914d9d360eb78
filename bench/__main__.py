"""Measure Leo beside a stock Rasa assistant: `python -m bench [--quick] [TOPIC …]`.

A full run writes `bench/RESULTS.md`; any run prints its table. Linux only.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bench import beside, console, nudges, report, telegram, training, turns, understanding
from bench.report import Measured, Row


class Topic(Protocol):
    """What each topic’s module has; it may have `NOTES`, too."""

    ROWS: Sequence[Row]

    def measure(self, folder: Path, *, quick: bool) -> Measured:
        """Return the figures by their rows’ keys; what is written goes into the folder."""


# In the order in which they are measured and shown.
TOPICS: dict[str, Topic] = {
    "turns": turns,
    "stock": beside,
    "telegram": telegram,
    "training": training,
    "understanding": understanding,
    "nudges": nudges,
    "console": console,
}
NOTES = (
    "Every write of Leo’s waits for the disk (`synchronous = FULL`), so a slow disk shows in every "
    "figure but those of training.",
)


def main() -> None:
    """Measure, print the table, and after a full run write the results."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="shorter, and without stock")
    parser.add_argument("topics", nargs="*", metavar="TOPIC", help=", ".join(TOPICS))
    options = parser.parse_args()
    if unknown := set(options.topics) - TOPICS.keys():
        parser.error(f"no such topic: {', '.join(unknown)} (there are {', '.join(TOPICS)})")
    # What is set for a Leo at work must not reach the one that is measured.
    for name in [name for name in os.environ if name.startswith("LEO_")]:
        del os.environ[name]
    chosen = options.topics or [name for name in TOPICS if name != "stock" or not options.quick]
    topics = [topic for name, topic in TOPICS.items() if name in chosen]
    rows = [row for topic in topics for row in topic.ROWS]
    began, load = datetime.now().astimezone(), os.getloadavg()[0]
    measured: Measured = {}
    with tempfile.TemporaryDirectory(prefix="leo-bench-") as folder:
        for topic in topics:
            measured |= topic.measure(Path(folder), quick=options.quick)
    print(report.table(measured, rows))
    if not options.quick and not options.topics:
        notes = [*NOTES, *(note for topic in topics for note in getattr(topic, "NOTES", ()))]
        report.RESULTS.write_text(report.page(measured, rows, notes, began, load))
        print(f"Written to {report.RESULTS}.", file=sys.stderr)


if __name__ == "__main__":
    main()
