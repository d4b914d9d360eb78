"""What Rasa is trained on fits together: intents, rules, actions and commands."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from actions.__main__ import executor
from actions.base import Heard, TurnAction
from bot.chat.commands import COMMANDS, MENU, for_rasa, read_text
from bot.coaching.practice import LANGUAGES, MAX_STEP_ID
from bot.texts.catalogue import Catalogue
from bot.texts.files import MAX_BUTTON
from bot.usecases.clarify import ANSWER, NONE
from bot.usecases.messages import Deed, Incoming, Told
from bot.usecases.turn import Deps

ROOT = Path(__file__).parents[2]
# Learnt from the practices' own files.
FROM_PRACTICES = {"want_practice"}
# What the gate makes of a message that may mean one of several things.
UNSURE = {"unsure"}
# An action is only built here, never run, so it needs nothing to work with.
NO_DEPS = cast(Deps, None)


def contents(pattern: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    for file in sorted(ROOT.glob(pattern)):
        yield file, yaml.safe_load(file.read_text(encoding="utf-8"))


def domain(key: str) -> list[str]:
    return [name for _, content in contents("domain/*.yml") for name in content.get(key, [])]


def examples(language: str) -> dict[str, list[str]]:
    """Return the examples by intent."""
    return {
        entry["intent"]: [line.removeprefix("- ") for line in entry["examples"].splitlines()]
        for _, content in contents(f"data/nlu/{language}/*.yml")
        for entry in content["nlu"]
    }


def rules() -> list[tuple[str, str]]:
    """Return the intent and the action of each rule."""
    return [
        (rule["steps"][0]["intent"], rule["steps"][1]["action"])
        for _, content in contents("data/rules/*.yml")
        for rule in content["rules"]
        if len(rule["steps"]) == 2
    ]


def actions() -> dict[str, TurnAction]:
    """Return the actions that the action server offers, by name."""
    run = executor(NO_DEPS).actions
    return {name: method.__self__ for name, method in run.items()}


def sent() -> set[str]:
    """Return the intents that the chat sends of itself: commands, presses, edits, media, signs."""
    told = [
        *(read_text(f"/{name}") for name in COMMANDS),
        *((told, "") for told in (Told.PRESS, Told.EDIT, Told.MEDIA)),
        (Told.TEXT, "/"),
    ]
    return {for_rasa(Incoming("telegram", 1, "1", *one)).removeprefix("/") for one in told}


def test_every_intent_has_one_rule() -> None:
    """Each intent of the domain leads to exactly one action, by a rule of two steps."""
    by_intent = Counter(intent for intent, _ in rules())
    assert set(by_intent) == set(domain("intents"))
    assert set(by_intent.values()) == {1}
    assert len(rules()) == sum(len(content["rules"]) for _, content in contents("data/rules/*.yml"))


@pytest.mark.parametrize("key", ["intents", "actions"])
def test_nothing_stands_twice_in_the_domain(key: str) -> None:
    """An intent or an action belongs to one topic."""
    assert [name for name, count in Counter(domain(key)).items() if count > 1] == []


def test_every_action_exists_and_is_used() -> None:
    """The domain names exactly the actions that the action server has and the rules call."""
    assert set(domain("actions")) == actions().keys() == {action for _, action in rules()}


def test_every_intent_can_be_reached() -> None:
    """An intent is learnt from examples or practices, sent by the chat, or the gate's own."""
    english, french = (examples(language).keys() for language in LANGUAGES)
    assert english == french
    assert english | FROM_PRACTICES | UNSURE | sent() == set(domain("intents"))


def test_what_a_button_may_offer() -> None:
    """Each button of a clarifying question has a title in both languages and leads to an intent."""
    titles = [Catalogue().meanings(language) for language in LANGUAGES]
    assert titles[0].keys() == titles[1].keys() >= {ANSWER, NONE}
    assert titles[0].keys() - {NONE} <= set(domain("intents"))
    assert max(len(title) for language in titles for title in language.values()) <= MAX_BUTTON


def test_a_button_carries_the_longest_practice() -> None:
    """What a button carries fits Telegram's 64 bytes, whatever the run and the practice."""
    longest = Deed("want_practice", "x" * MAX_STEP_ID, 10**19 - 1)
    assert len(longest.payload.encode()) <= 64
    assert Deed.read(longest.payload) == longest


@pytest.mark.parametrize(
    ("payload", "heard"),
    [
        ("do.see_plans", "/see_plans"),
        ("do.12.see_plans", "/see_plans"),
        ("do.12.none", "/nlu_fallback"),
        ("do.12.want_practice.vuca-lens", '/want_practice{"practice": "vuca-lens"}'),
        ("do.12.want_practice.a b", "/press"),
        ("12.grown.4", "/press"),
    ],
)
def test_a_press_does_what_its_button_offers(payload: str, heard: str) -> None:
    """A button of a clarifying question names its intent; any other is an answer."""
    assert for_rasa(Incoming("telegram", 1, "1", Told.PRESS, payload)) == heard


def test_topics_have_the_same_name_everywhere() -> None:
    """Domain, rules and examples keep a topic's intents in files of the same name."""
    topic = {
        name: file.stem for file, content in contents("domain/*.yml") for name in content["intents"]
    }
    for file, content in contents("data/rules/*.yml"):
        assert {topic[rule["steps"][0]["intent"]] for rule in content["rules"]} == {file.stem}
    for file, content in contents("data/nlu/*/*.yml"):
        assert {topic[entry["intent"]] for entry in content["nlu"]} == {file.stem}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_example_stands_for_two_intents(language: str) -> None:
    """The same words are an example of one intent only, and stand once."""
    said = Counter(
        example.strip().casefold() for lines in examples(language).values() for example in lines
    )
    assert [example for example, count in said.items() if count > 1] == []


@pytest.mark.parametrize(("intent", "action"), rules())
def test_every_intent_has_a_use_case(intent: str, action: str) -> None:
    """An action knows what to do for each intent that leads to it, in both languages."""
    verb = actions()[action].verb_for(Heard(intent, candidates=("see_plans", "see_history")))
    assert callable(verb)
    if isinstance(verb, partial) and "topic" in verb.keywords:
        for language in LANGUAGES:
            assert (ROOT / f"bot/texts/{language}/chat/{verb.keywords['topic']}.j2").exists()


def test_every_command_is_an_intent() -> None:
    """Each command, in the menu or not, stands for an intent of the domain."""
    assert set(COMMANDS.values()) <= set(domain("intents"))
    assert MENU.items() <= COMMANDS.items()
    for name, intent in COMMANDS.items():
        assert (
            read_text(f"/{name}")
            == read_text(f"/{name.upper()}@leo_bot x")
            == (Told.COMMAND, intent)
        )


@pytest.mark.parametrize(
    "text",
    [
        "/deleteall",
        "/",
        "//",
        "/ delete",
        "/42",
        "/delete_data",
        "/delete_data now",
        "/nlu_fallback",
    ],
)
def test_nobody_can_name_an_intent(text: str) -> None:
    """A text that is no command reaches Rasa as words or as not understood, never as an intent."""
    heard = for_rasa(Incoming("telegram", 1, "1", *read_text(text)))
    assert heard == "/nlu_fallback" or not heard.startswith("/")
