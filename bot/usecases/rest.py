"""Put an exercise away, for now or until a time: "stop", "not now", "in two hours"."""

from datetime import datetime, time, timedelta

from bot.coaching.run import RunState
from bot.coaching.times import day_in, instant_in
from bot.coaching.walltime import instant
from bot.usecases.messages import Told, deed
from bot.usecases.nudges.snooze import AT_HAND, snooze, something_at_hand, until_of
from bot.usecases.turn import Turn

MORNING, EVENING = time(9), time(19)
# What the buttons offer where no time was said; `NO_TIME` lets it rest without a reminder.
IN_AN_HOUR, THIS_EVENING, TOMORROW_MORNING, NO_TIME = "hour", "evening", "morning", "none"


def rest(turn: Turn) -> None:
    """Let the open run rest, to be taken up at any time; a confirmation is simply dropped."""
    _rest(turn, "stopped")


def put_off(turn: Turn, choice: str = "") -> None:
    """Put off what is at hand until the time said or chosen, and say when; without one, ask."""
    if choice == NO_TIME:
        return turn.say("later") if turn.run is None else _rest(turn, "later")
    until = _chosen(turn, choice) if choice else _said(turn)
    if until is not None:
        return _come_back(turn, until)
    if turn.run is not None and turn.practice and turn.practice.dialogue:
        # "Not now" to a small question of Leo's own leaves it.
        return _rest(turn, "later")
    if choice or not something_at_hand(turn):
        return turn.say("nothing_to_put_off")
    _ask_when(turn)


def _rest(turn: Turn, word: str) -> None:
    asked_to_erase = turn.run is not None and turn.run.practice == "erase"
    turn.drop_dialogues()
    if turn.run is not None:
        turn.end_run(RunState.RESTED)
        return turn.say(word)
    turn.say("erase_kept" if asked_to_erase else "deny_idle")


def _come_back(turn: Turn, until: datetime) -> None:
    _take_up_rested(turn)
    if not snooze(turn, until):
        return turn.say("nothing_to_put_off")
    local = turn.local(until)
    turn.say("put_off", when=turn.deps.texts.times.moment(turn.language, local, turn.today))


def _take_up_rested(turn: Turn) -> None:
    """Have what was just put away at hand once more: "not now" came first, the time follows."""
    run = turn.uow.latest_run(turn.person_id, (RunState.RESTED,)) if turn.run is None else None
    if run is not None and turn.now - run.updated_at < AT_HAND and not something_at_hand(turn):
        run.become(RunState.OPEN, turn.now)
        turn.uow.flush()
        turn.run = run


def _said(turn: Turn) -> datetime | None:
    """Return the instant that was said; a day without an hour begins at nine."""
    if turn.incoming.told is not Told.TEXT:
        return None
    zone = turn.zone
    found = instant_in(turn.incoming.text, turn.now, zone)
    if found is not None:
        return found
    day = day_in(turn.incoming.text, turn.today)
    return instant(day, MORNING, zone) if day and day > turn.today else None


def _ask_when(turn: Turn) -> None:
    """Let it rest, and offer the usual times to come back to it."""
    if turn.run is not None:
        turn.end_run(RunState.RESTED)
    turn.say("later_when")
    choices = [IN_AN_HOUR, THIS_EVENING, TOMORROW_MORNING, NO_TIME]
    if _chosen(turn, THIS_EVENING) is None:
        choices.remove(THIS_EVENING)
    turn.close_message(tuple((deed(turn.word(f"put_off_{one}"), "later", one),) for one in choices))


def _chosen(turn: Turn, choice: str) -> datetime | None:
    """Return the instant that a button stands for, or None where that has passed."""
    if choice == IN_AN_HOUR:
        return turn.now + timedelta(hours=1)
    if choice == THIS_EVENING:
        evening = instant(turn.today, EVENING, turn.zone)
        return evening if evening > turn.now else None
    if choice == TOMORROW_MORNING:
        return instant(turn.today + timedelta(days=1), MORNING, turn.zone)
    return until_of(turn, choice)
