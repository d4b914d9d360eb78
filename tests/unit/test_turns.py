"""The use cases over a real SQLite store, without Rasa: what is said, kept, changed and gone."""

import json
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from bot.coaching.run import Given
from bot.usecases.messages import Incoming, Outgoing, Told
from bot.usecases.records import Cohort, Member
from tests.unit.talk import (
    ADDRESS,
    BEST_TEST,
    LIBRARY,
    NAME,
    ROUTES,
    SHIPPED,
    TEXTS,
    TUESDAY,
    Chat,
    comes_to_a,
    is_said,
    payloads,
    titles,
)

# --- before consent ---------------------------------------------------------------------

BEFORE = [
    *("arrive", "greet", "answer", "start_test", "ask_why", "tell_more", "ask_privacy"),
    *("out_of_scope", "skip", "go_back", "stop", "later", "resume", "see_progress"),
    *("export_data", "send_media", "edit_message", "press", "nlu_fallback", "thank"),
]
SECRET = "My assistant Theodora is unwell"


def test_nothing_is_kept_before_consent(stranger: Chat) -> None:
    """Whatever is said before consent, only the consent text shown is known afterwards."""
    for intent in BEFORE:
        assert stranger.does(intent, SECRET), intent
    kept = stranger.tables()
    assert kept.keys() == {"person", "inbox", "outbox"}
    [person] = kept["person"]
    known = {key for key, value in person.items() if value is not None}
    shown = {"id", "channel", "address", "consent_version", "turns", "question_id"}
    assert known == shown | {"unanswered"} and person["unanswered"] == 0
    assert person["consent_version"] == f"1.5-{stranger.language}"
    assert {row["payload"] for row in kept["inbox"]} == {None}
    assert {row["address"] for row in kept["inbox"]} == {None}
    [question] = kept["outbox"]
    assert (question["id"], question["body"]) == (person["question_id"], None)
    for words in (SECRET, "Theodora", NAME):
        assert words not in str(kept)
        assert words.encode() not in b"".join(
            file.read_bytes() for file in stranger.file.parent.glob("leo.db*")
        )


def test_nothing_begins_before_consent(stranger: Chat) -> None:
    """The first word brings the introduction; then what needs consent brings the question again."""
    first = stranger.does("start_test")
    assert is_said(first, stranger.language, "welcome", name=NAME)
    consent = LIBRARY["consent"].steps[0]
    assert first[-1].html == TEXTS.fill(consent.ask[stranger.language])
    assert titles(first) == [choice.label[stranger.language] for choice in consent.choices]
    again = stranger.does("start_test")
    assert is_said(again, stranger.language, "consent_needed")
    assert consent.again[stranger.language] in again[-1].html
    assert stranger.states() == []


def test_a_refusal_is_all_that_is_kept(stranger: Chat) -> None:
    """After a no there is the no, and neither a word nor a message."""
    stranger.does("arrive")
    told = stranger.presses("0.agree.no")
    assert is_said(told, stranger.language, "refused")
    kept = stranger.tables()
    assert kept.keys() == {"person", "consent", "inbox"}
    [decision] = kept["consent"]
    version = f"1.5-{stranger.language}"
    assert (decision["decision"], decision["version"]) == ("no", version)
    [person] = kept["person"]
    assert person["refused_at"] and not person["consented_at"]
    assert (person["name"], person["language"], person["zone"]) == (None, None, None)


@pytest.mark.parametrize("way", ["typed", "pressed", "an affirmation"])
def test_a_yes_is_kept_with_the_text_agreed_to(stranger: Chat, way: str) -> None:
    """With consent come the name, the language and the zone; the decision names the text."""
    stranger.does("arrive")
    told = {
        "typed": lambda: stranger.says({"en": "I agree", "fr": "D’accord"}[stranger.language]),
        "pressed": lambda: stranger.presses("0.agree.yes"),
        "an affirmation": lambda: stranger.does("affirm", "mhm"),
    }[way]()
    assert is_said(told, stranger.language, "consented")
    [person] = stranger.rows("person")
    assert (person["name"], person["language"]) == (NAME, stranger.language)
    assert person["zone"] == "Europe/Paris"
    [decision] = stranger.rows("consent")
    version = f"1.5-{stranger.language}"
    assert (decision["decision"], decision["version"]) == ("yes", version)


def test_a_no_can_become_a_yes(stranger: Chat) -> None:
    """Who said no is introduced anew on coming back; both decisions are kept in their order."""
    stranger.does("arrive")
    stranger.says({"en": "no", "fr": "non"}[stranger.language])
    assert is_said(stranger.does("start_test"), stranger.language, "welcome", name=NAME)
    stranger.presses("0.agree.yes")
    assert [row["decision"] for row in stranger.rows("consent")] == ["no", "yes"]
    [person] = stranger.rows("person")
    assert person["consented_at"] and not person["refused_at"]


