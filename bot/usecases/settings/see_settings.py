"""What is set, with buttons for the usual changes."""

from bot.coaching.rhythm import parse_days
from bot.usecases.messages import Button, deed
from bot.usecases.nudges.preferences import Rhythms
from bot.usecases.settings.asking import present, rhythm_by_kind
from bot.usecases.settings.free_days import COUNTRY, DAYS, change_free_days
from bot.usecases.turn import Turn


def see_settings(turn: Turn, about: str = "") -> None:
    """Show what is set; or do what a button below it says."""
    if about and change_free_days(turn, about):
        return
    now = present(turn)
    turn.say("settings", **_in_words(turn, now))
    turn.close_message(_buttons(turn, now))
    turn.ask()


def _in_words(turn: Turn, now: Rhythms) -> dict[str, object]:
    times, language = turn.deps.texts.times, turn.language
    paused = now.rests_after(turn.today)
    since = now.begins_after(turn.today) if paused else None
    person = turn.person
    return {
        "rhythms": [
            (turn.word(f"nudge_{kind}"), times.rhythm(language, one))
            for kind, one in rhythm_by_kind(now).items()
        ],
        "city": times.zone(language, now.zone),
        "clock": times.clock(language, turn.local(turn.now).time()),
        "home": times.zone(language, person.home_zone) if person.home_zone else "",
        "home_on": turn.deps.texts.day(language, turn.local(person.home_at).date())
        if person.home_at
        else "",
        "quiet": [times.clock(language, one) for one in (now.quiet_from, now.quiet_until) if one],
        "paused": paused,
        "since": turn.deps.texts.day(language, since) if since else "",
        "until": turn.deps.texts.day(language, now.paused_until)
        if paused and now.paused_until
        else "",
        "workdays": times.days(language, parse_days(now.working_days)) if now.working_days else "",
        "country": times.country(language, now.country) if now.country else "",
        "slowed": now.slowed,
    }


def _buttons(turn: Turn, now: Rhythms) -> tuple[tuple[Button, ...], ...]:
    paused = now.rests_after(turn.today)
    resting = (
        ("set_resume", "resume_messages", "") if paused else ("set_pause", "pause_messages", "")
    )
    wanted = (
        (("set_rhythm", "change_rhythm", ""), ("set_quiet", "quiet_hours", "")),
        (("set_zone", "change_zone", ""), resting),
        (("set_workdays", "see_settings", DAYS), ("set_country", "see_settings", COUNTRY)),
        (("set_language", "choose_language", ""),),
    )
    return tuple(
        tuple(deed(turn.word(key), intent, about) for key, intent, about in row) for row in wanted
    )
