"""The catalogue: templates in both languages, filled strictly and safely."""

from datetime import date
from pathlib import Path

import pytest
from jinja2 import TemplateNotFound, UndefinedError

from bot.texts.catalogue import Catalogue
from bot.texts.practices import load_library

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="module")
def texts() -> Catalogue:
    return Catalogue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for language, hello in {"en": "Hello", "fr": "Bonjour"}.items():
        chat = tmp_path / language / "chat"
        chat.mkdir(parents=True)
        text = f"{hello} {{{{ name }}}}\n\nA — b\n---\n{hello} again\n---\n\nThird\n"
        (chat / "hello.j2").write_text(text, encoding="utf-8")
    return tmp_path


def test_each_language_has_its_own_words(folder: Path) -> None:
    """A template is taken from the folder of the language."""
    texts = Catalogue(folder)
    assert texts.say("en", "hello", 0, name="Ana") == "Hello Ana\n\nA — b"
    assert texts.say("fr", "hello", 0, name="Ana") == "Bonjour Ana\n\nA — b"


def test_wordings_follow_one_another(folder: Path) -> None:
    """Turn after turn the next wording comes, and after the last one the first again."""
    texts = Catalogue(folder)
    said = [texts.say("en", "hello", turn, name="Ana") for turn in range(4)]
    assert said == ["Hello Ana\n\nA — b", "Hello again", "Third", "Hello Ana\n\nA — b"]
    assert texts.wordings("en", "hello") == 3


def test_what_a_person_wrote_is_escaped(folder: Path, texts: Catalogue) -> None:
    """Signs of HTML in a name or an answer are shown, never obeyed."""
    said = Catalogue(folder).say("en", "hello", 0, name="<b>A & B</b>")
    assert said.startswith("Hello &lt;b&gt;A &amp; B&lt;/b&gt;")
    assert texts.fill("{{ about }}!", about="<i>") == "&lt;i&gt;!"


def test_a_missing_value_is_an_error(folder: Path, texts: Catalogue) -> None:
    """Nobody is ever addressed by an empty place."""
    with pytest.raises(UndefinedError):
        Catalogue(folder).say("en", "hello", 0)
    with pytest.raises(UndefinedError):
        texts.fill("{{ said.mood }}", about="Ana", said={})


@pytest.mark.parametrize("language", ["en", "fr"])
def test_consent_names_the_least_group_that_hr_sees(language: str) -> None:
    """What a person agrees to and what they are told later is the number in force."""
    texts = Catalogue(minimum=17)
    agree = load_library(DATA)["consent"].steps[0]
    told = [texts.say(language, key, 0) for key in ("ask_privacy", "tell_more")]
    assert all("17" in said for said in (texts.fill(agree.ask[language]), *told))


def test_an_unknown_template_is_an_error(texts: Catalogue) -> None:
    """A key without a template, page or word fails by name."""
    with pytest.raises(FileNotFoundError, match="nothing_of_the_kind"):
        texts.say("en", "nothing_of_the_kind", 0)
    with pytest.raises(TemplateNotFound, match="nothing"):
        texts.page("fr", "nothing")
    with pytest.raises(KeyError, match="nothing"):
        texts.word("fr", "nothing")


@pytest.mark.parametrize(
    ("day", "english", "french"),
    [
        (date(2027, 3, 1), "Monday 1 March", "lundi 1er mars"),
        (date(2026, 8, 2), "Sunday 2 August", "dimanche 2 août"),
        (date(2026, 12, 31), "Thursday 31 December", "jeudi 31 décembre"),
    ],
)
def test_a_date_in_words(texts: Catalogue, day: date, english: str, french: str) -> None:
    """A date comes with its weekday; the first of a French month is the 1er."""
    assert texts.day("en", day) == english
    assert texts.day("fr", day) == french


def test_commands_are_described(texts: Catalogue) -> None:
    """The menu of the chat is described in the language asked for."""
    assert texts.commands("en")["delete"].startswith("Remove")
    assert texts.commands("fr")["delete"].startswith("Effacer")