def test_questions_are_answered_before_consent(stranger: Chat) -> None:
    """Who sees this, why, more: all may be asked first, and the question comes again each time."""
    stranger.does("arrive")
    again = LIBRARY["consent"].steps[0].again[stranger.language]
    asked = TEXTS.fill(LIBRARY["consent"].steps[0].ask[stranger.language])
    for intent in ("ask_privacy", "tell_more", "ask_why", "ask_human", "ask_help"):
        told = stranger.does(intent)
        assert any(text in told[-1].html for text in (again, asked)), intent
        assert payloads(told) == ["0.agree.yes", "0.agree.no", "0.agree.more"]
    told = stranger.presses("0.agree.more")
    assert is_said(told, stranger.language, "tell_more")
    assert stranger.rows("consent") == []


@pytest.mark.parametrize(("intent", "language"), [("speak_french", "fr"), ("speak_english", "en")])
def test_the_language_can_change_before_consent(stranger: Chat, intent: str, language: str) -> None:
    """The consent is asked, and recorded, in the language that was asked for."""
    stranger.does("arrive")
    told = stranger.does(intent)
    same = stranger.language == language
    assert is_said(told, language, "language_same" if same else "language_changed")
    stranger.presses("0.agree.yes")
    [person], [decision] = stranger.rows("person"), stranger.rows("consent")
    assert (person["language"], decision["version"]) == (language, f"1.5-{language}")


def test_to_be_forgotten_before_consent(stranger: Chat) -> None:
    """Who asks to be deleted before consent is gone without a question."""
    stranger.does("arrive")
    told = stranger.does("delete_data")
    assert is_said(told, stranger.language, "erased")
    assert stranger.tables().keys() == {"inbox"}


# --- the states of runs -----------------------------------------------------------------

TEST, WHICH, ERASE, LANGUAGE = "best-test", "unfinished", "erase", "language"
STATES: dict[str, tuple[list[str], list[tuple[str, str]]]] = {
    "begun": (["start_test"], [(TEST, "open")]),
    "stopped": (["start_test", "stop"], [(TEST, "rested")]),
    "put off": (["start_test", "later"], [(TEST, "rested")]),
    "taken up": (["start_test", "stop", "resume"], [(TEST, "open")]),
    "gone on with while open": (["start_test", "resume"], [(TEST, "open")]),
    "stopped twice": (["start_test", "stop", "stop"], [(TEST, "rested")]),
    "stopped and taken up again and again": (
        ["start_test", "stop", "resume", "later", "resume"],
        [(TEST, "open")],
    ),
    "started again with nothing said": (["start_test", "start_test"], [(TEST, "open")]),
    "rested, started again with nothing said": (
        ["start_test", "stop", "start_test"],
        [(TEST, "open")],
    ),
    "asked which": (
        ["start_test", "Ana", "start_test"],
        [(TEST, "open"), (WHICH, "open")],
    ),
    "rested, asked which": (
        ["start_test", "Ana", "stop", "start_test"],
        [(TEST, "open"), (WHICH, "open")],
    ),
    "gone on": (
        ["start_test", "Ana", "stop", "start_test", "go on"],
        [(TEST, "open"), (WHICH, "finished")],
    ),
    "gone on while open": (
        ["start_test", "Ana", "start_test", "go on"],
        [(TEST, "open"), (WHICH, "finished")],
    ),
    "rested, then afresh": (
        ["start_test", "Ana", "stop", "start_test", "start afresh"],
        [(TEST, "dropped"), (WHICH, "finished"), (TEST, "open")],
    ),
    "open, then afresh": (
        ["start_test", "Ana", "start_test", "start afresh"],
        [(TEST, "dropped"), (WHICH, "finished"), (TEST, "open")],
    ),
    "which, then stopped": (
        ["start_test", "Ana", "start_test", "stop"],
        [(TEST, "rested"), (WHICH, "dropped")],
    ),
    "which, then gone on by word": (
        ["start_test", "Ana", "start_test", "resume"],
        [(TEST, "open"), (WHICH, "dropped")],
    ),
    "which, asked again": (
        ["start_test", "Ana", "start_test", "start_test"],
        [(TEST, "open"), (WHICH, "open")],
    ),
    "not erased": (
        ["start_test", "delete_data", "no"],
        [(TEST, "open"), (ERASE, "finished")],
    ),
    "erasing dropped by stop": (["delete_data", "stop"], [(ERASE, "dropped")]),
    "erasing dropped by going back": (
        ["start_test", "Ana", "delete_data", "go_back"],
        [(TEST, "open"), (ERASE, "dropped")],
    ),
    "erasing dropped by a start": (
        ["delete_data", "start_test"],
        [(ERASE, "dropped"), (TEST, "open")],
    ),
    "language chosen": (
        ["start_test", "choose_language", "French"],
        [(TEST, "open"), (LANGUAGE, "finished")],
    ),
    "language dropped": (
        ["choose_language", "delete_data"],
        [(LANGUAGE, "dropped"), (ERASE, "open")],
    ),
    "nothing to stop": (["stop", "later", "resume", "go_back", "skip"], []),
}


