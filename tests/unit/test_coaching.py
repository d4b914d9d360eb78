"""Practices, reflections, the check-in, plans and history over a real SQLite store."""

import json
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from bot.charts import draw
from bot.coaching.practice import (
    Box,
    Closing,
    Form,
    Kind,
    Layout,
    Picture,
    PictureKind,
    Practice,
    Step,
)
from bot.coaching.programme import Programme, Week
from bot.coaching.rhythm import Rhythm
from bot.usecases.messages import Outgoing, deed
from tests.unit.talk import LIBRARY, SHIPPED, TEXTS, Chat, is_said, payloads, titles

NEVER = Rhythm(frozenset(), time(9))
TITLE = {"en": "Weeks", "fr": "Semaines"}
PROGRAMME = Programme(
    "weeks",
    TITLE,
    TITLE,
    NEVER,
    NEVER,
    NEVER,
    (
        Week(TITLE, TITLE, "p4", ("listening",)),
        Week(TITLE, TITLE, "p5", ("empathy",)),
    ),
    TITLE,
)
REFLECTIONS = {id_ for id_, practice in LIBRARY.items() if practice.form is Form.REFLECTION}
RICH = "Nadia took the meeting over and I only listened to her all the way"


# --- reflections ------------------------------------------------------------------------


def test_a_reflection(both: Chat) -> None:
    """A question of the day is asked, can be passed on or changed, and its answer is kept."""
    asked = both.does("reflect_now")
    [(prompt, state)] = both.states()
    assert prompt in REFLECTIONS and state == "open"
    assert LIBRARY[prompt].steps[0].ask[both.language] in asked[-1].html
    assert titles(asked) == [TEXTS.word(both.language, key) for key in ("skip", "another")]
    told = both.says(RICH)
    assert is_said(told, both.language, "reflection_kept", days=1)
    assert both.states() == [(prompt, "finished")]
    assert [row["words"] for row in both.rows("answer")] == [RICH]


def test_another_reflection(both: Chat) -> None:
    """Another one gives another; the first is put back and does not come again so soon."""
    seen: set[str] = set()
    told = both.does("reflect_now")
    for _ in range(5):
        told = both.presses(payloads(told)[-1])
        [open_now] = [practice for practice, state in both.states() if state == "open"]
        assert open_now not in seen
        seen.add(open_now)
    assert both.rows("answer") == []


def test_the_open_reflection_is_asked_again(chat: Chat) -> None:
    """Who asks for the question of the day twice gets the same one, in other words."""
    first = chat.does("reflect_now")
    again = chat.does("reflect_now")
    assert len(chat.states()) == 1 and first[-1].html != again[-1].html


def test_a_reflection_passed_over(both: Chat) -> None:
    """Skipping a reflection ends it, and nothing of it counts as a day of reflection."""
    both.does("reflect_now")
    assert is_said(both.does("skip"), both.language, "reflection_passed")
    assert [state for _, state in both.states()] == ["dropped"]
    both.does("reflect_now")
    assert is_said(both.says(RICH), both.language, "reflection_kept", days=1)


def test_the_rhythm_counts_days_of_this_month(chat: Chat) -> None:
    """Days of this month count, each once, however long the pause between them."""
    for days, counted in ((0, 1), (0, 1), (5, 2), (3, 1)):
        chat.now += timedelta(days=days)
        chat.does("reflect_now")
        assert is_said(chat.says(RICH), "en", "reflection_kept", days=counted)


def test_when_all_were_shown_leo_says_so(both: Chat) -> None:
    """Rather than repeat itself within sixty days, Leo says that none is left."""
    few = [LIBRARY[id_] for id_ in sorted(REFLECTIONS)[:4]]
    rest = {id_: one for id_, one in LIBRARY.items() if id_ not in REFLECTIONS}
    both.reads(rest | {one.id: one for one in few})
    for _ in few:
        assert not is_said(both.does("another_one"), both.language, "reflections_all_shown")
    assert is_said(both.does("another_one"), both.language, "reflections_all_shown")


