"""What Leo writes of its own accord: once, on time, and never over an open exercise."""

from dataclasses import replace
from datetime import time, timedelta
from itertools import pairwise

import pytest

from bot.coaching.occurrence import NudgeKind, NudgeState, check_transition
from bot.coaching.run import RunState
from bot.usecases.answer import answer
from bot.usecases.deliver import Outcome, hand_out
from bot.usecases.erase import erase_now
from bot.usecases.messages import Incoming, Told
from bot.usecases.nudges.preferences import rhythms_of, set_preferences, upcoming
from bot.usecases.nudges.snooze import snooze
from bot.usecases.ports import OpenUnitOfWork
from bot.usecases.presence import notice
from bot.usecases.records import CohortState, OutboxState, Plan
from bot.usecases.reflect import another_one
from bot.usecases.rest import put_off
from bot.usecases.start import begin
from bot.usecases.tell import greet
from bot.usecases.turn import take
from tests.store import make
from tests.store.nudging import WORDS, Life, deps_for, paris, scheduler

K, S = NudgeKind, NudgeState


@pytest.fixture
def life(open_uow: OpenUnitOfWork) -> Life:
    """Somebody who agreed on Monday the 1st of March 2027, at eight."""
    life = Life(deps_for(open_uow))
    life.consents_at(paris(1, 8))
    return life


def test_a_nudge_asks_at_once(life: Life) -> None:
    """At nine the day's question is open, so that one line answers it."""
    assert life.until(paris(1, 8, 50)) == []
    [said] = life.until(paris(1, 9))
    assert " 0?" in said and "reflect-" in said
    assert life.question() is not None
    life.says("I listened.")
    assert life.states() == [(K.DAILY, 1, S.ANSWERED)]


def test_a_week(life: Life) -> None:
    """A week brings what the programme says, and no more."""
    life.until(paris(8), answering=True)
    assert sorted(life.states()) == sorted(
        [
            *((K.DAILY, day, S.ANSWERED) for day in range(1, 6)),
            *((K.PRACTICE, 1, S.ANSWERED), (K.WEEKLY, 5, S.ANSWERED)),
            *((K.REMINDER, 2, S.SKIPPED), (K.REMINDER, 8, S.SKIPPED)),
        ]
    )


def test_the_week_opens_with_its_theme(life: Life) -> None:
    """The practice of the week brings the week's opening, and its first question."""
    said = life.until(paris(1, 11))
    assert "Theme of first-week" in said[-1] and "Opening of first-week." in said[-1]
    assert said[-1].endswith("first-week 0?")
    life.until(paris(8, 10, 59), answering=True)
    assert "Theme of second-week" in life.until(paris(8, 11))[-1]


def test_every_transition_leaves_a_passage(life: Life) -> None:
    """What a nudge went through is written down in order, each step an allowed one."""
    life.until(paris(1, 9))
    life.says("I listened.")
    [nudge] = life.nudges()
    passages = life.passages(nudge)
    assert [(one.old, one.new) for one in passages] == [
        (None, S.PLANNED),
        (S.PLANNED, S.DUE),
        (S.DUE, S.CLAIMED),
        (S.CLAIMED, S.SENT),
        (S.SENT, S.ANSWERED),
    ]
    for earlier, later in pairwise(passages):
        assert earlier.at <= later.at
        assert later.old is not None
        check_transition(later.old, later.new)


def test_an_open_exercise_is_not_talked_over(life: Life) -> None:
    """A nudge due in the middle of an exercise waits until it is finished."""
    life.clock = paris(1, 8, 50)
    life.acts(lambda turn: begin(turn, "second-week"))
    life.says(WORDS)
    assert life.until(paris(1, 9, 30)) == []
    life.says(WORDS)
    assert life.question() is None
    [said] = life.until(life.clock + timedelta(minutes=1))
    assert "reflect-" in said


