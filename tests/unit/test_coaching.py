"""Practices, reflections, the check-in, plans and history over a real SQLite store."""

from datetime import timedelta

import pytest

from bot.coaching.practice import Form
from tests.unit.talk import LIBRARY, TEXTS, Chat, is_said, payloads, titles

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
    for _ in REFLECTIONS:
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
