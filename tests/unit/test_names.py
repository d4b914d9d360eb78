"""Finding a name in what somebody wrote."""

import pytest

from bot.coaching.names import asked_about, mentions, named_in


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("What did I say about ana?", "Ana", True),
        ("qu’ai-je dit d’Ana ?", "ana", True),
        ("Ana’s notes", "Ana", True),
        ("anas notes", "Ana", True),
        ("les notes de José", "jose", True),
        ("JEAN  SÉBASTIEN a dit", "Jean Sébastien", True),
        ("the boss' wish", "Boss", True),
        ("banana bread", "Ana", False),
        ("Anatole", "Ana", False),
        ("C++ (new)", "C++", True),
        ("anything", "", False),
        ("anything", " ", False),
    ],
)
def test_a_name_in_a_text(text: str, name: str, found: bool) -> None:
    """Case, accents, endings and elisions do not matter; a part of a word is no name."""
    assert mentions(text, name) is found


def test_the_longer_of_two_names_counts() -> None:
    """Who asks about Ana Maria does not ask about Ana; who asks about both gets both."""
    names = ["Ana", "Ana Maria", "Paul"]
    assert named_in("my notes on Ana Maria", names) == ["Ana Maria"]
    assert named_in("Ana or Paul?", names) == ["Ana", "Paul"]
    assert named_in("nobody here", names) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("what did I say about Karim?", "Karim"),
        ("My notes on the night shift", "night shift"),
        ("qu’ai-je écrit sur Zoé ?", "Zoé"),
        ("qu'est-ce que j'ai dit d'Omar", "Omar"),
        ("mes notes à propos de Jean-Luc !", "Jean-Luc"),
        ("what did I write about it?", None),
        ("mes notes", None),
        ("what did I say about " + "x" * 60, None),
        ("about", None),
        ("", None),
    ],
)
def test_whom_a_question_is_about(text: str, name: str | None) -> None:
    """What stands behind the last "about" or "sur" may be a name; "it" and "lui" are none."""
    assert asked_about(text) == name