def test_an_exercise_left_for_an_hour_rests(life: Life) -> None:
    """After an hour without a word the nudge comes, and the exercise can be taken up again."""
    life.clock = paris(1, 8, 50)
    life.acts(lambda turn: begin(turn, "second-week"))
    life.says(WORDS)
    began = life.clock
    assert life.until(began + timedelta(minutes=59)) == []
    [said] = life.until(began + timedelta(minutes=61))
    assert "reflect-" in said
    with life.deps.open() as uow:
        states = [run.state for run in uow.runs(life.person.id or 0)]
    assert states == [RunState.RESTED, RunState.OPEN]


def test_unanswered(life: Life) -> None:
    """A daily question ends with its day: its buttons go, and its run is put away."""
    life.until(paris(1, 9))
    life.settles(practice="off", weekly="off")
    question = life.person.question_id
    assert question is not None
    life.until(paris(2, 0, 0))
    assert life.states()[0] == (K.DAILY, 1, S.EXPIRED)
    assert life.question() is None
    assert life.person.question_id is None
    assert life.person.unanswered == 1


def test_the_buttons_of_an_expired_question_go(life: Life) -> None:
    """What is sent at expiry takes buttons off the question, and says nothing."""
    life.until(paris(1, 9))
    shown = life.person.question_id
    life.settles(practice="off")
    life.clock = paris(2, 0)
    scheduler(life.deps, life.clock)
    parcels = hand_out(life.deps.open, *life.lane, (), life.clock)
    assert [parcel.settle_ref for parcel in parcels] == [shown]
    assert not any(parcel.outgoing.html for parcel in parcels)
    assert not any(parcel.urgent for parcel in parcels)


def test_slowing_down(life: Life) -> None:
    """After three unanswered in a row Leo writes once a week, and says so once; a word restores."""
    life.settles(practice="off")
    slow = [life.deps.texts.say("en", "nudge_slow_down", n) for n in range(2)]
    said = life.until(paris(4, 8, 59))
    assert len(said) == 3 and life.person.unanswered == 3
    rest = life.until(paris(5, 23))
    assert [any(one in html for one in slow) for html in rest] == [True]
    assert life.states()[3:] == [(K.WEEKLY, 5, S.SENT), (K.REMINDER, 8, S.PLANNED)]
    later = life.until(paris(9, 8))
    assert not [html for html in later if any(one in html for one in slow)]
    life.acts(greet)
    assert (life.person.unanswered, life.person.slowed_at) == (0, None)
    assert "reflect" in life.until(paris(10, 10))[-1]


def test_one_gentle_reminder(life: Life) -> None:
    """What comes once a week is brought up once more the next working day, if not answered."""
    life.settles(daily="off")
    life.until(paris(1, 11))
    [said] = life.until(paris(2, 23))
    assert said.endswith("first-week 0 again?") or "first-week 0" in said
    assert (K.REMINDER, 2, S.SENT) in life.states()
    assert life.until(paris(5, 15)) == []
    assert (K.REMINDER, 2, S.EXPIRED) in life.states()
    assert (K.PRACTICE, 1, S.SENT) in life.states()


def test_answering_cancels_the_reminder(life: Life) -> None:
    """Whoever answered is not reminded."""
    life.settles(daily="off")
    life.until(paris(1, 11))
    life.says(WORDS)
    assert (K.REMINDER, 2, S.SKIPPED) in life.states()


def test_a_weekly_question_can_still_be_answered_after_a_daily_one(life: Life) -> None:
    """A practice left on Monday rests when Tuesday's question comes, and is answered later."""
    life.until(paris(2, 9))
    life.says(WORDS)
    [again] = life.until(paris(2, 11))
    assert "first-week" in again
    life.says(WORDS)
    assert (K.PRACTICE, 1, S.ANSWERED) in life.states()
    assert (K.REMINDER, 2, S.ANSWERED) in life.states()


