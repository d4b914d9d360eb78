"""English and French side by side: the same texts at the same depth, in good typography."""

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import yaml
from jinja2 import Environment, meta

from bot.chat.commands import MENU
from bot.coaching.practice import LANGUAGES
from bot.texts.catalogue import Catalogue

ROOT = Path(__file__).parents[2]
TEXTS = ROOT / "bot" / "texts"
JINJA = Environment(autoescape=True)
NO_BREAK = "\u00a0\u202f"

CHAT = sorted(file.stem for file in (TEXTS / "en" / "chat").glob("*.j2"))
PAGES = sorted(file.name for file in (TEXTS / "en").glob("*.html.j2"))
FOLDERS = ("practices", "check-ins", "dialogues", "reflections", "programmes")
PRACTICES = sorted(file for folder in FOLDERS for file in ROOT.glob(f"data/{folder}/*.yml"))
# What Leo says again and again must not sound like a machine's only sentence.
SAID_ONCE = {
    *("alt_boxes", "alt_marks", "alt_tally", "alt_weeks", "boxes_caption", "picture_caption"),
    *("tally_caption", "weeks_caption", "distress_contacts", "erased", "erased_on_request"),
    *("group_leave", "scale", "farewell", "letter"),
}


def read(*way: str) -> str:
    return TEXTS.joinpath(*way).read_text(encoding="utf-8")


def wordings(language: str, key: str) -> list[str]:
    return re.split(r"(?m)^---$", read(language, "chat", f"{key}.j2"))


def words(language: str, name: str) -> dict[str, Any]:
    return dict(yaml.safe_load(read(language, f"{name}.yml")))


def variables(source: str) -> set[str]:
    return meta.find_undeclared_variables(JINJA.parse(source))


def tags(source: str) -> Counter[str]:
    return Counter(re.findall(r"<(/?[a-z]+)", source))


def branches(source: str) -> list[str]:
    """Return the branches of a text, whatever space they take away."""
    return [inner.strip("- ") for inner in re.findall(r"{%(.*?)%}", source)]


def prose(source: str) -> str:
    """Return what a person reads of a template, with a letter for each value."""
    source = re.sub(r"<style>.*?</style>", "", source, flags=re.DOTALL)
    source = re.sub(r"\s*{%-|-%}\s*", lambda at: at[0].strip().replace("-", ""), source)
    source = re.sub(r"{%.*?%}|{#.*?#}", "", source, flags=re.DOTALL)
    source = re.sub(r"{{.*?}}|{[a-z]+}", "x", source, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]*>", "", source))


