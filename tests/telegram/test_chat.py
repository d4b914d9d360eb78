"""Leo in Telegram, end to end: what a person does, and what they and the database then see."""

import io
import json
import urllib.request
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from PIL import Image

from tests.stack import RasaServer, stopped
from tests.telegram.double import TelegramDouble
from tests.telegram.methods import METHODS
from tests.telegram.people import Seen
from tests.telegram.talk import (
    BEST_TEST,
    TEXTS,
    Stage,
    Talk,
    asks,
    asks_of,
    explains,
    label,
    says,
    titles,
)

LANGUAGES = ("en", "fr")
both = pytest.mark.parametrize("language", LANGUAGES)
SCALE = [["1", "2", "3", "4", "5"]]
# Refusals that harm nobody: buttons taken off a message that has none any more.
HARMLESS = ("editMessageReplyMarkup",)

WORDS = {
    "en": [
        "She asked to chair the Monday meeting herself, and did it calmly.",
        "He laughs again at lunch; in spring he ate alone at his desk every day.",
        "She turned down the cheap supplier and told me the reason before I asked.",
        "He told me in front of the others that my plan would not work on Fridays.",
        "She hired the apprentice without me and wrote to me about it afterwards.",
        "He spent his own lunch hour teaching the new colleague how to read a map.",
        "The night cleaners, who now learn of a change before it happens to them.",
    ],
    "fr": [
        "Elle a demandé à mener elle-même la réunion du lundi, et l’a fait avec calme.",
        "Il rit de nouveau à midi ; au printemps, il mangeait seul à son bureau.",
        "Elle a écarté le fournisseur le moins cher et m’a dit pourquoi avant moi.",
        "Il m’a dit devant les autres que mon plan ne tiendrait pas le vendredi.",
        "Elle a recruté l’apprentie sans moi et me l’a écrit ensuite, tout simplement.",
        "Il a passé sa pause à montrer à la nouvelle collègue comment lire un plan.",
        "Les agents de nuit, qui apprennent un changement avant de le subir.",
    ],
}


@pytest.fixture(autouse=True)
def presses_answered(stage: Stage) -> Iterator[None]:
    """Whatever happens in a test, no button is left spinning."""
    yield
    stage.telegram.wait_until(lambda: not stage.telegram.unanswered)


# --- arrival ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "language"), [("en", "en"), ("fr", "fr"), ("fr-CA", "fr"), ("de", "en"), (None, "en")]
)
def test_arrival_is_in_the_language_of_telegram(
    stage: Stage, code: str | None, language: str
) -> None:
    """Leo greets by name, says what it is, and asks for consent with three buttons."""
    talk = stage.meet(code, name="Ana")
    welcome, question = talk.say("/start")
    assert says(welcome, "welcome", language, name="Ana")
    assert asks_of("consent", question, "agree", language)
    offered = [title for row in titles(question) for title in row]
    assert offered == [label("consent", "agree", each, language) for each in ("yes", "no", "more")]


@both
def test_a_button_settles_the_consent(stage: Stage, language: str) -> None:
    """A yes by button is kept and stays visible, the buttons go, and a late no changes nothing."""
    talk = stage.meet(language)
    _, question = talk.say("/start")
    yes = label("consent", "agree", "yes", language)
    [answer] = talk.press(question, yes)
    assert says(answer, "consented", language)
    assert talk.now(question).text == f"{question.text}\n\n✓ {yes}"
    assert not talk.now(question).buttons
    [late] = talk.press(question, label("consent", "agree", "no", language))
    assert says(late, "late_press", language)
    assert stage.count(
        "select 1 from person where id = :person and consented_at and language = :language",
        person=talk.person_id,
        language=language,
    )


@pytest.mark.parametrize(("language", "yes"), [("en", "Yes, I agree"), ("fr", "oui, d’accord")])
def test_words_settle_the_consent(stage: Stage, language: str, yes: str) -> None:
    """A yes in words does as well, and takes the buttons away."""
    talk = stage.meet(language)
    _, question = talk.say("/start")
    [answer] = talk.say(yes)
    assert says(answer, "consented", language)
    assert not talk.now(question).buttons


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Tell me more"), ("fr", "Je veux en savoir plus")]
)
@pytest.mark.parametrize("by_button", [True, False])
def test_telling_more_asks_again(stage: Stage, language: str, words: str, by_button: bool) -> None:
    """Who wants to know more is told more and then asked again; nothing is decided by it."""
    talk = stage.meet(language)
    _, question = talk.say("/start")
    more = label("consent", "agree", "more", language)
    [answer] = talk.press(question, more) if by_button else talk.say(words)
    assert says(answer, "tell_more", language)
    assert asks_of("consent", answer, "agree", language)
    assert titles(answer) == titles(question)
    assert not stage.count("select 1 from consent where person_id = :id", id=talk.person_id)


REFUSALS = [("en", "no thanks", True), ("en", "no thanks", False), ("fr", "non merci", False)]


