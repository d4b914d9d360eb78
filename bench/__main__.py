"""Measure Leo beside a stock Rasa assistant: `python -m bench [--quick] [--only NAME …]`.

A full run writes `bench/RESULTS.md`; any run prints its table. Linux only.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bench import leo, report, telegram, turns
from bench.turns import Measured, tell

NOTES = [
    "Both assistants are asked the same questions and given the same answers, in English. The "
    "stock one is built as Rasa’s documentation builds such things (`bench/stock/README.md`): it "
    "keeps nothing in a database, encrypts nothing and knows one language.",
    "Every write of Leo’s waits for the disk (`synchronous = FULL`), so a slow disk shows in every "
    "figure of the first four kinds.",
    "A start reads files that the machine has read before; after a boot it takes longer.",
    "The people, the double of the Bot API and Leo share the machine’s cores.",
]


def measure(folder: Path, names: list[str], *, quick: bool) -> Measured:
    """Measure what is named and return the figures."""
    parts: dict[str, Callable[[], Measured]] = {
        "turns": lambda: turns.ours(folder, conversations=1 if quick else 3),
        "stock": lambda: turns.beside_stock(folder, conversations=2 if quick else 5),
        "telegram": lambda: telegram.whole(
            folder, chat_s=15 if quick else 60, crowd_s=10 if quick else 30
        ),
        "training": lambda: _training(folder),
    }
    measured: Measured = {}
    for name in names:
        measured |= parts[name]()
    return measured


def _training(folder: Path) -> Measured:
    tell("Training Leo’s model …")
    models = folder / "training"
    models.mkdir()
    seconds = leo.train(models)
    return {"train": seconds, **leo.understanding(models / "leo.tar.gz")}


NAMES = ("turns", "stock", "telegram", "training")


def main() -> None:
    """Measure, print the table, and after a full run write the results."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="shorter, and without stock")
    parser.add_argument("--only", nargs="+", choices=NAMES, metavar="NAME", help=", ".join(NAMES))
    options = parser.parse_args()
    # What is set for a Leo at work must not reach the one that is measured.
    for name in [name for name in os.environ if name.startswith("LEO_")]:
        del os.environ[name]
    names = options.only or [name for name in NAMES if name != "stock" or not options.quick]
    began, load = datetime.now().astimezone(), os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="leo-bench-") as folder:
        measured = measure(Path(folder), names, quick=options.quick)
    print(report.table(measured))
    if not options.quick and not options.only:
        report.RESULTS.write_text(report.page(measured, began, load, NOTES))
        print(f"Written to {report.RESULTS}.", file=sys.stderr)


if __name__ == "__main__":
    main()