def texts_of_practice(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every pair of texts in a practice file, but not the words that people type."""

    def walk(value: Any, way: str) -> Iterator[tuple[str, dict[str, Any]]]:
        if isinstance(value, list):
            for number, item in enumerate(value):
                name = item.get("id", number) if isinstance(item, dict) else number
                yield from walk(item, f"{way} {name}")
        elif isinstance(value, dict) and set(value) & set(LANGUAGES):
            yield way, value
        elif isinstance(value, dict):
            for key, item in value.items():
                # A title is quoted in the language of its article.
                if key not in ("words", "wanted") and way.split()[1:] != ["source"]:
                    yield from walk(item, f"{way} {key}")

    yield from walk(yaml.safe_load(file.read_text(encoding="utf-8")), file.stem)


def sources(language: str) -> Iterator[tuple[str, Any]]:
    """Yield the place and the source, or several of them, of every text in a language."""
    for key in CHAT:
        yield key, read(language, "chat", f"{key}.j2")
    for page in PAGES:
        yield page, read(language, page)
    for name in ("words", "commands", "console", "mail"):
        for key, value in words(language, name).items():
            yield f"{name} {key}", value
    for file in PRACTICES:
        for where, pair in texts_of_practice(file):
            yield where, pair[language]


def sentences(language: str) -> Iterator[tuple[str, str]]:
    """Yield the place and the prose of every text that Leo speaks in a language."""
    for where, source in sources(language):
        for text in source if isinstance(source, list) else [source]:
            yield where, prose(str(text))


def against(pattern: str, language: str) -> list[str]:
    """Return each place in a language where a pattern is found, with what stands around it."""
    return [
        f"{where}: …{text[max(found.start() - 20, 0) : found.end() + 10]}…"
        for where, text in sentences(language)
        for found in re.finditer(pattern, text)
    ]


def test_both_languages_have_the_same_files() -> None:
    """Each file of texts stands in both languages."""
    english, french = (
        {str(file.relative_to(TEXTS / language)) for file in (TEXTS / language).rglob("*.*")}
        for language in LANGUAGES
    )
    assert english == french
    assert CHAT and PAGES


@pytest.mark.parametrize("key", CHAT)
def test_a_template_says_the_same_in_both(key: str) -> None:
    """Each wording has its counterpart, with the same values and the same tags."""
    english, french = wordings("en", key), wordings("fr", key)
    assert len(english) == len(french)
    for one, other in zip(english, french, strict=True):
        assert one.strip() and other.strip()
        assert variables(one) == variables(other)
        assert tags(one) == tags(other)


@pytest.mark.parametrize("key", sorted(set(CHAT) - SAID_ONCE))
def test_what_is_said_often_has_more_than_one_wording(key: str) -> None:
    """Leo need not say the same sentence twice in a row, in either language."""
    for language in LANGUAGES:
        said = [wording.strip() for wording in wordings(language, key)]
        assert len(set(said)) == len(said) >= 2


@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_the_same_in_both(page: str) -> None:
    """A page has the same values and the same build in both languages."""
    english, french = read("en", page), read("fr", page)
    assert variables(english) == variables(french)
    assert tags(english) == tags(french)


@pytest.mark.parametrize("name", ["words", "commands", "console", "mail"])
def test_small_words_stand_in_both(name: str) -> None:
    """The same small words stand in both languages, lists as long, places to fill alike."""
    english, french = words("en", name), words("fr", name)
    assert english.keys() == french.keys()
    for key, one in english.items():
        other = french[key]
        assert type(one) is type(other) and one and other
        if isinstance(one, list):
            assert len(one) == len(other)
        else:
            fields = [sorted(re.findall(r"{\w+}", text)) for text in (one, other)]
            assert fields[0] == fields[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_small_word_stands_twice(language: str) -> None:
    """A key has one text: of two, YAML would silently take the later one."""
    keys = re.findall(r"(?m)^([a-z][\w-]*):", read(language, "words.yml"))
    assert [key for key, count in Counter(keys).items() if count > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_of_the_menu_is_described(language: str) -> None:
    """The menu and its descriptions hold the same commands; Telegram takes 1 to 256 characters."""
    described = Catalogue().commands(language)
    assert described.keys() == MENU.keys()
    assert all(1 <= len(text) <= 256 for text in described.values())


@pytest.mark.parametrize("file", PRACTICES, ids=lambda file: file.stem)
def test_a_practice_says_the_same_in_both(file: Path) -> None:
    """Each text of a practice has both languages, as many reasons, and the same branches."""
    pairs = list(texts_of_practice(file))
    assert pairs
    for where, pair in pairs:
        assert set(pair) == set(LANGUAGES), where
        english, french = ([pair[x]] if isinstance(pair[x], str) else pair[x] for x in LANGUAGES)
        assert len(english) == len(french), where
        for one, other in zip(english, french, strict=True):
            assert one.strip() and other.strip(), where
            assert branches(one) == branches(other), where
            assert tags(one) == tags(other), where


def test_french_has_a_no_break_space_before_double_signs() -> None:
    """Before ; : ? ! and » stands a no-break space, never another one or none."""
    assert against(rf"(?<![{NO_BREAK}?!])(?<!\d(?=:\d))[;:?!»]", "fr") == []


def test_french_has_a_no_break_space_behind_an_opening_quote() -> None:
    """Behind « stands a no-break space."""
    assert against(rf"«(?![{NO_BREAK}])", "fr") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_apostrophes_and_quotes_are_curly(language: str) -> None:
    """In prose stand ’ and “ ” or « », never ' and "."""
    assert against("['\"]", language) == []


def test_english_has_no_french_spacing() -> None:
    """In English no space stands before ; : ? !."""
    assert against(rf"[\s{NO_BREAK}][;:?!]", "en") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_gender_in_brackets_or_slashes(language: str) -> None:
    """Nobody is addressed by a form such as prêt(e), prêt·e or he/she."""
    assert against(r"\w\((?:e|es|ne|s)\)|\w·\w|\b(?:he/she|il/elle|un/une|le/la)\b", language) == []