@pytest.mark.parametrize(("language", "no", "by_button"), REFUSALS)
def test_after_a_no_only_the_refusal_is_kept(
    stage: Stage, language: str, no: str, by_button: bool
) -> None:
    """What was said before a no leaves no trace: neither words nor name, language or messages."""
    talk = stage.meet(language, name="Zebulon")
    talk.say("My deputy Quentin grew a great deal this year, and I want to tell you about it.")
    talk.send_media("voice")
    talk.edit(talk.said, "…")
    talk.say("/test")
    talk.say("/why")
    [answer] = (
        talk.press(talk.last, label("consent", "agree", "no", language))
        if by_button
        else talk.say(no)
    )
    assert says(answer, "refused", language)
    assert not any(message.buttons for message in talk.user.messages)
    person = stage.rows(
        "select name, language, zone, consented_at, refused_at is not null, question_id"
        " from person where id = :id",
        id=talk.person_id,
    )
    assert person == [(None, None, None, None, 1, None)]
    decisions = stage.rows("select decision from consent where person_id = :id", id=talk.person_id)
    assert decisions == [("no",)]
    for table in ("run", "served", "plan", "outbox"):
        query = f"select 1 from {table} where person_id = :id"
        assert not stage.count(query, id=talk.person_id), table
    address = str(talk.user.id)
    assert not stage.count("select 1 from outbox where address = :address", address=address)
    assert not stage.count("select 1 from inbox where address = :address", address=address)
    assert not stage.count("select 1 from inbox where state = 'done' and payload is not null")
    assert "Quentin" not in stage.leo.log() and "Zebulon" not in stage.leo.log()


@both
def test_who_refused_can_come_back(stage: Stage, language: str) -> None:
    """After a no, /start asks again, and a yes then counts."""
    talk = stage.meet(language)
    talk.say("/start")
    talk.press(talk.last, label("consent", "agree", "no", language))
    _, question = talk.say("/start")
    [answer] = talk.press(question, label("consent", "agree", "yes", language))
    assert says(answer, "consented", language)


@both
def test_a_late_yes_after_a_no_is_no_consent(stage: Stage, language: str) -> None:
    """Of two quick presses on the question of consent the first one counts, the no."""
    talk = stage.meet(language)
    _, question = talk.say("/start")
    talk.press(question, label("consent", "agree", "no", language))
    *_, late = talk.press(question, label("consent", "agree", "yes", language))
    assert says(late, "late_press", language) or late.buttons
    query = "select 1 from person where id = :id and consented_at"
    assert not stage.count(query, id=talk.person_id)


def test_the_menu_of_commands_is_in_both_languages(stage: Stage) -> None:
    """Telegram's menu shows each command, described in English and in French."""
    for code, language in (("", "en"), ("en", "en"), ("fr", "fr")):
        menu = METHODS["getmycommands"](stage.telegram.state, {"language_code": code})
        shown = {each["command"]: each["description"] for each in menu}
        assert shown == TEXTS.commands(language)
    assert TEXTS.commands("en").keys() == TEXTS.commands("fr").keys()
    assert all(TEXTS.commands("en")[name] != text for name, text in TEXTS.commands("fr").items())


# --- buttons ----------------------------------------------------------------------------


@both
def test_a_rating_by_button(stage: Stage, language: str) -> None:
    """A rating is one row of five buttons; the choice stays visible and the buttons go."""
    talk = stage.begin(language, about="Ana")
    question = talk.last
    assert asks(question, "grown", language, "Ana") and titles(question) == SCALE
    [following] = talk.press(question, "4")
    assert asks(following, "grown-seen", language, "Ana", grown=4)
    assert talk.now(question).text == f"{question.text}\n\n✓ 4"
    assert not talk.now(question).buttons
    assert talk.answers()[1:] == [("grown", 4, None)]
    stage.telegram.wait_until(lambda: not stage.telegram.unanswered)


@both
def test_a_late_press_changes_nothing(stage: Stage, language: str) -> None:
    """A second press, and one on an older question, is told so kindly; the open question stays."""
    talk = stage.begin(language, about="Ana")
    question = talk.last
    [following] = talk.press(question, "4")
    kept = talk.answers()
    sentences = []
    for _ in range(2):
        [late] = talk.press(question, "2")
        assert says(late, "late_press", language)
        sentences.append(late.text)
    assert sentences[0] != sentences[1]
    assert talk.answers() == kept
    assert "✓ 4" in talk.now(question).text
    assert talk.now(following).buttons == following.buttons
    [after] = talk.press(following, TEXTS.word(language, "skip"))
    assert asks(after, "healthier", language, "Ana")


@both
def test_two_quick_presses_count_once(stage: Stage, language: str) -> None:
    """Of two presses on the same row, both before any answer, the first one counts."""
    talk = stage.begin(language, about="Ana")
    question = talk.last
    talk.user.press(question, "5")
    said = talk.press(question, "1")
    assert asks(said[0], "grown-seen", language, "Ana", grown=5)
    assert [says(message, "late_press", language) for message in said[1:]] == [True]
    assert talk.answers()[1:] == [("grown", 5, None)]