@pytest.mark.parametrize("case", STATES)
def test_the_states_of_runs(chat: Chat, case: str) -> None:
    """Each deed leaves the runs in the states of the table; an exercise is never lost."""
    deeds, states = STATES[case]
    for deed in deeds:
        chat.does(deed) if deed in ROUTES else chat.says(deed)
    assert chat.states() == states


@pytest.mark.parametrize("deed", ["stop", "later", "resume", "go_back", "skip", "ask_why"])
def test_what_is_finished_stays_finished(chat: Chat, deed: str) -> None:
    """After the end of a test no word opens it again or changes it."""
    chat.finishes()
    before = chat.rows("run"), chat.rows("answer")
    told = chat.does(deed)
    assert (chat.rows("run"), chat.rows("answer")) == before
    assert chat.states() == [(TEST, "finished")]
    assert told and payloads(told) == []


def test_a_run_is_taken_up_at_its_question(both: Chat) -> None:
    """After a stop, going on asks the same question, about the same person."""
    both.begins().comes_to("healthier")
    for pause, key in (("stop", "stopped"), ("later", "later_when")):
        assert is_said(both.does(pause), both.language, key)
        told = both.does("resume")
        assert is_said(told, both.language, "resumed", about="Ana")
        assert both.step() == "healthier"
        assert "Ana" in told[-1].html and "healthier.3" in "".join(payloads(told))


# --- walking a practice -----------------------------------------------------------------


def test_the_whole_test(both: Chat) -> None:
    """Every answer is kept as given, and at the end come the closing words and the picture."""
    both.reads(SHIPPED)
    end = both.finishes(rating="4")
    given = both.answers()
    assert [step.id for step in BEST_TEST.steps if step.id not in given] == [
        "hurt-what",
        "plan-date",
    ]
    assert given["person"] == Given(words="Ana")
    assert given["grown"] == Given(number=4)
    assert given["serving-seen"] == Given(words="Ana in serving-seen")
    assert given["least"] == Given(choice="better")
    friday = date(2026, 11, 27)
    plan = "When we meet on Friday, I will let them choose"
    assert given["plan"] == Given(words=plan, day=friday)
    [kept] = both.rows("plan")
    assert (kept["words"], kept["due"]) == (plan, "2026-11-27")
    day = TEXTS.day(both.language, friday)
    assert is_said(end, both.language, "plan_noted", date=day)
    assert is_said(end, both.language, "closing_first", about="Ana")
    [picture] = [message.picture for message in end if message.picture]
    assert [row["now"] for row in picture["marks"]["rows"]] == [4] * 6
    assert [row["before"] for row in picture["marks"]["rows"]] == [None] * 6
    assert payloads(end) == []


def test_the_second_time_brings_back_the_first(both: Chat) -> None:
    """About the same person, the ratings of last time and the words said then come back."""
    both.finishes(rating="2")
    both.now += timedelta(days=30)
    end = both.finishes(about="ana", rating="5")
    [picture] = [message.picture for message in end if message.picture]
    assert [row["now"] for row in picture["marks"]["rows"]] == [5] * 2
    assert [row["before"] for row in picture["marks"]["rows"]] == [2] * 2
    assert "Ana in grown-seen" in end[-1].html
    assert TEXTS.day(both.language, TUESDAY.date()) in end[-1].html
    assert len(both.rows("served")) == 1
    assert not is_said(end, both.language, "closing_first", about="Ana")


def test_somebody_named_before_is_a_button(chat: Chat) -> None:
    """Whom one has named stands on a button the next time, the last one named first."""
    chat.begins("Ana").does("stop")
    chat.does("start_test")
    chat.says("start afresh")
    chat.says("Paul & Co <b>")
    chat.does("start_test")
    asked = chat.says("start afresh")
    assert titles(asked) == ["Paul & Co <b>", "Ana"]
    told = chat.presses(payloads(asked)[1])
    assert chat.answers()["person"] == Given(words="Ana")
    assert "Ana" in told[-1].html and len(chat.rows("served")) == 2


def test_what_a_person_wrote_is_never_markup(chat: Chat) -> None:
    """A nickname with signs of HTML is shown as it was written."""
    told = chat.begins("<b>A&B</b>").does("ask_why")
    assert "&lt;b&gt;A&amp;B&lt;/b&gt;" in told[-1].html
    assert "<b>A&B" not in told[-1].html


