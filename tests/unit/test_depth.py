"""Whether an answer says anything yet."""

import pytest

from bot.coaching.depth import FEW_ASKED, is_empty, is_thin


@pytest.mark.parametrize(
    "text",
    [
        *("ok", "fine", "Fine, thanks.", "OK!", "good", "nothing special", "I don't know", "dunno"),
        *("it was fine I think", "no idea really", "same as usual", "👍", "…"),
        *(
            "bof",
            "ça va",
            "Ça va bien, merci !",
            "rien de spécial",
            "je ne sais pas",
            "comme d’hab",
        ),
        *(
            "comme d’hab",
            "pas grand-chose",
            "c'était bien",
            "rien de particulier aujourd’hui",
            "Oui et non",
        ),
    ],
)
def test_thin_answers(text: str) -> None:
    """Empty talk and a word or two are thin, in both languages, with or without accents."""
    assert is_thin(text)


@pytest.mark.parametrize(
    "text",
    [
        "She waited for my word before she answered a customer",
        "Nadia corrected me in front of everybody",
        "Je l’ai interrompue deux fois",
        "Il n’a rien dit de toute la réunion",
        "The night shift",
        "Omar, Paul, Zoé",
    ],
)
def test_rich_answers(text: str) -> None:
    """What tells of somebody or something is not thin, however plain."""
    assert not is_thin(text)


def test_a_question_written_for_it_asks_for_more() -> None:
    """Where the coach wrote a question for thin answers, four words are still few."""
    assert is_thin("She stayed rather late", few=FEW_ASKED)
    assert not is_thin("She stayed rather late yesterday", few=FEW_ASKED)


@pytest.mark.parametrize(
    ("text", "empty"),
    [
        ("nothing", True),
        ("rien de plus", True),
        ("no", True),
        ("Omar", False),
        ("he smiled", False),
    ],
)
def test_words_that_add_nothing(text: str, empty: bool) -> None:
    """ "Nothing" adds nothing to an answer; a name does."""
    assert is_empty(text) is empty
