"""What comes next, in the person's own time."""

from bot.usecases.messages import deed
from bot.usecases.nudges.preferences import Coming, upcoming
from bot.usecases.settings.asking import confirm, present
from bot.usecases.turn import Turn

SHOWN = 5


def see_next(turn: Turn) -> None:
    """List the messages to come; where none does, say why."""
    coming = upcoming(turn.deps, turn.uow, turn.person, turn.now, SHOWN)
    now = present(turn)
    resting = now.paused and now.begins_after(turn.today) is None
    if resting or not coming:
        until = turn.deps.texts.day(turn.language, now.paused_until) if now.paused_until else ""
        turn.say("next_none", paused=now.paused or bool(until), until=until)
    else:
        turn.say("next", items=[line_of(turn, one) for one in coming])
    confirm(turn, deed(turn.word("set_rhythm"), "change_rhythm"))


def line_of(turn: Turn, coming: Coming) -> dict[str, str]:
    """Return when a message comes, what it is, and which practice, in words."""
    practice = turn.deps.library.get(coming.practice or "")
    return {
        "when": turn.deps.texts.times.moment(turn.language, coming.at, turn.today),
        "what": turn.word(f"nudge_{coming.kind}"),
        "practice": practice.title[turn.language] if practice else "",
    }
