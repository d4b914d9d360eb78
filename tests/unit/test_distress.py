"""Somebody in distress: met first, with people who can help; nothing is noted down."""

import json
from dataclasses import replace

import pytest

from bot.texts.support import load_support
from bot.usecases.messages import Outgoing
from tests.unit.talk import ROOT, Chat, is_said, payloads

WORDS = "I cannot go on, Leocadia"
SUPPORT = load_support(ROOT / "data", None)


def meets(chat: Chat) -> list[Outgoing]:
    chat.deps = replace(chat.deps, support=SUPPORT)
    chat._act_with(chat.deps)
    return chat.does("distress", WORDS)


def test_those_who_can_help_are_named(both: Chat) -> None:
    """A few words, then the contacts of the country where the person's zone lies."""
    told = meets(both)
    assert is_said(told, both.language, "distress")
    said = "\n".join(out.html for out in told)
    for contact in SUPPORT.public(SUPPORT.country("Europe/Paris")):
        assert contact.number in said
    assert payloads(told) == ["do.pause_messages"]


def test_no_exercise_goes_on_over_it(chat: Chat) -> None:
    """An open exercise rests, its question is not asked again, and nothing counts as an answer."""
    chat.begins().comes_to("grown-seen")
    meets(chat)
    assert chat.states() == [("best-test", "rested")]
    assert "grown-seen" not in chat.answers()
    chat.does("resume")
    assert chat.step() == "grown-seen"


def test_nothing_is_kept_about_it(chat: Chat) -> None:
    """But for the messages sent, the tables hold after it what they held before."""

    def held() -> str:
        tables = chat.tables()
        for passing in ("inbox", "outbox"):
            tables.pop(passing, None)
        [person] = tables["person"]
        for counted in ("turns", "question_id"):
            person.pop(counted)
        return json.dumps(tables, default=str)

    before = held()
    meets(chat)
    assert held() == before
    assert {row["payload"] for row in chat.rows("inbox")} == {None}
    assert WORDS not in str(chat.tables())


def test_it_is_met_before_consent_too(stranger: Chat) -> None:
    """Who has seen the consent text need not agree to anything first."""
    stranger.does("arrive")
    told = meets(stranger)
    assert is_said(told, stranger.language, "distress")
    assert payloads(told) == []


@pytest.mark.parametrize(
    ("zone", "number"), [("Europe/Paris", "3114"), ("UTC", "findahelpline.com")]
)
def test_the_country_follows_from_the_zone(zone: str, number: str) -> None:
    """A zone's city lies in one country; elsewhere the default contacts are named."""
    assert number in {contact.number for contact in SUPPORT.public(SUPPORT.country(zone))}
