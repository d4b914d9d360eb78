"""Quiet hours: "nothing before 9 or after 18:00"."""

import re
from datetime import time

from bot.coaching.times import days_in, hush_in
from bot.coaching.wishes import wants_no_quiet
from bot.usecases.nudges.preferences import set_preferences
from bot.usecases.settings.asking import ask_about, confirm, present, undo, words_of
from bot.usecases.settings.free_days import set_working_days
from bot.usecases.turn import Turn

INTENT = "quiet_hours"
DIALOGUE = "quiet"
NONE = "none"
_CODE = re.compile(r"([01]\d|2[0-3])([0-5]\d)-([01]\d|2[0-3])([0-5]\d)")

type Hours = tuple[time, time]


def quiet_hours(turn: Turn, about: str = "") -> None:
    """Set the hours in which Leo is quiet, as a button's code or the words say; ask otherwise."""
    found = _CODE.fullmatch(about)
    if found is not None:
        one, two, three, four = (int(part) for part in found.groups())
        return _set(turn, (time(one, two), time(three, four)))
    if about == NONE:
        return _set(turn, None)
    words = words_of(turn)
    if not words:
        return ask_about(turn, DIALOGUE)
    wish_for_quiet(turn, words)


def wish_for_quiet(turn: Turn, words: str) -> None:
    """Set the hours in which Leo is quiet, as words say."""
    if wants_no_quiet(words):
        return _set(turn, None)
    hush = hush_in(words)
    if hush is None:
        days = days_in(words)
        if days is not None:
            return set_working_days(turn, days)
        return ask_about(turn, DIALOGUE, unread=True)
    now = present(turn)
    # Of one end alone, the other stays as it is; else it is midnight.
    start = hush.start or now.quiet_from or time(0)
    _set(turn, (start, hush.end or now.quiet_until or time(0)))


def _set(turn: Turn, hours: Hours | None) -> None:
    now = present(turn)
    before = NONE
    if now.quiet_from is not None and now.quiet_until is not None:
        before = f"{now.quiet_from:%H%M}-{now.quiet_until:%H%M}"
    start, end = hours or (None, None)
    set_preferences(turn, quiet_from=start, quiet_until=end)
    clock = turn.deps.texts.times.clock
    turn.say(
        "quiet_set",
        start=clock(turn.language, start) if start is not None else "",
        end=clock(turn.language, end) if end is not None else "",
    )
    confirm(turn, undo(turn, INTENT, before))
