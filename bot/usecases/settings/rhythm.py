"""Other days, another hour, fewer messages: "send it at 8", "once a week is enough"."""

from collections.abc import Mapping

from bot.coaching.rhythm import Rhythm
from bot.coaching.wishes import Wish, code_of, concerned, granted, of_code, read_wish
from bot.usecases.messages import deed
from bot.usecases.nudges.preferences import set_preferences
from bot.usecases.settings.asking import (
    ask_about,
    confirm,
    present,
    rhythm_by_kind,
    undo,
    words_of,
)
from bot.usecases.turn import Turn

INTENT = "change_rhythm"
DIALOGUE = "rhythm"


def change_rhythm(turn: Turn, about: str = "") -> None:
    """Change when Leo writes, as a button's code or the words say; ask where they do not."""
    rhythms = of_code(about)
    if rhythms:
        return _set(turn, rhythms)
    words = words_of(turn)
    if not words:
        return ask_about(turn, DIALOGUE)
    wish_for_rhythm(turn, words)


def wish_for_rhythm(turn: Turn, words: str) -> None:
    """Change when Leo writes, as words say."""
    wish = read_wish(words)
    if wish.empty:
        return ask_about(turn, DIALOGUE, unread=True)
    now = rhythm_by_kind(present(turn))
    kinds = concerned(wish, now)
    if len(kinds) > 1 and not wish.kinds:
        return _ask_which(turn, wish, {kind: now[kind] for kind in kinds})
    _set(turn, {kind: granted(wish, kind, now[kind]) for kind in kinds or ("daily",)})


def _ask_which(turn: Turn, wish: Wish, now: Mapping[str, Rhythm]) -> None:
    wished = {kind: granted(wish, kind, one) for kind, one in now.items()}
    turn.say("rhythm_which")
    buttons = [
        deed(turn.word(f"nudge_{kind}"), INTENT, code_of({kind: one}))
        for kind, one in wished.items()
    ]
    if wish.days is None:
        buttons.append(deed(turn.word("rhythm_all"), INTENT, code_of(wished)))
    confirm(turn, *buttons)


def _set(turn: Turn, rhythms: Mapping[str, Rhythm]) -> None:
    before = rhythm_by_kind(present(turn))
    set_preferences(turn, **{kind: str(one) for kind, one in rhythms.items()})
    items = [
        (turn.word(f"nudge_{kind}"), turn.deps.texts.times.rhythm(turn.language, one))
        for kind, one in rhythms.items()
    ]
    turn.say("rhythm_set", items=items)
    confirm(turn, undo(turn, INTENT, code_of({kind: before[kind] for kind in rhythms})))
