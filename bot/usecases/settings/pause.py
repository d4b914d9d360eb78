"""No messages for a while, and messages again."""

import re
from datetime import date, timedelta

from bot.coaching.times import day_in, from_in, span_in, until_in
from bot.usecases.messages import Button, deed
from bot.usecases.nudges.preferences import NO_PAUSE, set_preferences, upcoming
from bot.usecases.settings.asking import ask_about, confirm, present, words_of
from bot.usecases.settings.see_next import line_of
from bot.usecases.turn import Turn

PAUSE, RESUME = "pause_messages", "resume_messages"
DIALOGUE = "pause"
OPEN = "open"
_CODE = re.compile(r"(\d{4})(\d\d)(\d\d)")
_WEEK = timedelta(days=7)


def pause(turn: Turn, about: str = "") -> None:
    """Pause until a day, or with no end, as a button's code or the words say; or ask."""
    found = _CODE.fullmatch(about)
    if about == OPEN:
        return _set(turn, None)
    if found is not None:
        return _set(turn, date(*map(int, found.groups())))
    words = words_of(turn)
    if not words:
        turn.below = tuple((button,) for button in _usual(turn))
        return ask_about(turn, DIALOGUE)
    # Who asks for quiet and names no day gets it at once.
    _set(turn, *_stretch(words, turn.today))


def wish_for_pause(turn: Turn, words: str) -> None:
    """Pause until the day that words name."""
    end, begin = _stretch(words, turn.today)
    if end is None:
        return ask_about(turn, DIALOGUE, unread=True)
    _set(turn, end, begin)


def resume_messages(turn: Turn) -> None:
    """End a pause, and say what comes next."""
    now = present(turn)
    was_paused = now.rests_after(turn.today)
    set_preferences(turn, **NO_PAUSE)
    coming = upcoming(turn.deps, turn.uow, turn.person, turn.now, 1)
    following = line_of(turn, coming[0]) if coming else None
    turn.say("messages_resumed" if was_paused else "not_paused", next=following)
    turn.ask()


def _stretch(words: str, today: date) -> tuple[date | None, date | None]:
    """Return the first day on which messages come again, and the first without, if it lies ahead.

    None, too, for an end that is not named.
    """
    begin = from_in(words, today)
    since = begin or today
    until = until_in(words, since)
    span = span_in(words)
    if until is None and span is not None and (span.days or span.months):
        until = span.after(since)
    named = day_in(words, today)
    if until is not None or begin is not None or named is None:
        return until, begin
    # "No messages tomorrow" is for that day.
    return named + timedelta(days=1), named if named > today else None


def _set(turn: Turn, until: date | None, since: date | None = None) -> None:
    if until is not None and until <= turn.today:
        return ask_about(turn, DIALOGUE, unread=True)
    set_preferences(turn, paused=until is None, paused_from=since, paused_until=until)
    said = {
        key: turn.deps.texts.day(turn.language, day) if day else ""
        for key, day in (("since", since), ("until", until))
    }
    turn.say("paused", **said)
    usual = _usual(turn)[:2] if until is None else []
    confirm(turn, *usual, deed(turn.word("set_resume"), RESUME))


def _usual(turn: Turn) -> list[Button]:
    ends = {"pause_week": turn.today + _WEEK, "pause_two_weeks": turn.today + 2 * _WEEK}
    buttons = [deed(turn.word(key), PAUSE, f"{day:%Y%m%d}") for key, day in ends.items()]
    return [*buttons, deed(turn.word("pause_open"), PAUSE, OPEN)]
