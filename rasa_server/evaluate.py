"""Measure how well a model understands `tests/nlu`: `python evaluate.py MODEL [--json]`.

It reads in process, for Rasa's `POST /model/parse` drops the metadata that says what is expected.
Lines under `idle` are read with nothing open; lines under `inside` while words are awaited.
"""

import argparse
import asyncio
import json
import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any, Dict, Iterable, List, NamedTuple, Text

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

HERE = Path(__file__).resolve().parent
LINES = HERE.parent / "tests" / "nlu"
KINDS = {"idle": "nothing", "inside": "text"}
ANSWER = "answer"
FALLBACK = "nlu_fallback"


class Reading(NamedTuple):
    """One line: where it was said, what it means and what was understood."""

    place: Text
    text: Text
    meant: Text
    understood: Text


async def read_all(processor: Any, language: Text) -> List[Reading]:
    """Let the model read every line of one language. Raises OSError when the file is missing."""
    import yaml
    from rasa.core.channels.channel import UserMessage

    readings = []
    places = yaml.safe_load((LINES / f"{language}.yml").read_text(encoding="utf-8"))
    for place, intents in places.items():
        expects = {"expects": {"kind": KINDS[place], "fits": False}}
        for meant, texts in intents.items():
            for text in texts:
                parsed = await processor.parse_message(UserMessage(text, metadata=expects))
                readings.append(Reading(place, text, meant, parsed["intent"]["name"]))
    return readings


def summary(readings: List[Reading]) -> Dict[Text, Any]:
    """Return the shares in percent, the scores of each intent, and the confusions."""
    idle = [r for r in readings if r.place == "idle"]
    inside = [r for r in readings if r.place == "inside"]
    commands = [r for r in inside if r.meant != ANSWER]
    answers = [r for r in inside if r.meant == ANSWER]
    missed = [r for r in readings if r.meant != r.understood]
    return {
        "lines": len(readings),
        "right at once": percent(r.meant == r.understood for r in readings),
        "idle: right at once": percent(r.meant == r.understood for r in idle),
        "idle: asked back": percent(r.understood == FALLBACK for r in idle),
        "idle: wrong": percent(r.understood not in (r.meant, FALLBACK) for r in idle),
        "inside: commands recognised": percent(r.meant == r.understood for r in commands),
        "inside: commands taken for an answer": percent(r.understood == ANSWER for r in commands),
        "inside: wrong command": percent(r.understood not in (r.meant, ANSWER) for r in commands),
        "inside: reflections taken for a command": percent(r.understood != ANSWER for r in answers),
        "intents": {name: scores(readings, name) for name in sorted({r.meant for r in readings})},
        "confusions": [
            {"place": place, "meant": meant, "understood": understood, "count": count}
            for (place, meant, understood), count in Counter(
                (r.place, r.meant, r.understood) for r in missed
            ).most_common()
        ],
    }


def percent(hits: Iterable[bool]) -> float:
    """Return how many in a hundred are true; 0 when there are none."""
    found = list(hits)
    return round(100 * sum(found) / max(len(found), 1), 1)


def scores(readings: List[Reading], intent: Text) -> Dict[Text, float]:
    """Return precision, recall and F1 of one intent (0 to 1), and its number of lines."""
    meant = sum(r.meant == intent for r in readings)
    understood = sum(r.understood == intent for r in readings)
    both = sum(r.meant == r.understood == intent for r in readings)
    return {
        "lines": meant,
        "precision": round(both / max(understood, 1), 3),
        "recall": round(both / max(meant, 1), 3),
        "f1": round(2 * both / max(meant + understood, 1), 3),
    }


def show(language: Text, result: Dict[Text, Any]) -> None:
    """Print one language's result as tables."""
    print(f"\n{language}")
    for name, value in result.items():
        if not isinstance(value, (dict, list)):
            print(f"  {name:42}{value:>7}")
    print(f"\n  {'intent':24}{'lines':>6}{'precision':>11}{'recall':>8}{'F1':>7}")
    for name, row in result["intents"].items():
        print(
            f"  {name:24}{row['lines']:>6}{row['precision']:>11.2f}"
            f"{row['recall']:>8.2f}{row['f1']:>7.2f}"
        )
    print("\n  taken for another, twice or more often")
    for row in result["confusions"]:
        if row["count"] > 1:
            print(f"  {row['count']:>4}  {row['place']}: {row['meant']} → {row['understood']}")


async def evaluate(model: Text) -> Dict[Text, Any]:
    """Return the summary of each language, with the milliseconds that one message takes."""
    from leo_rasa.logs import keep_words_out_of_logs
    from rasa.core.agent import Agent

    keep_words_out_of_logs()
    processor = Agent.load(model).processor
    results = {}
    for language in ("en", "fr"):
        start = time.perf_counter()
        readings = await read_all(processor, language)
        spent = 1000 * (time.perf_counter() - start)
        results[language] = {**summary(readings), "ms per message": round(spent / len(readings), 2)}
    return results


def main() -> None:
    """Read the arguments, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", help="a trained model, *.tar.gz")
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    arguments = parser.parse_args()
    results = asyncio.run(evaluate(arguments.model))
    if arguments.json:
        print(json.dumps(results, ensure_ascii=False))
        return
    for language, result in results.items():
        show(language, result)


if __name__ == "__main__":
    sys.path.insert(0, str(HERE))
    from leo_rasa.without_tensorflow import leave_tensorflow_out

    leave_tensorflow_out()
    main()
