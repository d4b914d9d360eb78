"""What Leo's reader and Rasa's default pipeline understand of the same lines."""

import json
import random
import resource
import statistics
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bench import drive, stock
from bench.report import Measured, Row, tell
from bot.dialogue.model import python
from bot.settings import ROOT

READERS = Path(__file__).with_name("readers")
PIPELINE = READERS / "pipeline.py"
LANGUAGES = ("en", "fr")
LINES, EPOCHS, SEED = 5000, 20, 0
# Rasa takes what follows a slash for a kind of answer of its own.
SLASH, NO_SLASH = "/", "__"
OPEN = {"idle": "nothing", "inside": "text"}
# Understood so, nothing is done: Leo asks, takes the words as an answer, or says that it cannot.
NO_DEED = ("unsure", "nlu_fallback", "answer", "out_of_scope")
# What DIET is built of by default, with fewer epochs and nothing after it that tells no intent.
DIET = {
    "recipe": "default.v1",
    "assistant_id": "stock",
    "language": "en",
    "pipeline": [
        {"name": "WhitespaceTokenizer"},
        {"name": "RegexFeaturizer"},
        {"name": "LexicalSyntacticFeaturizer"},
        {"name": "CountVectorsFeaturizer"},
        {
            "name": "CountVectorsFeaturizer",
            "analyzer": "char_wb",
            "min_ngram": 1,
            "max_ngram": 4,
        },
        {"name": "DIETClassifier", "epochs": EPOCHS, "constrain_similarities": True},
        {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
    ],
}
SAME = (
    f"Both learn from the same {LINES} examples of data/nlu and data/practices, English and "
    "French, drawn by lot, and are asked the same lines of tests/nlu."
)
SHARES = (
    (
        "best",
        "likeliest label right",
        "What each model holds likeliest, knowing nothing but the text.",
    ),
    (
        "right",
        "right at once",
        "What each pipeline makes of it: Leo’s with its gate, which knows what is open and asks "
        "where it is unsure; the default one with its FallbackClassifier.",
    ),
    ("wrong", "wrong deed", "Taken for something that would be done, and was not meant."),
)
ROWS = (
    *(
        Row(
            f"{language} reader {key}",
            f"{title}, {language} ({LINES} examples)",
            "%",
            f"{meaning} {SAME}",
            stock=f"{language} diet {key}",
        )
        for language in LANGUAGES
        for key, title, meaning in SHARES
    ),
    Row(
        "reader train",
        f"training on {LINES} examples",
        "s",
        f"The whole process. DIET is given {EPOCHS} epochs instead of its usual 100.",
        stock="diet train",
    ),
    Row(
        "reader train cpu",
        f"processor time of training on {LINES} examples",
        "s",
        "The same, as the processor counts it: other work on the machine shows less in it.",
        stock="diet train cpu",
    ),
    Row(
        "reader ms",
        "reading a message, p50",
        "ms",
        "In process, message by message.",
        stock="diet ms",
    ),
    Row(
        "reader rss",
        "memory of a process that reads",
        "MB",
        "After the last one.",
        stock="diet rss",
    ),
)
NOTES = (
    "Stock in the rows of understanding is Rasa’s default NLU pipeline (DIET with its featurizers "
    f"and FallbackClassifier) on Leo’s own data, with {EPOCHS} epochs. Practices are labels of "
    "their own for both. It is told neither what is open nor how to ask.",
)


@dataclass(frozen=True)
class Reader:
    """A pipeline with its Python, its configuration, and how it has labels written."""

    name: str
    command: tuple[str, ...]
    config: dict[str, Any]
    data: Callable[[Iterable[tuple[str, str]]], dict[str, Any]]


def measure(folder: Path, *, quick: bool) -> Measured:
    """Train both on the same lines and ask both the same; a quick run, Leo alone."""
    printed = subprocess.check_output([python(ROOT), READERS / "lines.py", ROOT])
    given = json.loads(printed)
    examples = random.Random(SEED).sample(given["examples"], LINES)
    readers = [_leo()] if quick else [_leo(), _diet()]
    measured: Measured = {}
    for reader in readers:
        tell(f"Training and asking: {reader.name} …")
        place = folder / reader.name
        place.mkdir()
        measured |= examine(reader, examples, given["questions"], place)
    return measured


def _leo() -> Reader:
    config = yaml.safe_load((ROOT / "rasa_server" / "config.yml").read_text("utf-8"))
    command = (str(python(ROOT)), str(PIPELINE), "--leo", str(ROOT))
    return Reader("reader", command, {**config, "policies": None}, _by_practice)


def _diet() -> Reader:
    return Reader("diet", (str(stock.python()), str(PIPELINE)), DIET, _flat)


def _by_practice(examples: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Write examples as Leo has them: what is wanted stands beside the intent."""
    return _entries(examples, _metadata)


def _metadata(label: str) -> dict[str, Any]:
    intent, _, practice = label.partition(SLASH)
    return {"intent": intent, **({"metadata": {"practice": practice}} if practice else {})}


def _flat(examples: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Write examples with every label an intent."""
    return _entries(examples, lambda label: {"intent": label.replace(SLASH, NO_SLASH)})


def _entries(
    examples: Iterable[tuple[str, str]], head: Callable[[str], dict[str, Any]]
) -> dict[str, Any]:
    said = defaultdict(list)
    for label, text in examples:
        said[label].append(f"- {text}\n")
    return {
        "version": "3.1",
        "nlu": [{**head(label), "examples": "".join(texts)} for label, texts in said.items()],
    }


def examine(
    reader: Reader,
    examples: Sequence[tuple[str, str]],
    questions: Sequence[tuple[str, str, str, str]],
    folder: Path,
) -> Measured:
    """Train a pipeline, let it read the questions, and return its figures."""
    files = {
        "config.yml": reader.config,
        "nlu.yml": reader.data(examples),
        "questions.json": [
            {"text": text, "expects": {"kind": OPEN[place], "fits": False}}
            for _, place, _, text in questions
        ],
    }
    for name, content in files.items():
        write = json.dumps if name.endswith(".json") else yaml.safe_dump
        (folder / name).write_text(write(content), encoding="utf-8")
    paths = {name: str(folder / name) for name in files}
    train = ["train", paths["config.yml"], paths["nlu.yml"], str(folder)]
    read = ["read", str(folder), paths["questions.json"], str(folder / "answers.json")]
    before = _children_cpu_s()
    seconds = _run(reader, train, folder / "train.log")
    cpu = _children_cpu_s() - before
    _run(reader, read, folder / "read.log")
    done = json.loads((folder / "answers.json").read_text("utf-8"))
    return {
        f"{reader.name} train": seconds,
        f"{reader.name} train cpu": cpu,
        f"{reader.name} ms": statistics.median(done["ms"]),
        f"{reader.name} rss": done["rss"],
        **_shares(reader.name, questions, done["answers"]),
    }


def _run(reader: Reader, arguments: Sequence[str], log: Path) -> float:
    command = [*reader.command, *arguments]
    # What Rasa once trained it keeps in the folder it runs in.
    return drive.timed(command, cwd=log.parent, log=log, env={"RASA_CACHE_DIRECTORY": "cache"})


def _children_cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _shares(
    name: str, questions: Sequence[tuple[str, str, str, str]], answers: Sequence[dict[str, str]]
) -> Measured:
    """Return what a pipeline understood, in percent, by language."""
    told: dict[str, list[tuple[str, str, str]]] = {language: [] for language in LANGUAGES}
    for (language, _, meant, _), answer in zip(questions, answers, strict=True):
        best, understood = (answer[key].replace(NO_SLASH, SLASH) for key in ("best", "understood"))
        told[language].append((meant, best, understood))
    return {
        f"{language} {name} {key}": 100 * statistics.fmean(share)
        for language, lines in told.items()
        for key, share in {
            "best": [best == meant for meant, best, _ in lines],
            "right": [understood == meant for meant, _, understood in lines],
            "wrong": [understood not in (meant, *NO_DEED) for meant, _, understood in lines],
        }.items()
    }
