"""Put off what Leo just sent or asked: "not now", "in two hours", "tomorrow at 8:30"."""

from datetime import datetime, time, timedelta

from bot.coaching.occurrence import NudgeKind, NudgeState
from bot.coaching.run import RunState
from bot.coaching.schedule import day_end
from bot.coaching.walltime import instant
from bot.usecases.nudges.schedules import zone_of
from bot.usecases.records import Occurrence, Standing
from bot.usecases.turn import Talk

# What the buttons below a nudge say, and what becomes of them: see `until_of`.
IN_TWO_HOURS, TOMORROW = "two-hours", "tomorrow"
CHOICES = (IN_TWO_HOURS, TOMORROW)
# For how long a message without a question can be put off after it came.
AT_HAND = timedelta(hours=12)
# A date holds one reminder; where today's is taken, one of the next dates lends its place.
MAX_REMINDERS = 7


def snooze(talk: Talk, until: datetime) -> bool:
    """Put off the nudge or the exercise at hand until an aware instant; False if there is none.

    An exercise rests meanwhile and is asked again at its open question. The caller says so to the
    person, in their words.
    """
    talk.drop_dialogues()
    at_hand = _at_hand(talk)
    if at_hand is None:
        return False
    zone = zone_of(_standing(talk), talk.deps)
    local = until.astimezone(zone)
    if at_hand.state is not NudgeState.SNOOZED:
        talk.uow.nudges.move(at_hand, NudgeState.SNOOZED, talk.now)
    at_hand.due_at, at_hand.opened_at = until, None
    over = day_end(local.date(), zone)
    at_hand.expires_at = max(at_hand.expires_at or over, over)
    if talk.run is not None:
        talk.end_run(RunState.RESTED)
    talk.uow.flush()
    return True


def something_at_hand(talk: Talk) -> bool:
    """Tell whether there is an exercise open, or a message that can still be put off."""
    return talk.run is not None or _recent(talk) is not None


def until_of(talk: Talk, choice: str) -> datetime | None:
    """Return the instant that a button below a nudge stands for, or None for no such button."""
    if choice == IN_TWO_HOURS:
        return talk.now + timedelta(hours=2)
    if choice == TOMORROW:
        occurrence = talk.uow.nudges.latest(talk.person_id, _DEFERRABLE)
        at = occurrence.at if occurrence else time(9)
        zone = zone_of(_standing(talk), talk.deps)
        return instant(talk.now.astimezone(zone).date() + timedelta(days=1), at, zone)
    return None


def _at_hand(talk: Talk) -> Occurrence | None:
    """Return the occurrence of the open run, a new one for a run without, or the last message."""
    if talk.run is not None and talk.run.id:
        asking = (o for o in talk.uow.nudges.of_run(talk.run.id) if o.state in _DEFERRABLE)
        return next(asking, None) or _reminder_of(talk, talk.run.id)
    return _recent(talk)


def _recent(talk: Talk) -> Occurrence | None:
    """Return the last message that came, or was put off, if that is not long ago."""
    last = talk.uow.nudges.latest(talk.person_id, _DEFERRABLE)
    recent = last is not None and talk.now - (last.sent_at or last.due_at) < AT_HAND
    return last if recent else None


_DEFERRABLE = (NudgeState.CLAIMED, NudgeState.SENT, NudgeState.SNOOZED)


def _reminder_of(talk: Talk, run_id: int) -> Occurrence | None:
    """Make a reminder of an exercise that the person began by themselves."""
    local = talk.now.astimezone(zone_of(_standing(talk), talk.deps))
    for days in range(MAX_REMINDERS):
        reminder = Occurrence(
            person_id=talk.person_id,
            kind=NudgeKind.REMINDER,
            on_date=local.date() + timedelta(days=days),
            at=local.time().replace(microsecond=0),
            due_at=talk.now,
            expires_at=None,
            state=NudgeState.SNOOZED,
            run_id=run_id,
        )
        if talk.uow.nudges.add(reminder, talk.now):
            return reminder
    return None


def _standing(talk: Talk) -> Standing:
    standing = talk.uow.nudges.standing(talk.person_id)
    assert standing is not None
    return standing