def test_an_exercise_rests_while_one_reflects(both: Chat) -> None:
    """An exercise gives way to a reflection and can be taken up again."""
    both.begins()
    told = both.does("reflect_now")
    title = LIBRARY["best-test"].title[both.language]
    assert is_said(told, both.language, "set_aside", title=title)
    both.says(RICH)
    assert is_said(both.does("resume"), both.language, "resumed", about="Ana")
    assert both.step() == "grown"


def test_going_on_leaves_an_open_reflection_for_the_exercise(both: Chat) -> None:
    """Who says "let's go on" while a question of the day is open means the exercise that rests."""
    both.begins()
    both.does("reflect_now")
    assert is_said(both.does("resume"), both.language, "resumed", about="Ana")
    assert both.step() == "grown" and both.states()[1][1] == "dropped"


# --- the check-in -----------------------------------------------------------------------

MARKS = ("grown", "healthier", "wiser", "freer", "autonomous", "serving")


def checks_in(chat: Chat, rating: int = 3) -> None:
    """Begin the check-in and rate the six marks."""
    told = chat.does("check_in")
    for mark in MARKS:
        assert f".{mark}." in payloads(told)[0]
        told = chat.presses(payloads(told)[rating - 1])


def test_the_first_check_in(both: Chat) -> None:
    """Six taps, a moment, a plan; last week's plan is passed over; then the weeks as a picture."""
    checks_in(both, 4)
    both.says(RICH)
    end = both.says("When we meet on Monday at 9, I will ask Nadia first")
    noted = TEXTS.day(both.language, date(2026, 11, 30)) + ", 09:00"
    assert is_said(end, both.language, "plan_noted", date=noted)
    assert both.states() == [("weekly", "finished")]
    [plan] = both.rows("plan")
    assert (plan["due"], plan["at"][:5]) == ("2026-11-30", "09:00")
    [picture] = [message.picture for message in end if message.picture]
    assert [row["ratings"] for row in picture["weeks"]["rows"]] == [[4]] * 6
    assert len(picture["weeks"]["weeks"]) == 1
    assert picture["alt"] and end[-1].html


@pytest.mark.parametrize(
    ("choice", "asked_why"), [("done", False), ("partly", True), ("not", True)]
)
def test_the_plan_of_last_week_is_looked_at(both: Chat, choice: str, asked_why: bool) -> None:
    """A plan whose day has come is asked about; where not all was done, what got in the way."""
    checks_in(both)
    both.says(RICH)
    both.says("When we meet on Monday, I will ask Nadia first")
    both.now += timedelta(days=7)
    checks_in(both)
    told = both.says(RICH)
    assert "I will ask Nadia first" in told[-1].html
    [run] = [row for row in both.rows("run") if row["state"] == "open"]
    both.presses(f"{run['id']}.review.{choice}")
    assert both.rows("plan")[0]["state"] == choice and both.rows("plan")[0]["settled_at"]
    [run] = [row for row in both.rows("run") if row["state"] == "open"]
    assert run["step"] == ("obstacle" if asked_why else "plan")
    if asked_why:
        both.says("The meeting was cancelled twice and then I was away")
    end = both.does("skip")
    weeks = next(m.picture for m in end if m.picture)["weeks"]
    assert [row["ratings"] for row in weeks["rows"]] == [[3, 3]] * 6


def test_a_plan_whose_day_is_still_to_come_is_not_asked_about(chat: Chat) -> None:
    """Nobody is asked what became of a step that is due next week."""
    checks_in(chat)
    chat.says(RICH)
    chat.says("When we meet on 12 December, I will ask Nadia first")
    chat.now += timedelta(days=7)
    checks_in(chat)
    chat.says(RICH)
    assert [row["step"] for row in chat.rows("run") if row["state"] == "open"] == ["plan"]


