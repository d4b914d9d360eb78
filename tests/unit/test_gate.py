"""The gate: what a message means, given what is open and how sure the model is."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


def load() -> ModuleType:
    """Load the gate alone: it needs nothing of Rasa."""
    file = ROOT / "rasa_server" / "leo_rasa" / "gate.py"
    spec = importlib.util.spec_from_file_location("leo_gate", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["leo_gate"] = module
    spec.loader.exec_module(module)
    return module


gate = load()


def decide(text: str, shares: dict[str, float], **more: Any) -> Any:
    rest = {"nonsense": 1.0 - sum(shares.values())}
    return gate.decide(gate.Message(text, {**rest, **shares}, **more), gate.Values())


def test_a_sure_command_is_done() -> None:
    """Nothing open, one label far ahead."""
    assert decide("my plans", {"see_plans": 0.97}).label == "see_plans"


def test_two_close_ones_are_asked_about() -> None:
    """Neither is done; both are offered, the likelier first."""
    meaning = decide("my notes", {"see_history": 0.45, "recall_person": 0.42})
    assert meaning.label == "unsure"
    assert meaning.candidates[:2] == ("see_history", "recall_person")


def test_what_has_consequences_needs_more() -> None:
    """The same share lets Leo show plans, but ask before it deletes."""
    share = (gate.Values().bar + gate.Values().high_bar) / 2
    others = {f"x{n}": (1 - share) / 10 for n in range(10)}
    assert decide("gone", {"see_plans": share, **others}).label == "see_plans"
    assert decide("gone", {"delete_data": share, **others}).label == "unsure"


def test_nothing_near_is_not_understood() -> None:
    """Where no label has a share worth naming, Leo says so."""
    crumbs = {f"x{n}": 0.001 for n in range(999)}
    assert gate.decide(gate.Message("zzz", crumbs), gate.Values()).label == "nlu_fallback"


def test_a_weak_guess_at_beyond_is_not_understood() -> None:
    """Nonsense that is a little like what is beyond Leo is not taken for it."""
    crumbs = {f"x{n}": 0.0084 for n in range(100)}
    for share, label in ((0.16, "nlu_fallback"), (0.3, "out_of_scope")):
        shares = {**crumbs, "out_of_scope": share}
        assert gate.decide(gate.Message("zzz", shares), gate.Values()).label == label


@pytest.mark.parametrize("kind", ["rating", "choice", "review", "date"])
@pytest.mark.parametrize("said", ["affirm", "deny"])
def test_a_closed_question_takes_only_a_plain_yes_or_no(kind: str, said: str) -> None:
    """Where a choice is open, half a yes is none, and nothing less likely is offered instead."""
    assert decide("not sure", {said: 0.69, "later": 0.2}, kind=kind).label == "nlu_fallback"
    assert decide("yes", {said: 0.95}, kind=kind).label == said
    assert decide("go on", {said: 0.69}).label == said


@pytest.mark.parametrize("kind", ["text", "person", "plan", "list"])
def test_free_words_are_an_answer(kind: str) -> None:
    """Where words are awaited, a long text that might be a command is an answer."""
    text = "I told him to stop asking for help with every single order that comes in"
    assert decide(text, {"stop": 0.5, "answer": 0.3}, kind=kind).label == "answer"


@pytest.mark.parametrize("kind", ["rating", "choice", "review", "date"])
def test_what_fits_the_question_is_an_answer(kind: str) -> None:
    """Leo's own grammar has the first word, whatever the model thinks."""
    assert decide("later", {"later": 0.9}, kind=kind, fits=True).label == "answer"


@pytest.mark.parametrize("kind", ["nothing", "text", "rating"])
def test_distress_comes_first(kind: str) -> None:
    """A loud alarm wins over every command and every answer; a low one is asked about."""
    loud = decide("words", {"answer": 0.9}, kind=kind, alarm=0.99)
    assert loud.label == "distress"
    low = decide("words", {"answer": 0.9}, kind=kind, alarm=gate.Values().alarm_ask)
    assert (low.label, low.candidates[0]) == ("unsure", "distress")


def test_a_number_or_a_sign_is_no_command() -> None:
    """Without a letter nothing is commanded."""
    assert decide("👍", {"affirm": 0.9}).label == "nlu_fallback"
    assert decide("4", {"skip": 0.9}, kind="text").label == "answer"
