"""The lines that the understanding is measured with are enough, and say one thing once."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from bot.coaching.practice import LANGUAGES

LINES = Path(__file__).parents[1] / "nlu"
WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
PRACTICES = 34
# Labels that ask for more lines than the others, by place.
ENOUGH = {
    ("idle", "out_of_scope"): 50,
    ("idle", "distress"): 60,
    ("inside", "distress"): 40,
    ("inside", "answer"): 210,
}
USUAL = {"idle": 14, "inside": 8}
PER_PRACTICE = 4


def read(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load((LINES / f"{name}.yml").read_text(encoding="utf-8")))


def places(language: str) -> Iterator[tuple[str, str, list[str]]]:
    for place, labels in read(language).items():
        for label, lines in labels.items():
            yield place, label, lines


def plain(line: str) -> str:
    """Return a line without case, accents and punctuation, or as it is if nothing is left."""
    letters = unicodedata.normalize("NFD", line.casefold().replace("’", "'"))
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"\W+", " ", bare).strip() or line


def enough(place: str, label: str) -> int:
    if label.startswith("want_practice/"):
        return PER_PRACTICE
    return ENOUGH.get((place, label), USUAL[place])


def times() -> list[dict[str, Any]]:
    return [entry for entries in read("times").values() for entry in entries]


def test_no_line_stands_twice() -> None:
    """A line has one label, in one place, in one file: case, accents and points aside."""
    lines = [line for language in LANGUAGES for *_, said in places(language) for line in said]
    lines += [line for language in LANGUAGES for line in read("ordinary")[language]]
    assert [line for line, count in Counter(map(plain, lines)).items() if count > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_enough_lines(language: str) -> None:
    """Each label has enough lines to measure with, and every practice is among them."""
    short = [
        (place, label)
        for place, label, lines in places(language)
        if len(lines) < enough(place, label)
    ]
    wanted = [label for label in read(language)["idle"] if label.startswith("want_practice/")]
    assert short == []
    assert len(wanted) == PRACTICES
    assert len(read("ordinary")[language]) >= 200
    assert len(read("times")[language]) >= 120


def test_both_languages_measure_the_same_labels() -> None:
    """English and French have the same labels in the same places."""
    english, french = (
        {(place, label) for place, label, _ in places(language)} for language in LANGUAGES
    )
    assert english == french


@pytest.mark.parametrize("entry", times(), ids=lambda entry: f"{entry['text']}, {entry['now']}")
def test_a_time_means_something_ahead(entry: dict[str, Any]) -> None:
    """`now` and `means` fit the zone, and what is meant lies ahead of `now`."""
    zone = ZoneInfo(entry["zone"])
    now = datetime.fromisoformat(entry["now"])
    means = entry["means"]
    assert now.utcoffset() == now.astimezone(zone).utcoffset()
    match entry["kind"]:
        case "instant":
            instant = datetime.fromisoformat(means)
            assert instant > now
            assert instant.utcoffset() == instant.astimezone(zone).utcoffset()
        case "day" | "until":
            assert date.fromisoformat(means) > now.date()
        case "clock":
            assert time.fromisoformat(means).isoformat("minutes") == means
        case "days":
            assert means == [day for day in WEEK if day in means]
        case "duration":
            assert re.fullmatch(r"P\d+[DMY]", means)
        case kind:
            pytest.fail(f"{entry['text']}: no such kind of time: {kind}")