@both
def test_a_typed_answer_takes_the_buttons_away(stage: Stage, language: str) -> None:
    """A rating in words counts like a button, and the buttons it leaves unused go."""
    talk = stage.begin(language, about="Ana")
    question = talk.last
    talk.say({"en": "about a three", "fr": "plutôt 3"}[language])
    assert talk.answers()[1:] == [("grown", 3, None)]
    assert talk.now(question).text == question.text and not talk.now(question).buttons


@both
def test_only_the_open_question_has_buttons(stage: Stage, language: str) -> None:
    """However a question comes to be asked again, only its latest copy has buttons."""
    talk = stage.begin(language, about="Ana")
    for aside in ("/help", "/why", "/privacy", "/start", "/test", "/back"):
        talk.say(aside)
        assert [bool(m.buttons) for m in talk.user.messages[:-1]].count(True) == 0, aside


# --- edits ------------------------------------------------------------------------------


EDITS = [
    ("en", "maybe a 2", "it is 5 after all"),
    ("fr", "plutôt 2", "finalement je dirais 5"),
]


@pytest.mark.parametrize(("language", "first", "second"), EDITS)
def test_an_edit_amends_a_rating(stage: Stage, language: str, first: str, second: str) -> None:
    """An edited message changes the answer it gave, and the open question stays as it is."""
    talk = stage.begin(language, about="Ana")
    [question] = talk.say(first)
    [answer] = talk.edit(talk.said, second)
    assert says(answer, "amended", language)
    assert talk.answers()[1:] == [("grown", 5, None)]
    assert talk.now(question).buttons == question.buttons


@both
def test_an_edit_amends_words_and_nickname(stage: Stage, language: str) -> None:
    """The words of an answer and the nickname change with their messages."""
    talk = stage.begin(language)
    talk.say("Ann")
    named = talk.said
    talk.press(talk.last, "4")
    talk.say(WORDS[language][0])
    [answer] = talk.edit(talk.said, WORDS[language][1])
    assert says(answer, "amended", language)
    talk.edit(named, "Anouk")
    [again] = talk.say("/why")
    assert asks(again, "healthier", language, "Anouk")
    data = exported(talk)
    assert data["runs"][0]["about"] == "Anouk"
    assert WORDS[language][1] in said_in(data) and WORDS[language][0] not in said_in(data)


@both
def test_an_amended_nickname_leaves_nothing_of_the_old_one(stage: Stage, language: str) -> None:
    """A nickname put right takes the place of the wrong one: that is neither kept nor offered."""
    talk = stage.begin(language, about="Ann")
    talk.edit(talk.said, "Anouk")
    [served] = exported(talk)["people_served"]
    assert served["nickname"] == "Anouk"


@both
def test_an_edit_that_is_no_answer_changes_nothing(stage: Stage, language: str) -> None:
    """An edit that cannot be read as a rating, or of a message that was no answer, is told so."""
    talk = stage.begin(language, about="Ana")
    talk.say("/help")
    aside = talk.said
    talk.say("4")
    kept = talk.answers()
    [unreadable], [elsewhere] = talk.edit(talk.said, "banana"), talk.edit(aside, "4")
    assert says(unreadable, "amended_not", language) and says(elsewhere, "amended_not", language)
    assert unreadable.text != elsewhere.text
    assert talk.answers() == kept


# --- what is not text -------------------------------------------------------------------


@both
def test_media_get_a_kind_sentence_and_the_question_again(stage: Stage, language: str) -> None:
    """Leo says that it reads text only, never twice in the same words, and asks again."""
    talk = stage.begin(language, about="Ana")
    kinds = ["voice", "photo", "sticker", "location", "document", "video_note", "contact", "poll"]
    sentences = []
    for kind in [*kinds, "video", "audio", "animation", "venue", "dice"]:
        [answer] = talk.send_media(kind)
        assert says(answer, "media", language), kind
        assert asks(answer, "grown", language, "Ana") and titles(answer) == SCALE, kind
        sentences.append(answer.text)
    assert all(one != other for one, other in pairwise(sentences))
    assert len(talk.answers()) == 1


@both
def test_a_photo_with_a_caption_is_not_an_answer(stage: Stage, language: str) -> None:
    """A caption is not mistaken for an answer, and an album gets an answer to each picture."""
    talk = stage.begin(language, about="Ana")
    said = [talk.send_media("photo", caption="4", media_group_id="7") for _ in range(2)]
    assert all(says(message, "media", language) for [message] in said)
    assert talk.answers() == [("person", None, None)]


# --- commands inside the exercise -------------------------------------------------------