def test_going_back_to_change(both: Chat) -> None:
    """A step back asks the question before again; the new answer takes the place of the old."""
    both.begins()
    both.says("2")
    assert both.step() == "grown-seen"
    told = both.does("go_back")
    assert is_said(told, both.language, "going_back")
    assert both.step() == "grown" and both.answers()["grown"] == Given(number=2)
    both.says("5")
    assert both.answers()["grown"] == Given(number=5)
    assert both.step() == "grown-seen"
    assert len([row for row in both.rows("answer") if row["step"] == "grown"]) == 1


def test_going_back_several_steps(chat: Chat) -> None:
    """After a change some steps back, Leo goes on at the first question without an answer."""
    chat.begins()
    chat.says("2")
    chat.says("She asked twice")
    chat.says("3")
    for step in ("healthier", "grown-seen", "grown"):
        chat.does("go_back")
        assert chat.step() == step
    chat.says("4")
    assert chat.step() == "healthier-seen"
    given = chat.answers()
    assert (given["grown"], given["healthier"]) == (Given(number=4), Given(number=3))
    assert given["grown-seen"] == Given(words="She asked twice")


def test_nothing_lies_before_the_first_question(both: Chat) -> None:
    """At the first question a step back says so and asks it again."""
    both.does("start_test")
    told = both.does("go_back")
    assert is_said(told, both.language, "nothing_before")
    assert both.step() == "person"


def test_an_answer_stands_until_another_is_given(chat: Chat) -> None:
    """Who goes back and then skips keeps the earlier answer."""
    chat.begins()
    chat.says("2")
    chat.does("go_back")
    chat.does("skip")
    assert chat.answers()["grown"] == Given(number=2)
    assert chat.step() == "grown-seen"


def test_skipping(both: Chat) -> None:
    """A question passed over is kept as such, and the next one comes."""
    both.begins()
    told = both.does("skip")
    assert is_said(told, both.language, "skipped")
    assert both.answers()["grown"] == Given()
    assert both.step() == "grown-seen"


def test_everything_can_be_skipped(both: Chat) -> None:
    """A test with every question skipped comes to its end, without a picture."""
    both.does("start_test")
    told: list[Outgoing] = []
    while both.states() == [(TEST, "open")]:
        told = both.does("skip")
    assert both.states() == [(TEST, "finished")]
    assert all(given.skipped for given in both.answers().values())
    assert [message.picture for message in told if message.picture] == []
    assert both.rows("plan") == both.rows("served") == []


@pytest.mark.parametrize("dialogue", ["delete_data", "choose_language"])
def test_a_dialogue_cannot_be_skipped(both: Chat, dialogue: str) -> None:
    """A confirmation is answered or left, never passed over."""
    both.does(dialogue)
    told = both.does("skip")
    assert is_said(told, both.language, "not_understood_choice")
    assert both.states()[-1][1] == "open" and payloads(told)


def test_a_plan_with_a_day_skips_the_date(chat: Chat) -> None:
    """A plan that names its day is not asked for one."""
    chat.begins().comes_to("plan")
    chat.says("Tomorrow I will listen")
    assert chat.states() == [(TEST, "finished")]
    assert "plan-date" not in chat.answers()
    assert [row["due"] for row in chat.rows("plan")] == ["2026-11-25"]


@pytest.mark.parametrize(
    ("day", "due"),
    [("on Monday", "2026-11-30"), ("a button", "2026-12-01"), ("skip", None)],
)
def test_a_plan_without_a_day_is_asked_for_one(both: Chat, day: str, due: str | None) -> None:
    """A plan that leaves its day open brings the question, with the usual days on buttons."""
    both.begins().comes_to("plan")
    asked = both.says("When we meet, I will listen")
    assert both.step() == "plan-date"
    assert titles(asked) == [
        TEXTS.word(both.language, key)
        for key in ("tomorrow", "friday", "monday", "in_a_week", "skip")
    ]
    if day == "a button":
        both.presses(payloads(asked)[3])
    else:
        both.does("skip") if day == "skip" else both.says(day)
    assert both.states() == [(TEST, "finished")]
    [plan] = both.rows("plan")
    assert (plan["words"], plan["due"]) == ("When we meet, I will listen", due)