def test_a_week_without_a_check_in_stays_empty_in_the_picture(chat: Chat) -> None:
    """Weeks stand at equal distance, those without a check-in empty; of two, the last counts."""
    for days, rating in ((0, 2), (14, 3), (1, 5)):
        chat.now += timedelta(days=days)
        checks_in(chat, rating)
        chat.does("skip")
        end = chat.does("skip")
    weeks = next(m.picture for m in end if m.picture)["weeks"]
    assert weeks["weeks"] == ["23 Nov", "30 Nov", "7 Dec"]
    assert [row["ratings"] for row in weeks["rows"]] == [[2, None, 5]] * 6


def test_a_check_in_left_is_taken_up_in_the_same_week(chat: Chat) -> None:
    """An unfinished check-in goes on within its week; after that a new one begins."""
    chat.does("check_in")
    chat.says("4")
    chat.does("later")
    chat.now += timedelta(days=2)
    assert ".healthier." in payloads(chat.does("check_in"))[0]
    chat.does("stop")
    chat.now += timedelta(days=6)
    assert ".grown." in payloads(chat.does("check_in"))[0]
    assert chat.states() == [("weekly", "dropped"), ("weekly", "open")]


def test_an_organisations_own_check_in_takes_its_place(both: Chat) -> None:
    """Another file of check-ins, once set, is asked, and its ratings make the picture."""
    pace = step("pace", Kind.RATING, label=LABEL, low=LABEL, high=LABEL)
    own = replace(PLAIN, id="own", steps=(pace,), form=Form.CHECK_IN)
    both.reads({**LIBRARY, "own": own})
    both.works_with(check_in="own")
    both.does("check_in")
    end = both.says("2")
    [picture] = [message.picture for message in end if message.picture]
    assert picture["weeks"]["rows"] == [{"label": LABEL[both.language], "ratings": [2]}]


# --- practices --------------------------------------------------------------------------

OTHER = replace(
    LIBRARY["best-test"],
    id="other",
    title={"en": "Another test", "fr": "Un autre test"},
    tags=("listening",),
)
FEW = {
    id_: practice
    for id_, practice in LIBRARY.items()
    if practice.form is not Form.EXERCISE or id_ == "best-test"
}
MANY = {
    f"p{n}": replace(OTHER, id=f"p{n}", title={"en": f"Number {n}", "fr": f"Numéro {n}"})
    for n in range(8)
}


def test_any_practice_can_be_begun(both: Chat) -> None:
    """A practice is begun by its name, with its title, what it is for, and how long it takes."""
    both.reads({**LIBRARY, "other": OTHER})
    told = both.does("want_practice", practice="other")
    language = both.language
    purpose = OTHER.purpose[language]
    assert is_said(
        told, language, "started", title=OTHER.title[language], purpose=purpose, minutes=10
    )
    assert both.states() == [("other", "open")]


def test_an_unfinished_practice_is_taken_up_whichever_it_is(both: Chat) -> None:
    """Each practice has its own unfinished run; the other one rests meanwhile."""
    both.reads({**LIBRARY, "other": OTHER})
    both.begins("Ana")
    both.does("want_practice", practice="other")
    both.says("Paul")
    assert both.states() == [("best-test", "rested"), ("other", "open")]
    told = both.does("start_test")
    assert "Ana" in told[-1].html
    both.says({"en": "go on", "fr": "continuer"}[both.language])
    assert both.states()[:2] == [("best-test", "open"), ("other", "rested")]
    both.does("want_practice", practice="other")
    both.says({"en": "start afresh", "fr": "recommencer"}[both.language])
    states = [state for state in both.states() if state[0] != "unfinished"]
    assert states == [("best-test", "rested"), ("other", "dropped"), ("other", "open")]


def test_while_asked_which_another_practice_can_be_wanted(chat: Chat) -> None:
    """Who is asked whether to go on with one may ask for another one instead."""
    chat.reads({**LIBRARY, "other": OTHER})
    chat.begins("Ana")
    chat.does("start_test")
    chat.does("want_practice", practice="other")
    assert chat.states() == [("best-test", "rested"), ("unfinished", "dropped"), ("other", "open")]