@both
def test_asides_by_command_lead_back_to_the_question(stage: Stage, language: str) -> None:
    """/why, /help, /privacy and /start are answered; then the same question comes again."""
    talk = stage.begin(language, about="Ana")
    [why] = talk.say("/why")
    assert explains(why, "grown", language, "Ana")
    [helped] = talk.say("/help")
    assert says(helped, "ask_help", language)
    [private] = talk.say("/privacy")
    assert says(private, "ask_privacy", language)
    [greeted] = talk.say("/start")
    assert says(greeted, "greet_open", language, name="Kim")
    for answer in (why, helped, private, greeted):
        assert asks(answer, "grown", language, "Ana") and titles(answer) == SCALE
    assert talk.answers() == [("person", None, None)]


@both
def test_skip_and_back(stage: Stage, language: str) -> None:
    """/skip passes a question over; /back returns to it, and a new answer replaces the skip."""
    talk = stage.begin(language, about="Ana")
    [skipped] = talk.say("/skip")
    assert says(skipped, "skipped", language)
    assert asks(skipped, "grown-seen", language, "Ana")
    [back] = talk.say("/back")
    assert says(back, "going_back", language)
    assert asks(back, "grown", language, "Ana")
    talk.press(back, "2")
    assert talk.answers()[1:] == [("grown", 2, None)]


@both
@pytest.mark.parametrize(("command", "key"), [("/stop", "stopped"), ("/later", "later_when")])
def test_stop_and_later_keep_what_was_said(
    stage: Stage, language: str, command: str, key: str
) -> None:
    """/stop and /later put the exercise away; /resume goes on at the same question."""
    talk = stage.begin(language, about="Ana")
    question = talk.last
    [rested] = talk.say(command)
    assert says(rested, key, language)
    assert bool(rested.buttons) == (key == "later_when")
    assert not talk.now(question).buttons
    [resumed] = talk.say("/resume")
    assert says(resumed, "resumed", language, about="Ana")
    assert asks(resumed, "grown", language, "Ana")
    assert talk.answers() == [("person", None, None)]


@both
def test_test_offers_to_go_on_or_start_afresh(stage: Stage, language: str) -> None:
    """/test with an exercise open asks which; both ways work."""
    talk = stage.begin(language, about="Ana")
    [which] = talk.say("/test")
    [resumed] = talk.press(which, label("unfinished", "which", "go-on", language))
    assert asks(resumed, "grown", language, "Ana")
    [which] = talk.say("/test")
    [anew] = talk.press(which, label("unfinished", "which", "new", language))
    assert asks(anew, "person", language)


@pytest.mark.parametrize(
    ("old", "new", "title"), [("en", "fr", "Français"), ("fr", "en", "English")]
)
def test_the_language_changes_in_the_middle(stage: Stage, old: str, new: str, title: str) -> None:
    """/language asks which; the open question then comes again in the other language."""
    talk = stage.begin(old, about="Ana")
    [which] = talk.say("/language")
    assert asks_of("language", which, "which", old)
    [changed] = talk.press(which, title)
    assert says(changed, "language_changed", new)
    assert asks(changed, "grown", new, "Ana")


@both
def test_an_unknown_command_is_not_an_answer(stage: Stage, language: str) -> None:
    """Leo says that it did not understand and asks again, also where it expects free words."""
    talk = stage.befriend(language)
    [idle] = talk.say("/frobnicate")
    assert says(idle, "not_understood_idle", language)
    talk.say("/test")
    [named] = talk.say("/adjust@leo_double_bot")
    assert asks(named, "person", language)
    talk.say("Ana")
    talk.press(talk.last, "4")
    kept = talk.answers()
    [first], [second] = talk.say("/frobnicate"), talk.say("/frobnicate")
    for answer in (first, second):
        assert says(answer, "not_understood_idle", language)
        assert asks(answer, "grown-seen", language, "Ana", grown=4)
    assert first.text != second.text
    assert talk.answers() == kept


# --- the whole test ---------------------------------------------------------------------


@both
def test_the_whole_test_twice(stage: Stage, language: str) -> None:
    """From /test to the closing with its picture; the second time beside the first one.

    The person is offered by a button, the picture shows both times, and the earlier words come
    back as they were written.
    """
    talk = stage.befriend(language, name="Maya")
    talk.say("/test")
    first = first_time(talk, language)
    talk.say("/test")
    second = second_time(talk, language)
    assert first != second
    finished = "select 1 from run where person_id = :id and state = 'finished'"
    assert stage.count(f"{finished} and practice = 'best-test'", id=talk.person_id) == 2
    [progress, done, picture] = talk.say("/progress")
    assert "Ana" in progress.text
    assert done.photo and done.photo != second
    assert picture.photo == second