def test_another_branch_drops_what_was_left_over(both: Chat) -> None:
    """Who takes back that somebody was hurt leaves nothing of it in the finished test."""
    both.begins().comes_to("hurt")
    both.presses(both.button("hurt", "somebody"))
    both.says("I let Omar down")
    assert both.step() == "plan"
    both.does("go_back")
    both.does("go_back")
    assert both.step() == "hurt"
    both.presses(both.button("hurt", "nobody"))
    assert both.step() == "plan"
    assert "hurt-what" in both.answers(), "until the end one may change one's mind again"
    both.does("skip")
    both.does("skip")
    assert both.states() == [(TEST, "finished")]
    assert both.answers()["hurt"] == Given(choice="nobody")
    assert "hurt-what" not in both.answers()
    assert "Omar" not in str(both.tables())


# --- not the same words twice -----------------------------------------------------------


@pytest.mark.parametrize("step", ["person", "grown", "grown-seen", "least", "plan", "plan-date"])
def test_why_twice_gives_two_reasons(both: Chat, step: str) -> None:
    """Asked why again, Leo gives the other reason, then asks the question again."""
    comes_to_a(both, step)
    found = BEST_TEST.step(step)
    assert found is not None
    about = TEXTS.word(both.language, "someone")
    reasons = {TEXTS.fill(reason, about=about, said={}) for reason in found.why[both.language]}
    given = [both.does("ask_why")[-1].html.split("\n\n")[0] for _ in range(2)]
    assert set(given) == reasons
    assert both.step() == step


def test_why_before_consent_gives_two_reasons(stranger: Chat) -> None:
    """The consent has its reasons, too."""
    stranger.does("arrive")
    reasons = set(LIBRARY["consent"].steps[0].why[stranger.language])
    assert {stranger.does("ask_why")[0].html.split("\n\n")[0] for _ in range(2)} == reasons


REPEATED = [
    *("nlu_fallback", "ask_help", "ask_why", "ask_privacy", "tell_more", "ask_human", "greet"),
    *("ask_servant_leadership", "out_of_scope", "send_media", "thank", "goodbye", "affirm"),
    *("press", "edit_message", "see_progress", "speak_english", "speak_french"),
]


def is_never_the_same(chat: Chat, intents: list[str]) -> None:
    for intent in intents:
        said = [[message.html for message in chat.does(intent)] for _ in range(3)]
        assert all(messages and all(messages) for messages in said), intent
        assert all(one != other for one, other in pairwise(said)), intent


def test_the_same_message_never_comes_twice_to_a_stranger(stranger: Chat) -> None:
    """Before consent, however often the same is asked, the next message reads differently."""
    stranger.does("arrive")
    is_never_the_same(stranger, REPEATED)


def test_the_same_message_never_comes_twice_when_nothing_is_open(both: Chat) -> None:
    """With no question open, however often the same is asked, it is answered differently."""
    is_never_the_same(both, [*REPEATED, "stop", "resume", "skip", "go_back", "deny"])


@pytest.mark.parametrize("step", ["person", "grown", "grown-seen", "least", "plan-date"])
def test_the_same_message_never_comes_twice_at_a_question(both: Chat, step: str) -> None:
    """At a question, what is asked or not understood again is answered differently."""
    comes_to_a(both, step)
    is_never_the_same(both, REPEATED if step == "grown" else REPEATED[:3])
    assert both.step() == step


@pytest.mark.parametrize("text", ["hmm", "2 or 3"])
@pytest.mark.parametrize("step", ["grown", "least", "plan-date"])
def test_a_misread_answer_is_not_met_with_the_same_words(both: Chat, step: str, text: str) -> None:
    """An answer that cannot be read is asked for again in other words, and nothing is kept."""
    comes_to_a(both, step)
    said = [both.says(text)[-1].html for _ in range(4)]
    assert all(one != other for one, other in pairwise(said))
    assert both.step() == step and step not in both.answers()


# --- late and repeated ------------------------------------------------------------------


def words_and_ways(chat: Chat) -> list[list[dict[str, Any]]]:
    """Return all that was said and where the exercises stand."""
    kept = [chat.rows(table) for table in ("answer", "plan", "served", "consent")]
    runs = [{**row, "asks": None} for row in chat.rows("run")]
    return [*kept, runs]


@pytest.mark.parametrize(
    "payload",
    [
        "{run}.grown.2",
        "{run}.person.p1",
        "{run}.grown-seen.2",
        "{run}.plan-date.d2026-12-01",
        "999.grown-seen.skip",
        "{run}.grown-seen.",
        "0.agree.no",
        "grown",
        "",
        "...",
        "{run}.nowhere.skip",
    ],
)
def test_a_late_press_changes_nothing(chat: Chat, payload: str) -> None:
    """A button of a question that is no longer open says so and leaves all as it was."""
    chat.begins()
    chat.says("4")
    before = words_and_ways(chat)
    settled = len(chat.settled)
    told = chat.presses(payload.format(run=chat.button("", "").partition(".")[0]), ref=1)
    assert is_said(told, "en", "late_press")
    assert words_and_ways(chat) == before
    assert [out.settle.message_ref for out in chat.settled[settled:] if out.settle] == [1]