@pytest.mark.parametrize("practice", ["", "gone", "weekly", "erase"])
def test_wanting_what_is_no_exercise_shows_what_there_is(both: Chat, practice: str) -> None:
    """Where no exercise is named, or the named one is gone, Leo shows the themes."""
    told = both.does("want_practice", practice=practice)
    assert "do.want_practice.best-test" in payloads(told)
    assert both.states() == []


def test_practices_by_theme(both: Chat) -> None:
    """The one suggested comes first, then the themes; a theme shows its exercises in pages."""
    both.reads(FEW | MANY)
    told = both.does("list_practices")
    assert payloads(told)[0] == "do.want_practice.best-test"
    listening = TEXTS.word(both.language, "theme_listening")
    [theme] = [p for p, t in zip(payloads(told), titles(told), strict=True) if t == listening]
    first = both.presses(theme)
    assert [p for p in payloads(first) if "want_practice" in p] == [
        f"do.want_practice.p{n}" for n in range(6)
    ]
    [more] = [p for p in payloads(first) if p.startswith("do.list_practices.")]
    second = both.presses(more)
    assert payloads(second) == [
        "do.want_practice.p6",
        "do.want_practice.p7",
        "do.list_practices",
    ]
    both.presses(payloads(second)[1])
    assert both.states() == [("p7", "open")]


def test_the_practice_of_the_programmes_week_is_suggested(both: Chat) -> None:
    """Who walks a programme is offered the exercise of the week first."""
    both.reads({**LIBRARY, **MANY})
    both.joins(PROGRAMME, date(2026, 11, 16))
    told = both.does("list_practices")
    assert payloads(told)[0] == "do.want_practice.p5"
    both.now += timedelta(days=30)
    assert payloads(both.does("list_practices"))[0] == "do.want_practice.best-test"


def test_reflections_follow_the_themes_of_the_week(chat: Chat) -> None:
    """In a programme, the reflections are on the themes of its week."""
    chat.joins(PROGRAMME, date(2026, 11, 23))
    for _ in range(4):
        chat.does("another_one")
        assert LIBRARY[chat.states()[-1][0]].tags == ("listening",)


def test_every_button_fits_telegram() -> None:
    """What a button of a list carries has at most 64 bytes, for every exercise and theme."""
    longest = max(SHIPPED, key=len)
    for button in (
        deed("x", "want_practice", longest),
        deed("x", "list_practices", "commitment-to-growth-12"),
        deed("x", "recall_person", f"p{2**63}"),
        deed("x", "plan_done", f"{2**63}-partly"),
    ):
        assert len(button.payload.encode()) <= 64


def test_a_list_comes_above_the_open_question(both: Chat) -> None:
    """Who looks at the list in the middle of an exercise finds the question again below it."""
    both.begins()
    told = both.does("list_practices")
    assert len(told) == 2 and ".grown." in told[-1].buttons[0][0].payload


# --- closings ---------------------------------------------------------------------------


def step(id_: str, kind: Kind, **more: Any) -> Step:
    text = {"en": f"Ask {id_}?", "fr": f"Demande {id_} ?"}
    return Step(id_, kind, text, text, {"en": ("Why", "So"), "fr": ("Car", "Donc")}, **more)


LABEL = {"en": "Signs", "fr": "Signes"}
SHAPES = Practice(
    "shapes",
    {"en": "Shapes", "fr": "Formes"},
    {"en": "To see.", "fr": "Pour voir."},
    (
        step("signs", Kind.RATING, label=LABEL, low=LABEL, high=LABEL),
        step("helps", Kind.LIST),
        step("seen", Kind.TEXT, deepen={"en": "Where?", "fr": "Où ?"}),
    ),
    closing=Closing(
        {"en": "The end.", "fr": "La fin."},
        Picture(PictureKind.SCORES, {"en": "The signs", "fr": "Les signes"}),
        {
            "en": "{% if said['seen'] is defined %}Dear team: {{ said['seen'] }}{% endif %}",
            "fr": "{% if said['seen'] is defined %}Chère équipe : {{ said['seen'] }}{% endif %}",
        },
    ),
)
BOXES = replace(
    SHAPES,
    id="boxes",
    closing=Closing(
        SHAPES.closing.text,  # type: ignore[union-attr]
        Picture(
            PictureKind.BOXES,
            {"en": "The map", "fr": "La carte"},
            Layout.CHAIN,
            (Box(LABEL, "helps"), Box(LABEL, "seen")),
        ),
    ),
)
PLAIN = replace(SHAPES, id="plain", closing=None)