def first_time(talk: Talk, language: str) -> bytes:
    """Walk the whole test, by buttons and in words, and return the picture."""
    english = language == "en"
    words = WORDS[language]
    skip = TEXTS.word(language, "skip")
    assert asks(talk.last, "person", language) and not talk.last.buttons
    talk.say("Ana")
    walk: list[tuple[str, dict[str, Any], str]] = [
        ("grown", {}, "4"),
        ("grown-seen", {"grown": 4}, words[0]),
        ("healthier", {}, "about a three" if english else "plutôt 3"),
        ("healthier-seen", {"healthier": 3}, skip),
        ("wiser", {}, "5"),
        ("wiser-seen", {"wiser": 5}, words[2]),
        ("freer", {}, "2/5" if english else "2 sur 5"),
        ("freer-seen", {"freer": 2}, words[3]),
        ("autonomous", {}, "3"),
        ("autonomous-seen", {"autonomous": 3}, words[4]),
        ("serving", {}, "I would say four" if english else "je dirais quatre"),
        ("serving-seen", {"serving": 4}, words[5]),
        ("least", {}, label("best-test", "least", "no-worse", language)),
        ("least-who", {"least": "no-worse"}, words[6]),
        ("hurt", {}, label("best-test", "hurt", "somebody", language)),
        ("hurt-what", {"hurt": "somebody"}, "/skip"),
    ]
    for step, said, answer in walk:
        assert asks(talk.last, step, language, "Ana", **said), step
        give(talk, answer)
    assert asks(talk.last, "plan", language, "Ana")
    closing, picture, after = talk.say(
        "When we meet on Tuesday, I will let Ana choose."
        if english
        else "Quand nous nous verrons mardi, je laisserai Ana choisir."
    )
    check_closing(closing, language, "Ana")
    assert says(after, "closing_first", language, about="Ana")
    assert not any(m.buttons for m in talk.user.messages)
    return picture_in(picture)


def second_time(talk: Talk, language: str) -> bytes:
    """Walk the test again about the same person, chosen by a button; return the picture."""
    question = talk.last
    assert asks(question, "person", language) and titles(question) == [["Ana"]]
    talk.press(question, "Ana")
    assert talk.now(question).text.endswith("✓ Ana")
    skip = TEXTS.word(language, "skip")
    for rating in ("5", "4", "4", "4", "4", "5"):
        give(talk, rating)
        give(talk, skip)
    give(talk, label("best-test", "least", "better", language))
    give(talk, skip)
    give(talk, "nobody" if language == "en" else "personne")
    assert asks(talk.last, "plan", language, "Ana")
    talk.say(
        "I will walk to the station with Ana and listen to her."
        if language == "en"
        else "J’irai à la gare à pied avec Ana, et je l’écouterai."
    )
    question = talk.last
    assert asks(question, "plan-date", language)
    closing, picture, after = talk.press(question, TEXTS.word(language, "tomorrow"))
    check_closing(closing, language, "Ana")
    for words in (WORDS[language][0], WORDS[language][2], WORDS[language][3]):
        assert words in after.text
    return picture_in(picture)


def give(talk: Talk, answer: str) -> None:
    """Answer by a button where there is one of that title, else in words."""
    offered = [title for row in titles(talk.last) for title in row]
    [_] = talk.press(talk.last, answer) if answer in offered else talk.say(answer)


def check_closing(closing: Seen, language: str, about: str) -> None:
    """The closing says whose test it is, with its source."""
    assert BEST_TEST.closing is not None
    text = TEXTS.fill(BEST_TEST.closing.text[language], about=about, said={})
    assert text in closing.html
    assert "Greenleaf" in closing.text and "The Servant as Leader" in closing.text


def picture_in(message: Seen) -> bytes:
    """The picture of a message: a PNG with something on it, and a caption."""
    assert message.photo is not None and "Ana" in message.caption
    with Image.open(io.BytesIO(message.photo)) as image:
        assert image.format == "PNG"
        colours = image.convert("RGB").getcolors(maxcolors=1 << 24)
    assert colours is not None and len(colours) > 10
    return message.photo


# --- their data is theirs ---------------------------------------------------------------


def exported(talk: Talk) -> dict[str, Any]:
    """Ask for an export and return its data."""
    said = talk.say("/export")
    [data] = [m.document for m in said if m.document and m.document.name.endswith(".json")]
    content: dict[str, Any] = json.loads(data.content)
    return content


def said_in(data: dict[str, Any]) -> list[str]:
    """All words that an export holds, in their order."""
    return [a["words"] for run in data["runs"] for a in run["answers"] if a["words"]]


@both
def test_export_brings_a_page_and_data(stage: Stage, language: str) -> None:
    """Two documents come: HTML to read and JSON that parses; both hold the words. Then we go on."""
    talk = stage.begin(language, name="Maya", about="Ana & Co")
    talk.press(talk.last, "4")
    talk.say(WORDS[language][0])
    caption, page, data, question = talk.say("/export")
    assert says(caption, "export_caption", language)
    assert page.document is not None and page.document.name.endswith(".html")
    html = page.document.content.decode()
    assert f'<html lang="{language}">' in html and "charset=" in html
    assert "Ana &amp; Co" in html and WORDS[language][0] in html and "Maya" in html
    assert data.document is not None
    content = json.loads(data.document.content)
    assert said_in(content) == ["Ana & Co", WORDS[language][0]]
    assert content["person"]["name"] == "Maya" and content["person"]["language"] == language
    assert content["runs"][0]["answers"][1]["number"] == 4
    assert asks(question, "healthier", language, "Ana & Co") and titles(question) == SCALE


