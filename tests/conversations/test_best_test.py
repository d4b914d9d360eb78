"""Greenleaf's test, held through a pipe into `leo chat --json`, in both languages."""

import itertools
from pathlib import Path

import pytest

from bot.settings import ROOT
from bot.texts.practices import load_library
from tests.stack import Leo

TEST = load_library(ROOT / "data")["best-test"]
PNG = b"\x89PNG\r\n\x1a\n"

FIRST = {
    "en": [
        *("yes", "let's do the test", "why do you ask?", "Ana"),
        *("about a three", "I told him to stop asking for help, and she found her own way"),
        *("what's the point of this question?", "4", "skip this one"),
        "go back, I want to change my last answer",
        *("she left later than usual, and asked why nobody helps the night shift",),
        *("two", "let's stop here", "where were we?", "next question"),
        *("who can see this?", "3/5", "are you a real person?", "next question"),
        *("blurb zorg", "zorg blurb", "three or four?", "4", "next question"),
        *("what is servant leadership?", "thanks", "1", "next question"),
        *("no worse", "the cleaners who come at night"),
        *("I am not sure", "I moved a deadline and told nobody"),
        "when we meet on Tuesday, I will let Ana choose the topic",
    ],
    "fr": [
        *("oui", "on fait le test", "pourquoi vous demandez ça ?", "Ana"),
        *("plutôt 3", "je lui ai dit d'arrêter de demander de l'aide, et elle a trouvé seule"),
        *("à quoi sert cette question ?", "quatre", "je passe celle-ci"),
        "retour, je veux changer ma réponse précédente",
        *("elle est partie plus tard que d'habitude, et m'a demandé pourquoi personne n'aide",),
        *("deux", "on arrête là pour aujourd'hui", "on en était où ?", "question suivante"),
        *("qui peut voir ça ?", "3 sur 5", "êtes-vous un robot ?", "question suivante"),
        *("blurb zorg", "zorg blurb", "trois ou quatre ?", "4", "question suivante"),
        *("c'est quoi le servant leadership ?", "merci", "1", "question suivante"),
        *("pas plus mal", "les agents de nettoyage du soir"),
        *("je ne suis pas certain", "j'ai avancé une échéance sans prévenir personne"),
        "quand on se verra mardi, je laisserai Ana choisir le sujet",
    ],
}
SECOND = {
    "en": ["test", "Ana", *["5", "skip"] * 6, "better off", "skip", "nobody", "skip", "progress"],
    "fr": [
        "test",
        "Ana",
        *["5", "passer"] * 6,
        "mieux",
        "passer",
        "personne",
        "passer",
        "/progress",
    ],
}
LANGUAGES = pytest.mark.parametrize("language", ["en", "fr"])


def questions(said: list[dict], language: str) -> list[str]:
    """Return the ids of the test's questions asked, in order; buttons name them but the first."""
    person = TEST.steps[0]
    found = []
    for message in said:
        if message["buttons"]:
            found.append(message["buttons"][0][0]["payload"].split(".")[1])
        elif any(text[language] in message["text"] for text in (person.ask, person.again)):
            found.append(person.id)
    return [step for step in found if TEST.step(step)]


@LANGUAGES
def test_the_whole_test_with_interruptions(leo: Leo, language: str) -> None:
    """It ends in a picture; what sounds like a command inside a reflection is kept as words."""
    said = leo.chat(FIRST[language], name=f"whole-{language}", language=language)
    [picture] = [message["image"] for message in said if message["image"]]
    assert Path(picture).read_bytes().startswith(PNG)
    assert "Greenleaf" in said[-3]["text"]
    texts = [message["text"] for message in said]
    assert all(one != other for one, other in itertools.pairwise(texts))
    assert len(said) >= len(FIRST[language]) + 2

    again = leo.chat(SECOND[language], name=f"whole-{language}", language=language)
    everything = "\n".join(message["text"] for message in again)
    kept = [line for line in FIRST[language] if len(line.split()) > 9][:2]
    for line in kept:
        assert line.split(",")[0].rstrip(".") in everything.replace("’", "'"), line
    assert len([message for message in again if message["image"]]) == 2