@pytest.fixture
def shapes(both: Chat) -> Chat:
    """Somebody whose Leo knows practices of every shape."""
    both.reads({**LIBRARY, "shapes": SHAPES, "boxes": BOXES, "plain": PLAIN})
    return both


def walks(chat: Chat, practice: str, *answers: str) -> list[Outgoing]:
    told = chat.does("want_practice", practice=practice)
    for given in answers:
        told = chat.does("skip") if given == "skip" else chat.says(given)
    return told


def test_a_message_to_forward_stands_alone(shapes: Chat) -> None:
    """What is to be forwarded is a message of its own; skipped, it does not come."""
    end = walks(shapes, "shapes", "4", "trust, time", RICH)
    assert [m.html for m in end if "Nadia" in m.html] == [
        f"{'Dear team' if shapes.language == 'en' else 'Chère équipe\u00a0'}: {RICH}".replace(
            "\u00a0:", " :"
        )
    ]
    end = walks(shapes, "shapes", "4", "trust, time", "skip")
    assert not any("team" in m.html or "équipe" in m.html for m in end)


def test_scores_stand_beside_the_last_time(shapes: Chat) -> None:
    """A practice about nobody shows its ratings beside those of its last finished run."""
    walks(shapes, "shapes", "2", "trust", RICH)
    walks(shapes, "boxes", "3", "trust", RICH)
    end = walks(shapes, "shapes", "5", "trust", RICH)
    [picture] = [m.picture for m in end if m.picture]
    assert picture["marks"]["rows"] == [{"label": LABEL[shapes.language], "now": 5, "before": 2}]


def test_what_was_said_is_drawn_in_boxes(shapes: Chat) -> None:
    """Lists stand line by line, and what was skipped is an empty box; drawn by the charts."""
    end = walks(shapes, "boxes", "4", "trust, time", "skip")
    [picture] = [m.picture for m in end if m.picture]
    assert [box["lines"] for box in picture["boxes"]["boxes"]] == [["trust", "time"], []]
    assert draw(picture).startswith(b"\x89PNG")
    assert not any(m.picture for m in walks(shapes, "boxes", "4", "skip", "skip"))


def test_a_practice_without_closing_gives_the_words_back(shapes: Chat) -> None:
    """Where the file has no closing, what was said comes back in the person's own words."""
    end = walks(shapes, "plain", "4", "trust, time", RICH)
    assert RICH in end[-1].html and "trust, time" in end[-1].html
    assert is_said(walks(shapes, "plain", *["skip"] * 3), shapes.language, "closing_plain")


# --- thin answers -----------------------------------------------------------------------


def seen(chat: Chat) -> str:
    return str([row["words"] for row in chat.rows("answer") if row["step"] == "seen"][-1])


def test_a_thin_answer_is_followed_by_one_question(shapes: Chat) -> None:
    """After "fine" the step's own question comes, once; what is added stands behind it."""
    told = walks(shapes, "shapes", "4", "trust", "fine")
    assert SHAPES.steps[2].deepen[shapes.language] in told[-1].html  # type: ignore[index]
    end = shapes.says("ok, in the meeting")
    assert is_said(end, shapes.language, "noted") and shapes.states() == [("shapes", "finished")]
    assert seen(shapes) == "fine\n\nok, in the meeting"


