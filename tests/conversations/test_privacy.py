"""Nothing without a yes; everything handed over on demand; nothing left when it shall go."""

import html
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.conversations.talk import (
    LANGUAGES,
    YES,
    answers,
    asked,
    exchange,
    exported,
    says,
    titles,
)
from tests.stack import Leo

WORDS = {
    "en": "she told the board no, “politely” & <firmly>",
    "fr": "elle a dit non, « poliment » & <net>",
}
BEFORE_THE_YES = {
    "en": [
        ("let's do the test", "consent_needed"),
        ("3", None),
        ("hello", "consent_needed"),
        ("who sees this?", None),
        ("why do you need that", None),
        ("are you a robot?", "ask_human"),
        ("tell me more first", "tell_more"),
        ("no thanks", "refused"),
    ],
    "fr": [
        ("on fait le test", "consent_needed"),
        ("3", None),
        ("bonjour", "consent_needed"),
        ("qui voit ça ?", None),
        ("pourquoi vous en avez besoin", None),
        ("vous êtes un robot ?", "ask_human"),
        ("dites-m'en plus d'abord", "tell_more"),
        ("non merci", "refused"),
    ],
}


def rows(leo: Leo) -> dict[str, int]:
    """Return how many rows the tables that hold words have, and those that know an address."""
    tables = ("person", "served", "run", "answer", "plan", "consent", "outbox")
    with closing(sqlite3.connect(leo.folder / "var" / "leo.db")) as database:
        counts = {table: _count(database, f"select count(*) from {table}") for table in tables}
        unforgotten = "select count(*) from inbox where address is not null or payload is not null"
        return {**counts, "inbox": _count(database, unforgotten)}


def _count(database: sqlite3.Connection, query: str) -> int:
    return int(database.execute(query).fetchone()[0])


@LANGUAGES
def test_nothing_without_a_yes(leo: Leo, language: str) -> None:
    """Before the yes Leo explains itself and asks again; no test begins and no answer is kept."""
    talk = BEFORE_THE_YES[language]
    name = f"consent-{language}"
    leo.chat([], name="somebody")  # So that there is a database to look into.
    before = rows(leo)
    replies = exchange(leo, [line for line, _ in talk], name, language)
    for (line, template), reply in zip(talk, replies, strict=True):
        assert template is None or says(reply, language, template), (line, reply["text"])
        question = None if template == "refused" else "agree"
        assert asked(reply, language) == question, (line, reply["text"])
    after = rows(leo)
    assert {table for table in after if after[table] != before[table]} <= {"person", "consent"}
    said = leo.chat([YES[language], "test"], name=name, language=language)
    assert [asked(message, language) for message in said] == [None, "agree", None, "person"]


@LANGUAGES
def test_a_chat_without_a_word(leo: Leo, language: str) -> None:
    """The end of the input ends the chat with status 0, even before the first line."""
    said = leo.chat([], name=f"silent-{language}", language=language)
    assert [asked(message, language) for message in said] == [None, "agree"]


@LANGUAGES
def test_data_taken_along(leo: Leo, language: str) -> None:
    """In the middle of a test everything said comes as a page and as data; the question stands."""
    ask = {"en": "could I have a copy of my data", "fr": "je voudrais une copie de mes données"}
    lines = [YES[language], "test", "Zaphira", "3", WORDS[language], ask[language]]
    said = leo.chat(lines, name=f"copy-{language}", language=language)
    page, _ = [Path(message["document"]) for message in said if "document" in message]
    assert html.escape(WORDS[language], quote=False) in page.read_text()
    assert f'lang="{language}"' in page.read_text()
    everything = exported(said)
    assert everything["person"]["language"] == language
    assert [served["nickname"] for served in everything["people_served"]] == ["Zaphira"]
    [run] = everything["runs"]
    assert answers(run) == {"person": "Zaphira", "grown": 3, "grown-seen": WORDS[language]}
    assert [asked(message, language) for message in said[-4:]].count("healthier") == 1
    assert asked(said[-1], language) == "healthier"


@LANGUAGES
def test_words_rest_encrypted(leo: Leo, language: str) -> None:
    """Neither a nickname nor a reflection can be read in any file that Leo keeps."""
    lines = [YES[language], "test", "Quibbleworth", "3", WORDS[language]]
    leo.chat(lines, name=f"sealed-{language}", language=language)
    kept = [path for path in (leo.folder / "var").rglob("*") if path.is_file()]
    assert any(path.name == "leo.db" for path in kept)
    for path in kept:
        if "terminal" not in path.parts:
            assert not any(word.encode() in path.read_bytes() for word in lines[2:5:2]), path


# Only a plain yes deletes: what is said, and whether Leo asks again whether to delete.
NOT_YET = {
    "en": [("delete all my data", True), ("hmm", True), ("who can see it?", True), ("no", False)],
    "fr": [
        ("supprime toutes mes données", True),
        ("euh", True),
        ("qui peut le voir ?", True),
        ("non", False),
    ],
}


@LANGUAGES
def test_data_deleted(leo: Leo, language: str) -> None:
    """Leo asks once, a plain yes deletes every trace, and then Leo meets a stranger."""
    name = f"gone-{language}"
    before = rows(leo)
    lines = [YES[language], "test", "Zaphira", "3", WORDS[language]]
    said = exchange(leo, lines + [line for line, _ in NOT_YET[language]], name, language)
    for (line, again), reply in zip(NOT_YET[language], said[len(lines) :], strict=True):
        assert asked(reply, language) == ("sure" if again else "healthier"), (line, reply["text"])
    assert says(said[-1], language, "erase_kept")
    [question, done] = exchange(leo, ["/delete", YES[language]], name, language, greeting=1)
    assert len(titles(question)) == 2
    assert says(done, language, "erased")
    assert rows(leo) == before
    stranger = leo.chat(["/progress"], name=name, language=language)
    assert [asked(message, language) for message in stranger] == [None, "agree", "agree"]
