"""Reading a typed answer: a rating, a choice, a day, a name, words."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coaching.practice import SCALE, Choice, Kind, Step
from bot.coaching.reading import MAX_NICKNAME, MAX_WORDS, Unreadable, fits, read
from bot.coaching.run import Given

TODAY = date(2026, 11, 24)
NOTHING = {"en": "", "fr": ""}
REASONS = {"unclear_rating", "person_too_long", "answer_too_long", "not_understood"}


def step(kind: Kind, *choices: Choice) -> Step:
    return Step("step", kind, NOTHING, NOTHING, {"en": (), "fr": ()}, choices)


HURT = step(
    Kind.CHOICE,
    Choice(
        "nobody",
        {"en": "Nobody, as far as I know", "fr": "Personne, à ma connaissance"},
        {"en": ("no", "no one"), "fr": ("non", "pas que je sache")},
    ),
    Choice(
        "not-sure",
        {"en": "I am not sure", "fr": "J’ai un doute"},
        {"en": ("maybe", "i don’t know"), "fr": ("peut-être", "je ne sais pas")},
    ),
)


def reason(step: Step, text: str) -> str:
    with pytest.raises(Unreadable) as caught:
        read(step, text, TODAY)
    return caught.value.reason


@pytest.mark.parametrize(
    ("text", "number"),
    {
        "4": 4,
        " 5 ! ": 5,
        "4/5": 4,
        "4 out of 5": 4,
        "quatre sur cinq": 4,
        "I'd say a four": 4,
        "je dirais plutôt deux": 2,
        "one": 1,
        "plutôt un": 1,
        "4️⃣": 4,
        "٣": 3,
        "3, je pense": 3,
        "3 3": 3,
    }.items(),
)
def test_a_rating_is_read(text: str, number: int) -> None:
    """A number from 1 to 5 is a rating, as a figure or as a word."""
    assert read(step(Kind.RATING), text, TODAY) == Given(number=number)
    assert fits(step(Kind.RATING), text, TODAY)


@pytest.mark.parametrize(
    "text",
    [
        *("2 or 3", "deux ou trois", "between 2 and 3", "entre 2 et 3", "3-4", "3.5", "3,5"),
        *("three and a half", "trois et demi", "3½"),
    ],
)
def test_an_unclear_rating_is_asked_about(text: str) -> None:
    """Between two numbers Leo does not choose; yet it is an answer, not an aside."""
    assert reason(step(Kind.RATING), text) == "unclear_rating"
    assert fits(step(Kind.RATING), text, TODAY)


@pytest.mark.parametrize(
    "text",
    [
        *("", "fine", "très bien", "0", "6", "10", "42", "9" * 5000),
        *("not 4", "it isn’t a 4", "ce n’est pas 4", "c’est un ami", "it's one of a kind"),
        "I told the 5 of them about it and nobody said a word",
    ],
)
def test_no_rating_is_made_up(text: str) -> None:
    """What holds no rating is not turned into one."""
    assert reason(step(Kind.RATING), text) == "not_understood"
    assert not fits(step(Kind.RATING), text, TODAY)


@pytest.mark.parametrize(
    ("text", "choice"),
    {
        "Nobody, as far as I know": "nobody",
        "personne à ma connaissance": "nobody",
        "NO ONE!": "nobody",
        "Well, no": "nobody",
        "je crois que non": "nobody",
        "J'ai un doute": "not-sure",
        "I don't know": "not-sure",
        "maybe": "not-sure",
        "Peut-être…": "not-sure",
    }.items(),
)
def test_a_choice_is_read(text: str, choice: str) -> None:
    """A choice is read by its button or its words, in either language, whatever the form."""
    assert read(HURT, text, TODAY) == Given(choice=choice)
    assert fits(HURT, text, TODAY)


@pytest.mark.parametrize("text", ["hmm", "so", "well", "👍", "...", "?!", "no idea, ask Ana"])
def test_no_choice_is_made_up(text: str) -> None:
    """Neither a filler nor a sign stands for a choice whose words are fillers, such as maybe."""
    assert reason(HURT, text) == "not_understood"


def test_a_day_is_read() -> None:
    """A day answers a date step; anything else is not understood."""
    assert read(step(Kind.DATE), "demain", TODAY) == Given(day=date(2026, 11, 25))
    assert fits(step(Kind.DATE), "on Friday", TODAY)
    assert reason(step(Kind.DATE), "soon") == "not_understood"
    assert not fits(step(Kind.DATE), "bientôt", TODAY)


def test_a_plan_keeps_its_words_and_its_day() -> None:
    """A plan is kept as written, with its day where it names one."""
    named, unnamed = "Quand je verrai Ana mardi, je l’écouterai.", "When we meet, I will listen."
    assert read(step(Kind.PLAN), named, TODAY) == Given(words=named, day=date(2026, 12, 1))
    assert read(step(Kind.PLAN), unnamed, TODAY) == Given(words=unnamed)


@pytest.mark.parametrize(
    ("text", "name"),
    {"Ana": "Ana", " « Le  stagiaire » ": "Le stagiaire", "“Ana”.": "Ana", "🦊": "🦊"}.items(),
)
def test_a_nickname_is_read(text: str, name: str) -> None:
    """A nickname comes without its quotes and stops."""
    assert read(step(Kind.PERSON), text, TODAY) == Given(words=name)


def test_a_nickname_is_short() -> None:
    """A nickname has at most sixty characters and at least one."""
    assert read(step(Kind.PERSON), "a" * MAX_NICKNAME, TODAY).words == "a" * MAX_NICKNAME
    assert reason(step(Kind.PERSON), "a" * (MAX_NICKNAME + 1)) == "person_too_long"
    assert reason(step(Kind.PERSON), "…?!") == "not_understood"


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.PLAN])
def test_words_are_kept_whole_or_not_at_all(kind: Kind) -> None:
    """Words are never cut: up to the limit they are kept, beyond it refused with the reason."""
    assert read(step(kind), "é" * MAX_WORDS, TODAY).words == "é" * MAX_WORDS
    assert reason(step(kind), "é" * (MAX_WORDS + 1)) == "answer_too_long"


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.PLAN, Kind.PERSON])
def test_the_form_of_free_words_says_nothing(kind: Kind) -> None:
    """Whether free words answer the question cannot be told by their form."""
    assert not fits(step(kind), "Ana", TODAY)


@settings(deadline=None)
@given(
    kind=st.sampled_from(Kind),
    text=st.text() | st.text("0123456789/.,- ") | st.text("un deux or 3 not maybe l'", max_size=30),
)
def test_any_text_is_an_answer_or_a_reason(kind: Kind, text: str) -> None:
    """Whatever is typed is read as one answer of its kind, or refused with a known reason."""
    asked = HURT if kind is Kind.CHOICE else step(kind)
    try:
        given = read(asked, text, TODAY)
    except Unreadable as unreadable:
        assert unreadable.reason in REASONS
        return
    assert not given.skipped
    assert given.number is None or (kind is Kind.RATING and given.number in SCALE)
    assert given.choice is None or (kind is Kind.CHOICE and asked.choice(given.choice))
    assert given.day is None or given.day >= TODAY
    assert given.words is None or given.words.strip()