@pytest.mark.parametrize(
    "choice",
    [
        *("x", "p1", "6", ""),
        *("dnever", "d", "d2026-13-01", "d2026-02-30"),
    ],
)
def test_a_button_that_leo_never_made_changes_nothing(chat: Chat, choice: str) -> None:
    """A payload that belongs to no button of the open question is like a late press."""
    chat.begins().comes_to("plan")
    chat.says("When we meet, I will listen")
    before = words_and_ways(chat)
    told = chat.presses(chat.button("plan-date", choice), ref=1)
    assert is_said(told, "en", "late_press")
    assert words_and_ways(chat) == before


def test_a_second_press_changes_nothing(both: Chat) -> None:
    """Of two presses on one question, the first counts."""
    both.begins()
    both.presses(both.button("grown", "4"), ref=7)
    before = words_and_ways(both)
    assert is_said(both.presses(both.button("grown", "1"), ref=7), both.language, "late_press")
    assert words_and_ways(both) == before


def test_a_button_of_an_erased_run_stays_dead(chat: Chat) -> None:
    """After an erasure, an old button is not taken for one of the new test."""
    old = chat.begins().button("grown", "1")
    chat.does("delete_data")
    chat.says("yes")
    chat.consents().begins("Paul")
    assert chat.button("grown", "1") != old
    chat.presses(old, ref=1)
    assert "grown" not in chat.answers()


@pytest.mark.parametrize("again", ["taken again", "received and taken again", "other words"])
def test_a_repeated_update_does_nothing_twice(both: Chat, again: str) -> None:
    """An update that comes a second time is neither answered nor kept a second time."""
    both.begins()
    both.says("4")
    incoming = both.incoming(Told.TEXT, "She chairs the meeting now", 5)
    both.receive(incoming)
    assert both.take("answer")
    assert len(both.deliver()) == 1
    before = both.tables()
    if again != "taken again":
        text = "Other words" if again == "other words" else incoming.text
        both.receive(Incoming(**{**incoming.to_json(), "text": text, "told": Told.TEXT}))
    assert both.take("answer"), "it counts as worked on"
    assert both.deliver() == []
    assert both.tables() == before


def test_an_unknown_update_is_not_worked_on(chat: Chat) -> None:
    """What is not in the inbox leads to nothing, and Leo does not claim otherwise."""
    before = chat.tables()
    assert not chat.take("start_test", update_id=999)
    assert chat.tables() == before


# --- edited -----------------------------------------------------------------------------


def edited(chat: Chat, step: str, new: str) -> list[Outgoing]:
    """Edit the message that answered a step."""
    ref = next(row["message_ref"] for row in chat.rows("answer") if row["step"] == step)
    return chat.edits(ref, new)


@pytest.mark.parametrize("finished", [False, True], ids=["under way", "finished"])
@pytest.mark.parametrize(
    ("step", "new", "given"),
    [
        ("grown", "2", Given(number=2)),
        ("grown-seen", "She says no now", Given(words="She says no now")),
        ("person", "Bea", Given(words="Bea")),
    ],
)
def test_an_edit_amends_the_answer(
    chat: Chat, finished: bool, step: str, new: str, given: Given
) -> None:
    """An edited message changes the answer it had given, also after the end."""
    if finished:
        chat.finishes()
    else:
        chat.begins()
        chat.says("4")
        chat.says("She asks")
    told = edited(chat, step, new)
    assert is_said(told, "en", "amended")
    assert chat.answers()[step] == given
    if step == "person":
        assert chat.rows("run")[0]["about_id"] == chat.rows("served")[-1]["id"]


def test_an_edit_does_not_move_the_open_question(chat: Chat) -> None:
    """After an edit the question that was open is still the open one."""
    chat.begins()
    chat.says("4")
    edited(chat, "grown", "2")
    assert chat.step() == "grown-seen"
    chat.says("She asks")
    assert chat.answers()["grown-seen"] == Given(words="She asks")


def test_an_edited_choice_leads_the_other_way(chat: Chat) -> None:
    """Where the edited answer decides the way, the question that is now open is asked."""
    chat.begins().comes_to("hurt")
    chat.says("yes")
    assert chat.step() == "hurt-what"
    told = edited(chat, "hurt", "nobody")
    assert is_said(told, "en", "amended")
    assert chat.step() == "plan" and "plan.skip" in payloads(told)[0]


def test_an_edit_that_is_no_answer_changes_nothing(both: Chat) -> None:
    """An edit that cannot be read, or of a message that answered nothing, is told so."""
    both.begins()
    both.says("4")
    before = words_and_ways(both)
    assert is_said(edited(both, "grown", "very well"), both.language, "amended_not")
    assert is_said(both.edits(999_999, "5"), both.language, "amended_not")
    assert is_said(both.edits(None, "5"), both.language, "amended_not")
    assert words_and_ways(both) == before