def test_a_plan_at_its_cue(life: Life) -> None:
    """A plan is remembered at its day and hour; due with a question, it goes out in one message."""
    life.settles(daily="tue 09:00", weekly="off", practice="off")
    with life.deps.open() as uow:
        who = life.person
        run = make.run(uow, who, at=paris(1, 8), state=RunState.FINISHED)
        for day, hour in ((2, None), (3, time(14))):
            due = paris(day, 12).date()
            uow.add(
                Plan(who.id or 0, run.id or 0, f"I thank day {day}.", paris(1, 8), due=due, at=hour)
            )
            run = make.run(uow, who, at=paris(1, 8), state=RunState.FINISHED)
        who.look_again(paris(1, 8))
        found = uow.person(*life.lane)
        assert found is not None
        found.look_again(life.clock)
    [both] = life.until(paris(2, 9))
    assert "I thank day 2." in both and both.endswith(" 0?")
    life.says(WORDS)
    assert life.until(paris(3, 13, 50)) == []
    [plan] = life.until(paris(3, 14))
    assert "I thank day 3." in plan
    assert [one for one in life.states() if one[0] is K.PLAN] == [
        (K.PLAN, 2, S.SENT),
        (K.PLAN, 3, S.SENT),
    ]


def test_two_at_once_after_sleep(life: Life) -> None:
    """A scheduler that slept opens the greater of what is due, and the rest by its rules."""
    life.clock = paris(5, 17)
    [said] = life.until(paris(5, 17, 1))
    assert "check-in" in said
    assert sorted(life.states()) == sorted(
        [
            *((K.DAILY, day, S.EXPIRED) for day in range(1, 5)),
            *((K.DAILY, 5, S.SKIPPED), (K.PRACTICE, 1, S.DUE), (K.WEEKLY, 5, S.SENT)),
            (K.REMINDER, 8, S.PLANNED),
        ]
    )
    life.says(WORDS)
    life.says(WORDS)
    assert "first-week" in life.until(life.clock + timedelta(minutes=10))[0]


def test_another_question_counts_for_the_nudge(life: Life) -> None:
    """Whoever asks for another question and answers that one has answered the nudge."""
    life.settles(practice="off")
    life.until(paris(1, 9))
    life.acts(another_one)
    life.says("I listened.")
    assert life.states() == [(K.DAILY, 1, S.ANSWERED)]


def test_snoozed(life: Life) -> None:
    """“In two hours” brings the same question again then; its place in the run is kept."""
    life.settles(practice="off")
    life.until(paris(1, 9))
    life.acts(lambda turn: put_off(turn, "two-hours"))
    assert life.question() is None
    assert life.states() == [(K.DAILY, 1, S.SNOOZED)]
    assert life.until(life.clock + timedelta(minutes=119)) == []
    [said] = life.until(life.clock + timedelta(minutes=2))
    assert "reflect-" in said
    life.says(WORDS)
    assert life.states() == [(K.DAILY, 1, S.ANSWERED)]


def test_snoozed_until_tomorrow(life: Life) -> None:
    """“Tomorrow” means the hour at which it came; it does not expire before that."""
    life.settles(practice="off", daily="mon 09:00")
    life.until(paris(1, 9))
    life.acts(lambda turn: put_off(turn, "tomorrow"))
    assert life.until(paris(2, 8, 59)) == []
    assert "reflect-" in life.until(paris(2, 9))[0]


def test_an_exercise_of_ones_own_is_put_off_too(life: Life) -> None:
    """“Later” in an exercise that no nudge began brings it back at that time."""
    life.settles(daily="off", weekly="off", practice="off")
    life.clock = paris(1, 10)
    life.acts(lambda turn: begin(turn, "second-week"))
    life.says(WORDS)
    life.acts(lambda turn: snooze(turn, paris(1, 15)))
    assert life.until(paris(1, 14, 59)) == []
    assert "second-week 1" in life.until(paris(1, 15))[0]


def test_nothing_to_snooze(life: Life) -> None:
    """With nothing at hand there is nothing to put off."""
    life.settles(daily="off", weekly="off", practice="off")
    with life.deps.open() as uow:
        person = uow.person(*life.lane)
        assert person is not None
    results: list[bool] = []
    life.acts(lambda turn: results.append(snooze(turn, paris(1, 15))))
    assert results == [False]


