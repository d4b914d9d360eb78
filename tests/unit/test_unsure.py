"""Where Leo is not sure what was meant: it asks, and does what is chosen for those words."""

from typing import Any

import pytest

from actions.base import Heard
from actions.clarify import Clarify
from bot.usecases.clarify import settling
from bot.usecases.messages import Outgoing, Told
from bot.usecases.turn import take
from tests.unit.talk import CHANNEL, SHIPPED, TEXTS, Chat, is_said, payloads, titles

WORDS = "Cornelia, and where do I stand with her"


def unsure(chat: Chat, text: str, *candidates: str) -> list[Outgoing]:
    """Say something that may mean one of several things."""
    incoming = chat.incoming(Told.TEXT, text, 77)
    chat.receive(incoming)
    verb = Clarify(chat.deps, lambda: chat.now).verb_for(Heard("unsure", None, candidates))
    assert take(chat.deps, CHANNEL, incoming.update_id, settling(verb), chat.now)
    return chat.deliver()


def kept(chat: Chat) -> list[dict[str, Any]]:
    return [row for row in chat.rows("answer") if row["step"] == "said"]


def test_at_most_three_are_offered_in_plain_words(both: Chat) -> None:
    """Each intent by its title, a practice by its own, and "none of these" at the end."""
    labels = ("see_plans", "want_practice/best-test", "see_history", "see_next")
    told = unsure(both, WORDS, *labels)
    assert is_said(told, both.language, "clarify")
    named = ("see_plans", "see_history", "none")
    plans, history, none = (TEXTS.meaning(both.language, name) for name in named)
    assert titles(told) == [plans, SHIPPED["best-test"].title[both.language], history, none]


def test_the_choice_is_done_for_the_words_first_said(chat: Chat) -> None:
    """Pressed inside an exercise as "that is my answer", the words first said are the answer."""
    chat.begins().comes_to("grown-seen")
    told = unsure(chat, WORDS, "recall_person", "answer")
    assert is_said(told, "en", "clarify_answer")
    chat.presses(payloads(told)[1])
    assert chat.answers()["grown-seen"].words == WORDS
    assert kept(chat) == []


def test_what_is_open_stays_open_beneath(chat: Chat) -> None:
    """“None of these” asks for other words and the open question again; nothing is kept."""
    chat.begins().comes_to("grown-seen")
    told = unsure(chat, WORDS, "see_plans", "answer")
    assert chat.step() == "grown-seen"
    chat.receive(chat.incoming(Told.PRESS, payloads(told)[-1], 78))
    assert chat.take("nlu_fallback")
    assert is_said(chat.deliver(), "en", "clarify_none")
    assert chat.step() == "grown-seen"
    assert kept(chat) == []
    assert "clarify" not in [row["practice"] for row in chat.rows("run")]


@pytest.mark.parametrize("after", ["skip", "stop", "greet"])
def test_a_question_passed_over_is_void(chat: Chat, after: str) -> None:
    """After anything else its buttons come too late, and the words are gone."""
    chat.begins().comes_to("grown-seen")
    told = unsure(chat, WORDS, "delete_data", "answer")
    assert [row["words"] for row in kept(chat)] == [WORDS]
    chat.does(after)
    assert kept(chat) == []
    late = chat.presses(payloads(told)[0])
    assert is_said(late, "en", "late_press")
    assert "erase" not in [row["practice"] for row in chat.rows("run")]


def test_the_words_are_sealed(chat: Chat) -> None:
    """No file of the database holds the words in the clear while the question is open."""
    unsure(chat, WORDS, "see_plans")
    files = chat.file.parent.glob("leo.db*")
    assert WORDS.encode() not in b"".join(file.read_bytes() for file in files)


def test_a_practice_that_is_gone_is_not_offered(chat: Chat) -> None:
    """A label whose practice has no file any more gives no button."""
    told = unsure(chat, WORDS, "want_practice/gone", "see_plans")
    assert len(titles(told)) == 2


def test_what_sounds_heavy_is_asked_about_softly(both: Chat) -> None:
    """Where it may be distress, the question says so, and its button leads to help."""
    told = unsure(both, WORDS, "distress", "answer")
    assert is_said(told, both.language, "clarify_heavy")
    assert is_said(both.presses(payloads(told)[0]), both.language, "distress")