@both
def test_words_are_sealed_in_the_database_and_absent_from_logs(stage: Stage, language: str) -> None:
    """Neither the database file nor the logs hold a word, a nickname or a name in the clear."""
    talk = stage.begin(language, name="Melchior", about="Balthazar")
    talk.press(talk.last, "4")
    talk.say(WORDS[language][0])
    files = b"".join(path.read_bytes() for path in (stage.leo.folder / "var").glob("leo.db*"))
    for word in ("Melchior", "Balthazar", WORDS[language][0]):
        assert word.encode() not in files
        assert word not in stage.leo.log()


@both
def test_delete_asks_once_then_removes_everything(
    stage: Stage, rasa: RasaServer, language: str
) -> None:
    """A no keeps all; a yes removes every row, and the Rasa server holds no words either."""
    talk = stage.begin(language, about="Balthazar")
    talk.press(talk.last, "4")
    talk.say(WORDS[language][0])
    kept = talk.answers()
    [sure] = talk.say("/delete")
    assert asks_of("erase", sure, "sure", language)
    [spared] = talk.press(sure, label("erase", "sure", "no", language))
    assert says(spared, "erase_kept", language) and asks(spared, "healthier", language, "Balthazar")
    assert talk.answers() == kept
    number = talk.person_id
    [sure] = talk.say("/delete")
    [gone] = talk.press(sure, label("erase", "sure", "yes", language))
    assert says(gone, "erased", language) and not gone.buttons
    assert not talk.now(sure).buttons
    assert left_of(stage, number, str(talk.user.id)) == 0
    held = tracker(rasa, talk)
    assert "Balthazar" not in held and WORDS[language][0] not in held
    welcome, _ = talk.say("/start")
    assert says(welcome, "welcome", language, name="Kim")


@both
def test_delete_before_consent_asks_nothing(stage: Stage, language: str) -> None:
    """Where nothing was agreed to, nothing is asked: every trace goes, and old buttons are dead."""
    talk = stage.meet(language)
    _, question = talk.say("/start")
    number = talk.person_id
    [gone] = talk.say("/delete")
    assert says(gone, "erased", language)
    assert left_of(stage, number, str(talk.user.id)) == 0
    _, again = talk.press(question, label("consent", "agree", "yes", language))
    assert asks_of("consent", again, "agree", language)


@pytest.mark.parametrize(("language", "yes"), [("en", "delete everything"), ("fr", "tout effacer")])
def test_delete_takes_words_for_an_answer(stage: Stage, language: str, yes: str) -> None:
    """Deleting can be confirmed in words; a mere guess at a yes is not enough."""
    talk = stage.begin(language, about="Ana")
    number = talk.person_id
    talk.say("/delete")
    [unsure] = talk.say({"en": "hmm, I suppose so, whatever", "fr": "bof, faites donc"}[language])
    assert asks_of("erase", unsure, "sure", language)
    [gone] = talk.say(yes)
    assert says(gone, "erased", language)
    assert left_of(stage, number, str(talk.user.id)) == 0


@both
def test_a_confirmed_deletion_takes_the_buttons_away(stage: Stage, language: str) -> None:
    """After a deletion confirmed in words, no message has buttons any more."""
    talk = stage.begin(language, about="Ana")
    talk.say("/delete")
    talk.say({"en": "yes", "fr": "oui"}[language])
    assert not any(message.buttons for message in talk.user.messages)


def left_of(stage: Stage, number: int, address: str) -> int:
    """How many rows of a person there are, in all tables."""
    owned = [
        name
        for (name,) in stage.rows("select name from sqlite_master where type = 'table'")
        if stage.count("select 1 from pragma_table_info(:t) where name = 'person_id'", t=name)
    ]
    assert {"run", "served", "plan", "consent"} <= set(owned)
    queries = [f"select 1 from {table} where person_id = {number}" for table in owned]
    queries += [
        f"select 1 from person where id = {number}",
        f"select 1 from inbox where address = '{address}'",
        f"select 1 from outbox where address = '{address}'",
        "select 1 from answer where run_id not in (select id from run)",
    ]
    return sum(stage.count(query) for query in queries)


def tracker(rasa: RasaServer, talk: Talk) -> str:
    """What the Rasa server holds of a conversation, as its own HTTP API tells it."""
    url = (
        f"http://127.0.0.1:{rasa.ports.dialogue}/conversations/telegram:{talk.user.id}/tracker"
        f"?token={rasa.ports.token}"
    )
    with urllib.request.urlopen(url, timeout=10) as response:
        text: str = response.read().decode()
    assert json.loads(text)["sender_id"] == f"telegram:{talk.user.id}"
    return text


# --- being blocked, being in a group ----------------------------------------------------