def test_quiet_hours_and_pause(life: Life) -> None:
    """Nothing comes in quiet hours or in a pause; it goes on the day the person named."""
    life.settles(quiet_from=time(8), quiet_until=time(12), practice="off")
    assert life.until(paris(1, 11, 59)) == []
    assert len(life.until(paris(1, 12))) == 1
    life.settles(paused_until=paris(4, 12).date())
    assert life.until(paris(4, 11, 50)) == []
    assert len(life.until(paris(4, 12))) == 1


def test_a_pause_stops_what_was_put_off(life: Life) -> None:
    """A message put off into a pause is left out."""
    life.until(paris(1, 9))
    life.acts(lambda turn: put_off(turn, "two-hours"))
    life.settles(paused=True)
    assert life.until(paris(3, 9)) == []
    assert life.states() == [(K.DAILY, 1, S.SKIPPED)]


def test_travelling(life: Life) -> None:
    """Whoever says where they are keeps local hours, and one question a local date."""
    life.settles(practice="off", weekly="off", daily="mon-sun 09:00")
    life.until(paris(1, 9))
    life.says("In Paris.")
    life.settles(zone="America/New_York")
    assert life.until(paris(2, 14, 59)) == []
    assert len(life.until(paris(2, 15))) == 1
    life.settles(zone="Asia/Tokyo")
    assert [one[1] for one in life.states()] == [1, 2]
    life.until(paris(3, 0, 59))
    assert [one[1] for one in life.states()] == [1, 2]
    life.until(paris(3, 1))
    assert [one[1] for one in life.states()] == [1, 2, 3]


def test_public_holidays(open_uow: OpenUnitOfWork) -> None:
    """On a public holiday of their country nothing comes."""
    deps = replace(
        deps_for(open_uow), is_holiday=lambda country, day: (country, day.day) == ("FR", 1)
    )
    life = Life(deps)
    life.consents_at(paris(1, 8))
    life.settles(country="FR")
    assert life.until(paris(1, 23)) == []
    assert len(life.until(paris(2, 23))) == 1


def test_before_consent_nothing_comes(open_uow: OpenUnitOfWork) -> None:
    """Who has not agreed gets nothing, whatever the programme says."""
    life = Life(deps_for(open_uow))
    life.clock = paris(1, 8)
    life.acts(greet)
    assert life.until(paris(3, 12)) == []


def test_withdrawn(life: Life, open_uow: OpenUnitOfWork) -> None:
    """After an erasure nothing comes, and nothing of a nudge is left."""
    life.until(paris(1, 9))
    life.acts(erase_now)
    assert life.until(paris(3, 12)) == []
    with open_uow() as uow:
        assert uow.nudges.everyone() == []
        assert uow.nudges.next_instant() is None


def test_blocked(life: Life) -> None:
    """A refusal ends delivery: what is under way fails, nothing more is planned; back, all is."""
    life.settles(practice="off")
    life.clock = paris(1, 9)
    scheduler(life.deps, life.clock)
    [parcel] = hand_out(life.deps.open, *life.lane, (), life.clock)
    hand_out(
        life.deps.open,
        *life.lane,
        [Outcome(parcel, OutboxState.FAILED, blocked=True)],
        life.clock,
    )
    assert life.states() == [(K.DAILY, 1, S.FAILED)]
    assert life.question() is None
    assert life.until(paris(3, 8)) == []
    number = life.come_in("", Told.UNBLOCKED)
    notice(life.deps, Incoming(*life.lane[:1], number, life.lane[1], Told.UNBLOCKED), life.clock)
    assert len(life.until(paris(3, 9))) == 1


def test_given_up(life: Life) -> None:
    """A message that cannot be sent is a failed nudge, whose question is not open."""
    life.settles(practice="off")
    life.clock = paris(1, 9)
    scheduler(life.deps, life.clock)
    [parcel] = hand_out(life.deps.open, *life.lane, (), life.clock)
    hand_out(life.deps.open, *life.lane, [Outcome(parcel, OutboxState.FAILED)], life.clock)
    assert life.states() == [(K.DAILY, 1, S.FAILED)]
    assert life.question() is None


