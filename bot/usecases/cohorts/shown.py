"""The picture of who took part, as page and chat draw it from what may be shown."""

from collections.abc import Callable, Sequence
from typing import Any

from bot.privacy.groups import Count
from bot.privacy.weeks import Week
from bot.usecases import tally

KINDS = (tally.ACTIVE, *tally.KINDS.values())

type Word = Callable[[str], str]


def participation(weeks: Sequence[Week], word: Word) -> dict[str, Any]:
    """Return the description of the picture; `word` gives its words."""
    rows = [
        {
            "label": word(f"kind_{kind}"),
            "shares": [_share(counted(week, kind), week.joined) for week in weeks],
        }
        for kind in KINDS
    ]
    picture = {
        "title": word("participation_title"),
        "legend": word("participation_legend"),
        "week": word("column_week"),
        "weeks": [str(week.week + 1) for week in weeks],
        "rows": rows,
        "too_few": word("not_shown"),
    }
    return {"heat": picture, "alt": word("participation_title")}


def counted(week: Week, kind: str) -> Count:
    """Return how many did something of a kind in a week."""
    return week.active if kind == tally.ACTIVE else week.kinds[kind]


def _share(count: Count, joined: int) -> float | None:
    return count.people / joined if count.people is not None else None