def test_who_blocks_leo_gets_nothing_more(stage: Stage) -> None:
    """What still waits for somebody who blocks Leo is dropped; once unblocked, all is as before."""
    talk = stage.begin("en", about="Ana")
    stage.telegram.fail("sendMessage", status=429, retry_after=1, chat=talk.user.id)
    refused = stage.telegram.too_many_requests
    talk.user.send("4")
    stage.telegram.wait_until(lambda: stage.telegram.too_many_requests > refused)
    talk.user.blocks_bot()
    stage.rest(talk.user.id)
    sent = sends_to(stage.telegram, talk)
    talk.user.unblocks_bot()
    stage.rest(talk.user.id)
    assert sends_to(stage.telegram, talk) == sent
    [answer] = talk.say("/why")
    assert asks(answer, "grown-seen", "en", "Ana", grown=4)


def test_a_refusal_by_telegram_ends_sending(stage: Stage) -> None:
    """Where Telegram says that a person has blocked Leo, the rest is not even tried."""
    talk = stage.meet("en")
    stage.telegram.fail("sendMessage", status=403, chat=talk.user.id)
    assert talk.say("/start") == []
    assert sends_to(stage.telegram, talk) == 1
    welcome, question = talk.say("/start")
    assert says(welcome, "welcome", "en", name="Kim") and question.buttons


def sends_to(telegram: TelegramDouble, talk: Talk) -> int:
    """How often Leo has tried to send a message to a person."""
    return sum(c.params.get("chat_id") == talk.user.id for c in telegram.calls_of("sendMessage"))


@both
@pytest.mark.parametrize("group_id", [-4001, -1004001])
def test_in_a_group_leo_says_that_it_works_in_private_and_leaves(
    stage: Stage, language: str, group_id: int
) -> None:
    """One sentence, in the language of whoever added it; then it is gone, each time."""
    user = stage.meet(language).user
    group = user.in_group(group_id - LANGUAGES.index(language))
    for times in (1, 2):
        group.adds_bot()
        stage.rest(group.chat_id)
        assert len(group.messages) == times
        assert says(group.messages[-1], "group_leave", language)
        address = str(group.chat_id)
        assert not stage.count("select 1 from person where address = :address", address=address)
        left = [c for c in stage.telegram.calls_of("leaveChat") if c.status == 200]
        assert [c.params["chat_id"] for c in left].count(group.chat_id) == times


# --- quick, many, twice -----------------------------------------------------------------


def test_typing_is_shown_where_an_answer_takes_longer(stage: Stage, rasa: RasaServer) -> None:
    """An answer that takes longer than a moment is announced by "typing", and none comes after."""
    talk = stage.begin("en")

    def calls() -> list[str]:
        return [
            call.method
            for call in stage.telegram.calls[before:]
            if call.params.get("chat_id") == talk.user.id and not call.method.startswith("edit")
        ]

    before = len(stage.telegram.calls)
    with stopped(rasa):
        talk.user.send("Ana")
        stage.telegram.wait_until(calls)
    stage.rest(talk.user.id)
    assert calls() == ["sendChatAction", "sendMessage"]


@both
def test_what_a_person_writes_is_escaped(stage: Stage, language: str) -> None:
    """Markup, ampersands, Markdown and emoji come back exactly as they were written."""
    name = "<b>Ana</b> & *Zoé* 🦁"
    words = "Il a dit « <i>non</i> » & _rien_ [x](http://y) `z` {{ about }} 👩🏽‍🚀 \\ $1 %s &lt;"
    plan = "<a href='x'>when</a> & *then* 🎯"
    talk = stage.begin(language, about=name)
    assert name in talk.last.text
    talk.press(talk.last, "4")
    talk.say(words)
    skip(talk, "healthier", "plan")
    talk.say(plan)
    closing = talk.say("/skip")
    assert name in closing[0].text and name in closing[1].caption and name in closing[2].text
    talk.say("/test")
    assert titles(talk.last) == [[name]]
    talk.press(talk.last, name)
    assert name in talk.last.text and f"✓ {name}" in talk.user.messages[-2].text
    skip(talk, "grown", "plan")
    give(talk, plan)
    [closing_again] = talk.say("/skip")
    assert words in closing_again.text
    assert plan in talk.say("/progress")[0].text
    data = exported(talk)
    assert said_in(data)[:3] == [name, words, plan]


def skip(talk: Talk, first: str, target: str) -> None:
    """Pass over the questions from the one that is open to another one, all at once."""
    ids = [step.id for step in BEST_TEST.steps]
    for _ in range(ids.index(target) - ids.index(first)):
        talk.user.send("/skip")
    talk.stage.rest(talk.user.id)


@both
def test_the_longest_message_is_kept_whole(stage: Stage, language: str) -> None:
    """An answer as long as a Telegram message can be is kept to its last letter."""
    talk = stage.begin(language, about="Ana")
    talk.press(talk.last, "4")
    sentence = {"en": "She took the lead and I let her. ", "fr": "Elle a mené, je l’ai suivie. "}
    words = (sentence[language] * 200)[:4095] + "."
    assert len(words) == 4096
    [following] = talk.say(words)
    assert asks(following, "healthier", language, "Ana")
    assert said_in(exported(talk)) == ["Ana", words]