@pytest.mark.parametrize("way", ["skip", "deny", "nothing"])
def test_the_question_after_a_thin_answer_can_be_skipped(shapes: Chat, way: str) -> None:
    """Skipping it, a no, or "nothing special" leaves the answer as it was and goes on."""
    walks(shapes, "shapes", "4", "trust", "fine")
    nothing = {"en": "nothing special", "fr": "rien de spécial"}[shapes.language]
    shapes.says(nothing) if way == "nothing" else shapes.does(way)
    assert shapes.states() == [("shapes", "finished")] and seen(shapes) == "fine"


def test_after_a_rich_answer_no_question_follows(shapes: Chat) -> None:
    """Who has told what was seen is not asked for more."""
    walks(shapes, "shapes", "4", "trust", RICH)
    assert shapes.states() == [("shapes", "finished")]


def test_going_back_from_the_question_after_a_thin_answer(shapes: Chat) -> None:
    """Going back asks the question before; the thin answer can then be given anew, in full."""
    walks(shapes, "shapes", "4", "trust", "fine")
    shapes.does("go_back")
    shapes.says("time")
    assert shapes.states() == [("shapes", "finished")] and seen(shapes) == "fine"
    walks(shapes, "boxes", "4", "trust", "fine")
    shapes.does("go_back")
    told = shapes.does("go_back")
    assert ".signs." in payloads(told)[0]


def test_a_thin_answer_put_away_is_asked_about_again(shapes: Chat) -> None:
    """Who leaves and comes back finds the gentle question, not the first one."""
    walks(shapes, "shapes", "4", "trust", "fine")
    shapes.does("later")
    told = shapes.does("resume")
    assert SHAPES.steps[2].deepen[shapes.language] in told[-1].html  # type: ignore[index]
    shapes.says(RICH)
    assert seen(shapes) == f"fine\n\n{RICH}"


def test_an_edit_of_a_thin_answer_keeps_what_was_added(shapes: Chat) -> None:
    """The edited message replaces what it said; what was added in a second one stays."""
    walks(shapes, "shapes", "4", "trust", "fine")
    [ref] = [row["message_ref"] for row in shapes.rows("answer") if row["step"] == "seen"]
    shapes.says(RICH)
    shapes.edits(ref, "Better than fine")
    assert seen(shapes) == f"Better than fine\n\n{RICH}"


def test_leo_does_not_nag(chat: Chat) -> None:
    """In one walk, two thin answers at most are followed by a question."""
    steps = tuple(step(f"s{n}", Kind.TEXT) for n in range(4))
    chat.reads({**LIBRARY, "terse": replace(PLAIN, id="terse", steps=steps)})
    walks(chat, "terse", "ok", "skip", "ok", "skip", "ok", "ok")
    assert chat.states() == [("terse", "finished")]
    assert [row["deepened"] for row in chat.rows("answer")] == [1, 1, 0, 0]


# --- plans ------------------------------------------------------------------------------


def plans(chat: Chat, *words: str) -> None:
    """Make plans, one in each check-in."""
    for one in words:
        chat.does("check_in")
        while chat.rows("run")[-1]["step"] != "plan":
            chat.does("skip")
        chat.says(one)
        chat.now += timedelta(days=1)


WALK = "When we meet on 18 December at 9:30, I will walk the floor"
CALL = "When it rains on 19 December, I will call Omar"


def test_plans_are_listed_and_ticked_off(both: Chat) -> None:
    """What was promised is shown with its day, and ticked off as done, partly or not."""
    plans(both, WALK, CALL)
    told = both.does("see_plans")
    assert WALK in told[0].html and CALL in told[0].html
    assert TEXTS.day(both.language, date(2026, 12, 18)) + ", 09:30" in told[0].html
    ticks = payloads(told)
    assert len(ticks) == 6
    told = both.presses(ticks[0])
    assert is_said(told, both.language, "plan_is_done", plan=CALL)
    told = both.presses(payloads(told)[1])
    assert is_said(told, both.language, "plan_is_partly", plan=WALK)
    assert [row["state"] for row in both.rows("plan")] == ["partly", "done"]
    assert is_said(both.does("see_plans"), both.language, "plans_none")


