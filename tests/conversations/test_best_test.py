"""Greenleaf's test, held through a pipe into `leo chat --json`, in both languages."""

import itertools
from pathlib import Path

from tests.conversations.talk import LANGUAGES, asked
from tests.stack import Leo

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
    # The end of the test, and progress: the marks, and what was done.
    assert len([message for message in again if message["image"]]) == 3


@LANGUAGES
def test_left_and_taken_up_in_another_chat(leo: Leo, language: str) -> None:
    """The same name comes back to the same question; the buttons work by their titles."""
    begin = {"en": ["Yes, I agree", "test", "Ana"], "fr": ["Oui, d’accord", "test", "Ana"]}
    first = leo.chat(begin[language], name=f"again-{language}", language=language)
    later = leo.chat(["2"], name=f"again-{language}", language=language)
    rating = first[-1]["buttons"]
    assert [button["title"] for button in rating[0]] == ["1", "2", "3", "4", "5"]
    assert later[0]["buttons"] == rating
    assert asked(later[-1], language) == "grown-seen"