def test_a_skipped_plan_needs_no_day(stage: Stage) -> None:
    """Who passes over the plan is not asked for its day: the closing comes."""
    talk = stage.begin("en", about="Ana")
    skip(talk, "grown", "plan")
    assert asks(talk.last, "plan", "en", "Ana")
    closing = talk.say("/skip")
    check_closing(closing[0], "en", "Ana")


@both
def test_a_forwarded_text_is_an_answer(stage: Stage, language: str) -> None:
    """A text forwarded from somebody else counts like one's own."""
    talk = stage.begin(language, about="Ana")
    talk.press(talk.last, "4")
    origin = {"type": "hidden_user", "sender_user_name": "Sam", "date": 1}
    [following] = talk.say(WORDS[language][0], forward_origin=origin)
    assert asks(following, "healthier", language, "Ana")
    assert said_in(exported(talk)) == ["Ana", WORDS[language][0]]


@both
def test_a_burst_is_answered_in_order(stage: Stage, language: str) -> None:
    """Five messages sent at once get five answers, each to its own question."""
    talk = stage.begin(language)
    before = len(talk.user.messages)
    for text in ("Ana", "4", WORDS[language][0], "3", WORDS[language][1]):
        talk.user.send(text)
    stage.rest(talk.user.id)
    said = talk.user.messages[before:]
    steps = ["grown", "grown-seen", "healthier", "healthier-seen", "wiser"]
    rated = {"grown": 4, "healthier": 3}
    assert len(said) == 5
    for message, step in zip(said, steps, strict=True):
        assert asks(message, step, language, "Ana", **rated), step
    assert [answer[:2] for answer in talk.answers()] == [
        ("person", None),
        ("grown", 4),
        ("grown-seen", None),
        ("healthier", 3),
        ("healthier-seen", None),
    ]


def test_two_people_do_not_mix(stage: Stage) -> None:
    """Two people who write at the same time each hold their own conversation."""
    one, other = stage.begin("en", name="Maya"), stage.begin("fr", name="Noé")
    before = {talk.user.id: len(talk.user.messages) for talk in (one, other)}
    lines = zip(("Ana", "4", WORDS["en"][0], "2"), ("Bruno", "1", WORDS["fr"][0], "5"), strict=True)
    for mine, theirs in lines:
        one.user.send(mine)
        other.user.send(theirs)
    for talk in (one, other):
        stage.rest(talk.user.id)
    for talk, language, about, rated in (
        (one, "en", "Ana", (4, 2)),
        (other, "fr", "Bruno", (1, 5)),
    ):
        said = talk.user.messages[before[talk.user.id] :]
        steps = ["grown", "grown-seen", "healthier", "healthier-seen"]
        given = {"grown": rated[0], "healthier": rated[1]}
        for message, step in zip(said, steps, strict=True):
            assert asks(message, step, language, about, **given), (about, step)
        assert said_in(exported(talk)) == [about, WORDS[language][0]]


@both
def test_an_update_delivered_again_changes_nothing(stage: Stage, language: str) -> None:
    """A text, a press, a command and an edit that come twice are worked on once."""
    talk = stage.begin(language)
    updates = [talk.last_update]
    talk.say("Ana")
    updates.append(talk.last_update)
    talk.press(talk.last, "4")
    updates.append(talk.last_update)
    talk.say(WORDS[language][0])
    updates.append(talk.last_update)
    talk.edit(talk.said, WORDS[language][1])
    updates.append(talk.last_update)
    talk.say("/skip")
    updates.append(talk.last_update)
    kept, question = talk.answers(), talk.last
    turns = "select turns from person where id = :id"
    taken = stage.rows(turns, id=talk.person_id)
    for update in updates:
        assert talk.redeliver(update) == []
    assert talk.answers() == kept
    assert talk.now(question).buttons == question.buttons
    assert stage.rows(turns, id=talk.person_id) == taken


def test_a_deletion_delivered_again_changes_nothing(stage: Stage) -> None:
    """The press that deleted everything, delivered once more, wakes nothing."""
    talk = stage.begin("en", about="Ana")
    [sure] = talk.say("/delete")
    talk.press(sure, label("erase", "sure", "yes", "en"))
    assert talk.redeliver(talk.last_update) == []


# --- limits -----------------------------------------------------------------------------


def test_telegram_refused_nothing_that_matters(stage: Stage) -> None:
    """Of all calls so far, Telegram refused none for its content: every message kept the limits."""
    stage.befriend("en")
    refused = [c for c in stage.telegram.calls if c.status == 400 and c.method not in HARMLESS]
    assert refused == []
    assert stage.telegram.calls_of("sendMessage")
    assert not stage.count("select 1 from inbox where state = 'failed'")
