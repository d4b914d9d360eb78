"""Weeks on a virtual clock: what was sent is what the preview said, once and on time."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.coaching.occurrence import NudgeKind, NudgeState
from bot.simulation import Plan, simulate
from bot.simulation.people import EAGER
from bot.usecases.nudges.preview import preview
from bot.usecases.ports import OpenUnitOfWork
from bot.usecases.turn import Deps
from tests.store.nudging import deps_for

# The clocks change in Europe and in America within these weeks.
FIRST = date(2027, 3, 8)


def no_picture(_: object) -> bytes:
    return b""


def sent(deps: Deps) -> set[tuple[int, NudgeKind, datetime]]:
    """Return what arrived: to whom, what, and at which local minute it was due."""
    found = set()
    with deps.open() as uow:
        for who in uow.nudges.everyone():
            for one in uow.nudges.all_in(who.person_id, tuple(NudgeState)):
                if one.sent_at is not None:
                    assert one.sent_at - one.due_at < timedelta(minutes=2)
                    local = one.due_at.astimezone(ZoneInfo(who.zone or "UTC"))
                    found.add((who.person_id, one.kind, local))
    return found


def test_the_preview_is_what_is_sent(open_uow: OpenUnitOfWork) -> None:
    """Where everybody answers, each message of the preview is sent, at its minute, and no other."""
    deps = deps_for(open_uow)
    result = simulate(deps, Plan(6, 3, FIRST, habit=EAGER), no_picture)
    promised = {
        (line.person_id, line.slot.kind, line.slot.due_at.astimezone(ZoneInfo(line.zone)))
        for line in preview(deps, FIRST, FIRST + timedelta(days=20))
    }
    assert sent(deps) == promised
    assert len(promised) == 6 * (2 * 7 + 1)
    assert (result.duplicate, result.refused, result.late.total()) == (0, 0, 0)


def test_people_who_do_not_always_answer(open_uow: OpenUnitOfWork) -> None:
    """Every nudge comes to an end; the person shown can be followed message by message."""
    deps = deps_for(open_uow)
    result = simulate(deps, Plan(6, 2, FIRST, show="Ana"), no_picture)
    assert (result.duplicate, result.refused) == (0, 0)
    assert result.states[NudgeKind.DAILY, NudgeState.ANSWERED] > 0
    assert result.states[NudgeKind.DAILY, NudgeState.EXPIRED] > 0
    assert [mine for _, mine, _, _ in result.shown][:2] == [True, False]
    assert result.shown[0][0].hour == 9
