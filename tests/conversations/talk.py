"""What conversations share: Leo's texts, one message to each line, and which question it asks."""

import json
from pathlib import Path

import pytest

from bot.chat.terminal import plain
from bot.coaching.practice import Step
from bot.settings import ROOT
from bot.texts.catalogue import Catalogue
from bot.texts.practices import load_library
from tests.stack import Leo

TEXTS = Catalogue()
LIBRARY = load_library(ROOT / "data")
TEST = LIBRARY["best-test"]
LANGUAGES = pytest.mark.parametrize("language", ["en", "fr"])
YES = {"en": "yes", "fr": "oui"}
# From the first free text to the choice about the least privileged.
TO_THE_CHOICE = ["/skip"] * 11


def step(step_id: str) -> Step:
    """Return a question of the test."""
    found = TEST.step(step_id)
    assert found is not None
    return found


def asked(message: dict, language: str) -> str | None:
    """Return the id of the question that a message asks, or None."""
    if message["buttons"]:
        return str(message["buttons"][0][0]["payload"]).split(".")[1]
    # Nobody has been named yet: the first question comes without buttons.
    person = TEST.steps[0]
    texts = (person.ask[language], person.again[language])
    return person.id if any(text in message["text"] for text in texts) else None


def titles(message: dict) -> list[str]:
    """Return the titles of a message's buttons."""
    return [button["title"] for row in message["buttons"] for button in row]


def says(message: dict, language: str, key: str, **values: object) -> bool:
    """Tell whether a message begins with one of the wordings of a template."""
    wordings = range(TEXTS.wordings(language, key))
    found = (plain(TEXTS.say(language, key, n, **values)) for n in wordings)
    return any(message["text"].startswith(wording) for wording in found)


def exchange(
    leo: Leo, lines: list[str], name: str, language: str, *, greeting: int = 2
) -> list[dict]:
    """Hold a chat in which Leo says one message to each line; return these, without its greeting.

    A newcomer is greeted with two messages, whoever comes back with one.
    """
    said = leo.chat(lines, name=name, language=language)
    assert len(said) == greeting + len(lines), [message["text"] for message in said]
    return said[greeting:]


def exported(said: list[dict]) -> dict:
    """Return the data of the export among the messages."""
    [data] = [m["document"] for m in said if m.get("document", "").endswith(".json")]
    everything = json.loads(Path(data).read_text())
    assert isinstance(everything, dict)
    return everything


def answers(run: dict) -> dict[str, object]:
    """Return the answers of an exported run by question; None for one that was skipped."""
    kinds = ("number", "choice", "words", "day")
    return {
        answer["step"]: next((answer[kind] for kind in kinds if answer[kind] is not None), None)
        for answer in run["answers"]
    }