def test_the_only_plan_is_done_by_a_word(both: Chat) -> None:
    """ "I did it" ticks off the only open plan; with several, Leo asks which."""
    plans(both, WALK)
    assert is_said(both.does("plan_done", "I did it"), both.language, "plan_is_done", plan=WALK)
    plans(both, WALK, CALL)
    told = both.does("plan_done", "I did it")
    assert len(payloads(told)) == 6
    assert [row["state"] for row in both.rows("plan")] == ["done", "open", "open"]


def test_many_plans(both: Chat) -> None:
    """Of many open plans the latest are shown, and it is said how many more there are."""
    plans(both, *(f"When it rains on {day} January, I will listen" for day in range(10, 18)))
    told = both.does("see_plans")
    assert len(payloads(told)) == 6 * 3
    more = {"en": "And 2 earlier ones", "fr": "Et 2 plus anciens"}[both.language]
    assert more in told[0].html


@pytest.mark.parametrize("tick", ["999-done", "x-done", "1-open", "1"])
def test_a_tick_that_leo_never_made_changes_nothing(chat: Chat, tick: str) -> None:
    """A button of a plan that is gone, or of no plan, is like a late press."""
    plans(chat, WALK)
    assert is_said(chat.presses(f"do.plan_done.{tick}"), "en", "late_press")
    assert [row["state"] for row in chat.rows("plan")] == ["open"]


def test_i_did_it_answers_the_check_in(chat: Chat) -> None:
    """When the check-in has just asked about the plan, "I did it" is the answer to that."""
    plans(chat, "Tomorrow, when we meet, I will walk the floor")
    chat.now += timedelta(days=7)
    chat.does("check_in")
    for _ in range(7):
        chat.does("skip")
    chat.does("plan_done", "I did it")
    assert [row["state"] for row in chat.rows("plan")] == ["done"]
    assert [row["choice"] for row in chat.rows("answer") if row["step"] == "review"] == ["done"]


def test_the_export_tells_what_became_of_plans(both: Chat) -> None:
    """The copy holds each plan with its hour, what became of it, and where it was asked about."""
    plans(both, "Tomorrow at 9:30, when we meet, I will walk the floor")
    both.now += timedelta(days=7)
    plans(both, CALL)
    both.presses("do.plan_done.1-partly")
    files = {m.document.name: m.document.content for m in both.does("export_data") if m.document}
    everything = json.loads(files["leo.json"])
    [walk, call] = everything["plans"]
    assert (walk["at"], walk["state"], bool(walk["settled_at"])) == ("09:30", "partly", True)
    assert (call["at"], call["state"], call["settled_at"]) == (None, "open", None)
    assert [run["looks_back_at"] for run in everything["runs"]] == [None, walk["words"]]
    partly = {"en": "partly done", "fr": "fait en partie"}[both.language]
    assert partly in files["leo.html"] and "09:30" in files["leo.html"]


# --- history ----------------------------------------------------------------------------


def test_history_turns_its_pages(both: Chat) -> None:
    """What was written comes back with its day, the latest first, a few on each page."""
    for number in range(9):
        both.does("another_one")
        both.says(f"Entry {number}: {RICH}")
        both.now += timedelta(days=1)
    first = both.does("see_history")
    assert [n for n in range(9) if f"Entry {n}" in first[0].html] == [5, 6, 7, 8]
    assert first[0].html.index("Entry 8") < first[0].html.index("Entry 5")
    assert payloads(first) == ["do.see_history.2"]
    last = both.presses("do.see_history.3")
    assert [n for n in range(9) if f"Entry {n}" in last[0].html] == [0]
    assert TEXTS.day(both.language, date(2026, 11, 24)) in last[0].html
    assert payloads(last) == ["do.see_history.2"]