def test_an_edited_plan_changes_its_day(chat: Chat) -> None:
    """A plan edited to another day is due on that day."""
    chat.finishes()
    edited(chat, "plan", "When we meet on Thursday, I will listen")
    [plan] = chat.rows("plan")
    assert (plan["words"], plan["due"]) == ("When we meet on Thursday, I will listen", "2026-11-26")


def test_an_edited_plan_keeps_the_day_given_apart(chat: Chat) -> None:
    """The day that was answered to its own question stays when only the plan's words change."""
    chat.begins().comes_to("plan")
    chat.says("When we meet, I will listen")
    chat.says("on Friday")
    edited(chat, "plan", "When we meet, I will listen longer")
    [plan] = chat.rows("plan")
    assert (plan["words"], plan["due"]) == ("When we meet, I will listen longer", "2026-11-27")


def test_an_edited_choice_after_the_end_drops_what_was_left_over(chat: Chat) -> None:
    """Who takes back after the end that somebody was hurt leaves nothing of it either."""
    chat.begins().comes_to("hurt")
    chat.says("yes")
    chat.says("I let Omar down")
    chat.does("skip")
    chat.does("skip")
    edited(chat, "hurt", "nobody")
    assert chat.answers()["hurt"] == Given(choice="nobody")
    assert "hurt-what" not in chat.answers()


# --- taken along, and gone --------------------------------------------------------------


def documents(messages: list[Outgoing]) -> dict[str, str]:
    return {m.document.name: m.document.content for m in messages if m.document}


def test_the_export_holds_everything_said(both: Chat) -> None:
    """The copy, to read and to process, holds every word, rating, choice, plan and date."""
    both.finishes()
    both.begins("Omar <the quiet one>")
    both.says("2")
    both.says("He waits & waits")
    both.does("stop")
    told = both.does("export_data")
    files = documents(told)
    assert files.keys() == {"leo.html", "leo.json"}
    everything = json.loads(files["leo.json"])
    exported = [answer for run in everything["runs"] for answer in run["answers"]]
    kept = both.rows("answer")
    fields = ("step", "number", "choice", "words", "day")
    assert [[a[f] for f in fields] for a in exported] == [[k[f] for f in fields] for k in kept]
    assert [run["about"] for run in everything["runs"] if run["practice"] == TEST] == [
        "Ana",
        "Omar <the quiet one>",
    ]
    assert everything["person"]["name"] == NAME
    assert everything["person"]["address"] == ADDRESS
    assert [plan["words"] for plan in everything["plans"]] == [both.rows("plan")[0]["words"]]
    assert [c["decision"] for c in everything["consents"]] == ["yes"]
    assert {s["nickname"] for s in everything["people_served"]} == {"Ana", "Omar <the quiet one>"}
    page = files["leo.html"]
    for row in kept:
        if row["words"]:
            assert (
                row["words"].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in page
            )
    assert NAME in page and f'lang="{both.language}"' in page
    assert "He waits &amp; waits" in page and "He waits & waits" not in page


def test_the_export_holds_what_hr_noted(both: Chat) -> None:
    """The cohorts one is in, or was in, are in both files as HR entered them."""
    [person] = both.rows("person")
    now = both.now
    with both.deps.open() as uow:
        for name, left_at in (("Lyon & Nice", None), ("Metz", now)):
            cohort = Cohort(name, "first-eight-weeks", now.date(), "UTC", "fr", now)
            uow.add(cohort)
            uow.flush()
            assert cohort.id is not None
            entry = Member(cohort.id, "Zoé Roux", now, email="zoe@example.org")
            entry.person_id, entry.joined_at, entry.left_at = person["id"], now, left_at
            uow.add(entry)
    files = documents(both.does("export_data"))
    page, machine = files["leo.html"], files["leo.json"]
    assert "Lyon &amp; Nice" in page and "Zoé Roux" in page and "zoe@example.org" in page
    first, second = json.loads(machine)["cohorts"]
    assert (first["cohort"], first["name"], first["email"]) == (
        *("Lyon & Nice", "Zoé Roux", "zoe@example.org"),
    )
    assert first["enrolled_at"] == first["joined_at"] == now.isoformat()
    assert (first["left_at"], second["left_at"]) == (None, now.isoformat())


def test_the_export_of_somebody_who_said_nothing(both: Chat) -> None:
    """A copy can be had at any time, also an empty one."""
    files = documents(both.does("export_data"))
    everything = json.loads(files["leo.json"])
    assert everything["runs"] == everything["plans"] == everything["people_served"] == []
    assert NAME in files["leo.html"]


