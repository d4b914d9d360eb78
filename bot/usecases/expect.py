"""Say what Leo expects from a person now, so that the NLU reads their message in context."""

from datetime import datetime
from typing import Any

from bot.coaching.reading import fits
from bot.usecases.messages import Incoming, Told
from bot.usecases.turn import Deps, Turn


def expectation(deps: Deps, incoming: Incoming, now: datetime) -> dict[str, Any]:
    """Return `{"kind": …, "fits": …}`: the kind of the open question, or `nothing`."""
    with deps.open() as uow:
        turn = Turn(deps, uow, incoming, now)
        step = turn.step
        if step is None:
            return {"kind": "nothing", "fits": False}
        fitting = incoming.told is Told.TEXT and fits(step, incoming.text, turn.today)
        return {"kind": step.kind.value, "fits": fitting}
