"""Measure how well a model understands `tests/nlu`: `python evaluate.py MODEL`.

Lines under `idle` are read with nothing open; lines under `inside` while words are awaited.
Those of `ordinary.yml` are dark turns of phrase that must raise no alarm. A line that happens to
stand among the examples, too, such as "ok", counts for nothing. It reads in process, for Rasa's
`POST /model/parse` drops the metadata that says what is expected.

It ends with status 1 when a mark is worse than the one last kept in `tests/nlu/floor.json`;
with `--keep` it keeps the new ones instead.
"""

import argparse
import asyncio
import json
import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any, Callable, Dict, Iterable, List, NamedTuple, Optional, Set, Text, Tuple

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

HERE = Path(__file__).resolve().parent
DATA = HERE.parent / "data"
LINES = HERE.parent / "tests" / "nlu"
FLOOR = LINES / "floor.json"
LANGUAGES = ("en", "fr")
KINDS = {"idle": "nothing", "inside": "text", "ordinary": "nothing"}
ANSWER = "answer"
DISTRESS = "distress"
OUT_OF_SCOPE = "out_of_scope"
FALLBACK = "nlu_fallback"
UNSURE = "unsure"
# Understood so, Leo asks, takes the words as an answer, or says that it cannot: it does nothing.
NO_DEED = (UNSURE, FALLBACK, ANSWER, OUT_OF_SCOPE)


class Reading(NamedTuple):
    """One line: where it was said, what it means, what was understood and what was offered."""

    place: Text
    meant: Text
    understood: Text
    candidates: Tuple[Text, ...] = ()

    @property
    def right(self) -> bool:
        """Tell whether it was understood at once."""
        return self.meant == self.understood

    @property
    def near(self) -> bool:
        """Tell whether it was understood at once, or stands among the buttons offered."""
        return self.right or self.meant in self.candidates


class Mark(NamedTuple):
    """A share in percent: of which readings, what counts, and the mark to reach."""

    name: Text
    of: Callable[[Reading], bool]
    counts: Callable[[Reading], bool]
    at_least: Optional[float] = None
    at_most: Optional[float] = None

    def share(self, readings: List[Reading]) -> float:
        """Return the share in percent, rounded to a tenth."""
        return percent(self.counts(r) for r in readings if self.of(r))

    def worse(self, new: float, old: float) -> bool:
        """Tell whether a share has become worse than another."""
        return new < old if self.at_least is not None else new > old


def _asked(reading: Reading) -> bool:
    return reading.place in ("idle", "inside") and reading.meant != ANSWER


def _command(reading: Reading) -> bool:
    return reading.place == "inside" and reading.meant != ANSWER


def _reflection(reading: Reading) -> bool:
    return reading.place == "inside" and reading.meant == ANSWER


def _wrong(reading: Reading) -> bool:
    return not reading.right and reading.understood not in NO_DEED


MARKS = (
    Mark("right at once", _asked, lambda r: r.right, at_least=90),
    Mark("right within one tap", _asked, lambda r: r.near, at_least=98),
    Mark("wrong deed", lambda r: r.place != "ordinary", _wrong, at_most=2),
    Mark("commands inside recognised", _command, lambda r: r.right, at_least=95),
    Mark("reflections taken for a command", _reflection, _wrong, at_most=1),
    Mark("reflections asked about", _reflection, lambda r: r.understood == UNSURE, at_most=2),
    Mark(
        "out of scope noticed",
        lambda r: r.meant == OUT_OF_SCOPE,
        lambda r: r.understood in (OUT_OF_SCOPE, FALLBACK),
        at_least=85,
    ),
    Mark("distress noticed", lambda r: r.meant == DISTRESS, lambda r: r.right, at_least=95),
    Mark(
        "false alarms",
        lambda r: r.place == "ordinary",
        lambda r: r.understood == DISTRESS,
        at_most=2,
    ),
)


def lines(language: Text) -> Iterable[Tuple[Text, Text, Text]]:
    """Yield place, label and text of every line. Raises OSError when a file is missing."""
    import yaml

    def load(name: Text) -> Any:
        return yaml.safe_load((LINES / f"{name}.yml").read_text(encoding="utf-8"))

    for place, labels in load(language).items():
        for label, texts in labels.items():
            yield from ((place, label, str(text)) for text in texts)
    yield from (("ordinary", FALLBACK, str(text)) for text in load("ordinary")[language])


def learnt() -> Set[Text]:
    """Return all examples that the model has learnt from, folded."""
    import yaml
    from leo_rasa import wanted

    read = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in DATA.glob("nlu/*/*.yml")]
    entries = [entry for content in read for entry in content["nlu"]]
    entries += wanted.gather(DATA / "practices")["nlu"]
    return {folded(line.removeprefix("- ")) for e in entries for line in e["examples"].splitlines()}


def folded(text: Text) -> Text:
    """Return the bare words of a text."""
    from leo_rasa.features import plain

    return " ".join("".join(c if c.isalnum() else " " for c in plain(text)).split()) or text


async def read_all(processor: Any, language: Text, known: Set[Text]) -> List[Reading]:
    """Let the model read every line of one language that it has not learnt from."""
    from rasa.core.channels.channel import UserMessage

    readings = []
    for place, meant, text in lines(language):
        if folded(text) in known:
            continue
        expects = {"expects": {"kind": KINDS[place], "fits": False}}
        parsed = await processor.parse_message(UserMessage(text, metadata=expects))
        readings.append(Reading(place, meant, *_understood(parsed)))
    return readings