@pytest.mark.parametrize("unsure", ["affirm", "nlu_fallback", "thank", "deny"])
def test_erasing_takes_an_exact_yes(both: Chat, unsure: str) -> None:
    """A vague yes or no to erasing decides nothing: the question comes again."""
    both.begins()
    both.does("delete_data")
    told = both.does(unsure, "fine")
    assert both.states()[-1] == (ERASE, "open")
    assert both.rows("person") and len(payloads(told)) == 2


def test_erasing_can_be_declined(both: Chat) -> None:
    """After a no, all is as it was, and the open question comes again."""
    both.begins()
    before = both.answers(), both.rows("served"), both.rows("person")[0]["consented_at"]
    both.does("delete_data")
    told = both.says({"en": "No, keep it", "fr": "Non, tout garder"}[both.language])
    assert is_said(told, both.language, "erase_kept")
    assert (both.answers(), both.rows("served"), both.rows("person")[0]["consented_at"]) == before
    assert both.step() == "grown" and "grown.1" in payloads(told)[0]


def bytes_of(chat: Chat) -> bytes:
    """Return every byte of the database's files as they lie on the disk now."""
    return b"".join(file.read_bytes() for file in chat.file.parent.glob("leo.db*"))


def traces(chat: Chat) -> list[bytes]:
    """Return what must be gone: the address, and every sealed word as it is written."""
    with closing(sqlite3.connect(chat.file)) as connection:
        sealed = [
            row[0]
            for table, column in (
                *(("person", "name"), ("served", "nickname")),
                *(("answer", "words"), ("plan", "words")),
            )
            for row in connection.execute(f"select {column} from {table} where {column} not null")
        ]
    assert len(sealed) >= 6
    return [ADDRESS.encode(), *sealed]


def erase(chat: Chat) -> list[Outgoing]:
    chat.does("delete_data")
    return chat.says({"en": "Yes, delete everything", "fr": "Oui, tout effacer"}[chat.language])


def test_erasing_removes_every_row(both: Chat) -> None:
    """After the yes no row of the person is left; of an update only its number stays."""
    both.finishes()
    both.begins("Omar")
    told = erase(both)
    assert is_said(told, both.language, "erased")
    left = both.tables()
    assert left.keys() == {"inbox"}
    for row in left["inbox"]:
        assert (row["address"], row["payload"]) == (None, None)


def test_erasing_removes_every_byte(chat: Chat) -> None:
    """Once the last connection is closed, neither the address nor a sealed word is in a file."""
    chat.finishes()
    gone = traces(chat)
    assert all(trace in bytes_of(chat) for trace in gone)
    erase(chat)
    chat.engine.dispose()
    assert [trace for trace in gone if trace in bytes_of(chat)] == []


def test_what_is_erased_waits_in_the_log_alone(chat: Chat) -> None:
    """While Leo runs, only SQLite's log still has it; emptying the log leaves not a byte."""
    chat.finishes()
    gone = traces(chat)
    erase(chat)
    with closing(sqlite3.connect(chat.file)) as connection:
        [busy, *_] = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert not busy
    assert [trace for trace in gone if trace in bytes_of(chat)] == []


def test_one_may_begin_anew_after_erasing(both: Chat) -> None:
    """Who comes back after an erasure is a stranger: introduced, asked, and known by nothing."""
    both.finishes()
    erase(both)
    told = both.does("start_test")
    assert is_said(told, both.language, "welcome", name=NAME)
    both.presses("0.agree.yes")
    assert payloads(both.does("start_test")) == []
    assert both.rows("served") == []


def takes_the_practice_away(chat: Chat) -> None:
    with closing(sqlite3.connect(chat.file)) as connection, connection:
        connection.execute("update run set practice = 'gone' where practice = 'best-test'")


@pytest.mark.parametrize(
    "deed", ["see_progress", "export_data", "start_test", "answer", "resume", "stop", "go_back"]
)
def test_an_open_practice_that_is_no_longer_there(chat: Chat, deed: str) -> None:
    """An exercise whose file was taken away midway leaves Leo able to answer."""
    chat.begins()
    takes_the_practice_away(chat)
    assert chat.does(deed, "hello")


def test_the_export_of_a_practice_that_is_no_longer_there(chat: Chat) -> None:
    """What was said in an exercise whose file is gone is still handed over."""
    chat.finishes()
    takes_the_practice_away(chat)
    assert "Ana in grown-seen" in documents(chat.does("export_data"))["leo.json"]


def test_progress_without_a_practice_that_is_no_longer_there(chat: Chat) -> None:
    """A finished exercise whose file is gone leaves Leo able to show progress."""
    chat.finishes()
    takes_the_practice_away(chat)
    assert chat.does("see_progress")