def test_history_without_words(both: Chat) -> None:
    """Who wrote nothing is told so; a page that is not there shows one that is."""
    assert is_said(both.does("see_history"), both.language, "history_empty")
    both.does("reflect_now")
    both.says(RICH)
    assert RICH in both.presses("do.see_history.99")[0].html


@pytest.mark.parametrize(
    "asked", ["What did I say about ana?", "qu'ai-je dit d'Aña ?", "my notes on ANA’s work"]
)
def test_what_was_said_about_somebody(both: Chat, asked: str) -> None:
    """A nickname is found in the question, and in words about anybody else too."""
    both.begins("Ana")
    both.says("4")
    both.says("She asked twice before answering him")
    both.does("stop")
    both.does("reflect_now")
    both.says("I let Ana’s question stand and waited for her")
    both.does("reflect_now")
    both.says("Banana bread for the whole of the night shift")
    told = both.does("recall_person", asked)
    assert "She asked twice" in told[0].html and "question stand" in told[0].html
    assert "Banana" not in told[0].html


def test_somebody_named_in_words_only(chat: Chat) -> None:
    """Somebody who was never looked at in an exercise is found where words mention them."""
    chat.does("reflect_now")
    chat.says("Karim stayed late again and nobody thanked him")
    assert "Karim stayed" in chat.does("recall_person", "what did I write about karim?")[0].html
    told = chat.does("recall_person", "what did I write about Zoe?")
    assert is_said(told, "en", "recall_nobody")


def test_about_whom(both: Chat) -> None:
    """With several named, or none, Leo asks whom; a button answers."""
    for name in ("Ana", "Paul"):
        both.does("start_test")
        if name == "Paul":
            both.says({"en": "start afresh", "fr": "recommencer"}[both.language])
        both.says(name)
        both.says("4")
        both.says(f"{name} asked twice before answering")
    told = both.does("recall_person", "Ana or Paul?")
    assert titles(told[:1]) == ["Paul", "Ana"]
    assert is_said(both.does("recall_person", "my notes"), both.language, "recall_whom")
    told = both.presses(payloads(told)[1])
    assert "Ana asked twice" not in told[0].html, "that test was put away for good"
    assert is_said(told, both.language, "recalled_nothing", about="Ana")
    assert is_said(both.presses("do.recall_person.p999"), both.language, "recall_whom")


# --- progress ---------------------------------------------------------------------------


def test_progress_shows_weeks_and_counts_and_one_observation(both: Chat) -> None:
    """After some weeks: the weeks, what was done, and what stands out, with the words of then."""
    rated = [[4, 4, 4, 4, 2, 4], [4, 4, 4, 4, 1, 4], [4, 4, 4, 4, 2, 4]]
    for week, ratings in enumerate(rated):
        told = both.does("check_in")
        for rating in ratings:
            told = both.presses(payloads(told)[rating - 1])
        both.says(f"Week {week}: {RICH}")
        while any(state == "open" for _, state in both.states()):
            both.does("skip")
        both.now += timedelta(days=7)
    told = both.does("see_progress")
    kinds = [set(m.picture) - {"alt"} for m in told if m.picture]
    assert kinds == [{"weeks"}, {"tally"}]
    assert all(m.picture["alt"] and draw(m.picture) for m in told if m.picture)
    said = "\n".join(message.html for message in told)
    label = LIBRARY["weekly"].step("autonomous").label[both.language]  # type: ignore[union-attr,index]
    assert f"<b>{label}</b>" in said and "Week 1: " in said
    assert TEXTS.day(both.language, date(2026, 12, 1)) in said


def test_progress_says_nothing_where_there_is_little(both: Chat) -> None:
    """After one exercise there is nothing to observe yet, and nothing is made up."""
    both.finishes()
    told = both.does("see_progress")
    assert len([m for m in told if not m.picture]) == 1 and "\n\n" in told[0].html
    assert [set(m.picture) - {"alt"} for m in told if m.picture] == [{"tally"}, {"marks"}]