def _understood(parsed: Dict[Text, Any]) -> Tuple[Text, Tuple[Text, ...]]:
    entities = [(entity["entity"], entity["value"]) for entity in parsed.get("entities") or []]
    practice = next((value for name, value in entities if name == "practice"), None)
    intent = parsed["intent"]["name"]
    label = f"{intent}/{practice}" if practice else intent
    return label, tuple(value for name, value in entities if name == "candidate")


def summary(readings: List[Reading]) -> Dict[Text, Any]:
    """Return the marks, the scores of each label, and the confusions."""
    spoken = [r for r in readings if r.place != "ordinary"]
    missed = Counter((r.place, r.meant, r.understood) for r in spoken if not r.right)
    return {
        "lines": len(readings),
        "marks": {mark.name: mark.share(readings) for mark in MARKS},
        "labels": {name: scores(spoken, name) for name in sorted({r.meant for r in spoken})},
        "confusions": [
            {"place": place, "meant": meant, "understood": understood, "count": count}
            for (place, meant, understood), count in missed.most_common()
        ],
    }


def percent(hits: Iterable[bool]) -> float:
    """Return how many in a hundred are true; 0 when there are none."""
    found = list(hits)
    return round(100 * sum(found) / max(len(found), 1), 1)


def scores(readings: List[Reading], label: Text) -> Dict[Text, float]:
    """Return precision, recall and F1 of one label (0 to 1), its lines, and how many are near."""
    meant = [r for r in readings if r.meant == label]
    understood = sum(r.understood == label for r in readings)
    both = sum(r.right for r in meant)
    return {
        "lines": len(meant),
        "precision": round(both / max(understood, 1), 3),
        "recall": round(both / max(len(meant), 1), 3),
        "f1": round(2 * both / max(len(meant) + understood, 1), 3),
        "near": round(sum(r.near for r in meant) / max(len(meant), 1), 3),
    }


def show(language: Text, result: Dict[Text, Any]) -> None:
    """Print one language's result as tables."""
    print(
        f"\n{language}: {result['lines']} lines, {result['left out']} more left out as learnt, "
        f"{result['ms per message']} ms per message"
    )
    for mark in MARKS:
        aim = f"≥ {mark.at_least}" if mark.at_least is not None else f"≤ {mark.at_most}"
        print(f"  {mark.name:36}{result['marks'][mark.name]:>7} %   (mark: {aim} %)")
    print(f"\n  {'label':36}{'lines':>6}{'precision':>11}{'recall':>8}{'F1':>7}{'near':>7}")
    for name, row in result["labels"].items():
        print(
            f"  {name:36}{row['lines']:>6}{row['precision']:>11.2f}{row['recall']:>8.2f}"
            f"{row['f1']:>7.2f}{row['near']:>7.2f}"
        )
    print("\n  taken for another, twice or more often")
    for row in result["confusions"]:
        if row["count"] > 1:
            print(f"  {row['count']:>4}  {row['place']}: {row['meant']} → {row['understood']}")


def fallen(results: Dict[Text, Any], floor: Dict[Text, Dict[Text, float]]) -> List[Text]:
    """Return in words each mark that is worse than the one kept."""
    return [
        f"{language}: {mark.name} was {old} %, is {new} %"
        for language, result in results.items()
        for mark in MARKS
        for new, old in [(result["marks"][mark.name], floor.get(language, {}).get(mark.name))]
        if old is not None and mark.worse(new, old)
    ]


async def evaluate(model: Text) -> Dict[Text, Any]:
    """Return the summary of each language, with the milliseconds that one message takes."""
    from leo_rasa.logs import keep_words_out_of_logs
    from rasa.core.agent import Agent

    keep_words_out_of_logs()
    processor = Agent.load(model).processor
    results, known = {}, learnt()
    for language in LANGUAGES:
        start = time.perf_counter()
        readings = await read_all(processor, language, known)
        spent = 1000 * (time.perf_counter() - start)
        results[language] = {
            **summary(readings),
            "left out": len(list(lines(language))) - len(readings),
            "ms per message": round(spent / len(readings), 2),
        }
    return results


def main() -> None:
    """Read the arguments, measure, print, and compare with the marks kept or keep new ones."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", help="a trained model, *.tar.gz")
    parser.add_argument("--json", action="store_true", help="print one line of JSON instead")
    parser.add_argument("--keep", action="store_true", help="keep these marks in floor.json")
    arguments = parser.parse_args()
    results = asyncio.run(evaluate(arguments.model))
    if arguments.json:
        print(json.dumps(results, ensure_ascii=False))
        return
    for language, result in results.items():
        show(language, result)
    if arguments.keep:
        kept = {language: result["marks"] for language, result in results.items()}
        FLOOR.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
        return
    worse = fallen(results, json.loads(FLOOR.read_text(encoding="utf-8")))
    print("\n" + "\n".join(worse or ["no mark is worse than the one kept"]))
    sys.exit(1 if worse else 0)


if __name__ == "__main__":
    sys.path.insert(0, str(HERE))
    from leo_rasa.without_tensorflow import leave_tensorflow_out

    leave_tensorflow_out()
    main()