def test_what_telegram_never_took_expires_by_its_rule(life: Life) -> None:
    """A nudge that waited in the outbox past its time is taken back, not sent late."""
    life.settles(practice="off")
    life.clock = paris(1, 9)
    scheduler(life.deps, life.clock)
    life.clock = paris(2, 0, 1)
    scheduler(life.deps, life.clock)
    assert life.fetch() == []
    assert life.states() == [(K.DAILY, 1, S.EXPIRED)]
    assert life.person.unanswered == 0


def test_answered_before_it_is_known_to_have_arrived(life: Life) -> None:
    """An answer that overtakes the note of the arrival counts, and stays."""
    life.settles(practice="off")
    life.clock = paris(1, 9)
    scheduler(life.deps, life.clock)
    [parcel] = hand_out(life.deps.open, *life.lane, (), life.clock)
    number = life.come_in("I listened.")
    assert take(life.deps, life.lane[0], number, answer, life.clock)
    hand_out(
        life.deps.open,
        *life.lane,
        [Outcome(parcel, OutboxState.SENT, message_ref=7)],
        life.clock,
    )
    assert life.states() == [(K.DAILY, 1, S.ANSWERED)]


def test_somebody_in_a_cohort(open_uow: OpenUnitOfWork) -> None:
    """A cohort's rhythm goes before the programme's, the person's own before both."""
    life = Life(deps_for(open_uow))
    life.consents_at(paris(1, 7))
    with open_uow() as uow:
        make.member(uow, life.person)
        cohort = uow.cohorts.named("Lyon")
        assert cohort is not None
        cohort.starts_on, cohort.daily = paris(1, 12).date(), "mon-fri 10:00"
        uow.flush()
        uow.nudges.look_again(cohort.id or 0, life.clock)
    assert life.until(paris(1, 9, 59)) == []
    assert len(life.until(paris(1, 10))) == 1
    life.settles(daily="mon-fri 08:00")
    with open_uow() as uow:
        shown = rhythms_of(life.deps, uow, life.person)
    assert (shown.daily, shown.weekly) == ("mon-fri 08:00", "fri 16:00")


def test_a_cohort_paused(open_uow: OpenUnitOfWork) -> None:
    """While a cohort is paused its members get nothing."""
    life = Life(deps_for(open_uow))
    life.consents_at(paris(1, 7))
    with open_uow() as uow:
        make.member(uow, life.person)
        cohort = uow.cohorts.named("Lyon")
        assert cohort is not None
        cohort.starts_on, cohort.state = paris(1, 12).date(), CohortState.PAUSED
        uow.nudges.look_again(cohort.id or 0, life.clock)
    assert life.until(paris(2, 12)) == []
    with open_uow() as uow:
        cohort = uow.cohorts.named("Lyon")
        assert cohort is not None
        cohort.state = CohortState.ACTIVE
        uow.flush()
        uow.nudges.look_again(cohort.id or 0, life.clock)
    assert len(life.until(paris(3, 9))) == 1


def test_the_end_of_the_programme(life: Life) -> None:
    """In the week after the last one come the closing words, then nothing."""
    life.until(paris(15, 8), answering=True)
    assert life.until(paris(15, 10, 59)) == []
    assert life.until(paris(15, 11)) == ["Closing words."]
    assert life.until(paris(30, 11)) == []


def test_what_is_next(life: Life) -> None:
    """The coming messages are told in local time, with the practice of the week."""
    with life.deps.open() as uow:
        coming = upcoming(life.deps, uow, life.person, life.clock, 3)
    assert [(one.kind, f"{one.at:%a %H:%M}", one.practice) for one in coming] == [
        (K.DAILY, "Mon 09:00", None),
        (K.PRACTICE, "Mon 11:00", "first-week"),
        (K.DAILY, "Tue 09:00", None),
    ]


def test_an_unknown_preference_is_refused(life: Life) -> None:
    """A field that does not exist is an error, not a wish that is silently lost."""
    with pytest.raises(TypeError, match="hourly"):
        life.acts(lambda turn: set_preferences(turn, hourly="yes"))