@LANGUAGES
def test_every_question_can_be_interrupted(leo: Leo, language: str) -> None:
    """After why, help, who sees this, thanks and nonsense the same question comes again."""
    asides = {
        "en": ["why do you ask?", "who can see this?", "are you human?", "thank you", "/help"],
        "fr": ["pourquoi cette question ?", "qui voit ça ?", "tu es humain ?", "merci", "/help"],
    }[language]
    answers = {"person": "Ana", "grown": "3", "grown-seen": "/skip", "healthier": "4"}
    begin = {"en": ["yes", "test"], "fr": ["oui", "test"]}[language]
    lines = [*begin]
    for answer in answers.values():
        lines += [*asides, answer]
    said = leo.chat(lines, name=f"asides-{language}", language=language)
    asked = questions(said, language)
    for step in answers:
        assert asked.count(step) == len(asides) + 1, (step, asked)


@LANGUAGES
def test_left_and_taken_up_in_another_chat(leo: Leo, language: str) -> None:
    """The same name comes back to the same question; the buttons work by their titles."""
    begin = {"en": ["Yes, I agree", "test", "Ana"], "fr": ["Oui, d’accord", "test", "Ana"]}
    first = leo.chat(begin[language], name=f"back-{language}", language=language)
    later = leo.chat(["2"], name=f"back-{language}", language=language)
    rating = first[-1]["buttons"]
    assert [button["title"] for button in rating[0]] == ["1", "2", "3", "4", "5"]
    assert later[0]["buttons"] == rating
    assert questions(later, language)[-1] == "grown-seen"


@LANGUAGES
def test_anything_may_be_typed(leo: Leo, language: str) -> None:
    """Empty, endless, odd and hostile lines get an answer each, never the same twice in a row."""
    odd = [
        *(
            "{}",
            '{"x": null}',
            "/erase_everything",
            "<b>&amp;</b>",
            "مرحبا",
            "😀",
            "' or 1=1",
        ),
        *("x" * 5000, '/press{"a": 9}', "4.5", "10", "-1", "٣٫٥"),
    ]
    begin = {"en": ["yes", "test", "Ana"], "fr": ["oui", "test", "Ana"]}[language]
    said = leo.chat([*begin, "", *odd, "", "3"], name=f"odd-{language}", language=language)
    texts = [message["text"] for message in said]
    assert all(one != other for one, other in itertools.pairwise(texts))
    assert questions(said, language)[-1] == "grown-seen"
    assert len(said) == 2 + len(begin) + len(odd) + 1


@LANGUAGES
def test_nothing_without_a_yes(leo: Leo, language: str) -> None:
    """Before the yes no test begins; a no is respected; a yes may come later."""
    lines = {
        "en": ["let's do the test", "3", "no thanks", "hello", "yes", "test", "Ana"],
        "fr": ["on fait le test", "3", "non merci", "bonjour", "oui", "test", "Ana"],
    }[language]
    said = leo.chat(lines, name=f"consent-{language}", language=language)
    assert questions(said[:-2], language) == []
    assert questions(said, language) == ["person", "grown"]


@LANGUAGES
def test_data_taken_along_and_deleted(leo: Leo, language: str) -> None:
    """The export holds the words; after the deletion Leo meets a stranger."""
    lines = {
        "en": ["yes", "test", "Ana", "3", "she dared", "export my data", "delete my data", "yes"],
        "fr": ["oui", "test", "Ana", "3", "she dared", "exporte mes données", "efface tout", "oui"],
    }[language]
    name = f"data-{language}"
    said = leo.chat(lines[:-2], name=name, language=language)
    page, data = [Path(message["document"]) for message in said if "document" in message]
    assert "she dared" in page.read_text() and "she dared" in data.read_text()
    leo.chat(lines[-2:], name=name, language=language)
    assert not page.exists()
    again = leo.chat(["/progress"], name=name, language=language)
    assert [button["payload"] for row in again[-1]["buttons"] for button in row] == [
        "0.agree.yes",
        "0.agree.no",
        "0.agree.more",
    ]
