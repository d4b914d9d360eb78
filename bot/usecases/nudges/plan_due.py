"""Look at those whom it is time to look at, and take what has become due. All in sets."""

from datetime import datetime

from bot.coaching.schedule import Slot, plan
from bot.usecases.nudges.schedules import schedule_of
from bot.usecases.ports import Mode
from bot.usecases.turn import Deps

# In one transaction: a reply must not wait long behind it.
BATCH = 1000


def tick(deps: Deps, now: datetime) -> int:
    """Plan, expire, ripen and claim all that `now` asks for; return how many were claimed."""
    with deps.open(Mode.READ) as uow:
        if uow.nudges.nothing_to_do(now):
            return 0
    while plan_due(deps, now) == BATCH:
        pass
    claimed = 0
    while True:
        moved = _move(deps, now)
        claimed += moved[1]
        if max(moved) < BATCH:
            return claimed


def plan_due(deps: Deps, now: datetime, limit: int = BATCH) -> int:
    """Plan what has become due for people, and when to look at them again; return how many."""
    with deps.open(Mode.RELAXED) as uow:
        standings = uow.nudges.standings_due(now, limit)
        fresh: list[tuple[int, Slot]] = []
        looks: dict[int, datetime | None] = {}
        for standing in standings:
            assert standing.next_at is not None
            slots, look = plan(schedule_of(standing, deps), standing.next_at, now, ())
            fresh += [(standing.person_id, slot) for slot in slots]
            looks[standing.person_id] = look
        uow.nudges.plan(fresh, now)
        uow.nudges.set_next_looks(looks)
    return len(standings)


def _move(deps: Deps, now: datetime) -> tuple[int, int, int]:
    """Move a batch on; return how many expired unsent, were claimed, and became due."""
    with deps.open(Mode.RELAXED) as uow:
        expired = uow.nudges.expire_unsent(now, BATCH)
        ripe = uow.nudges.ripen(now, BATCH)
        return expired, uow.nudges.claim(now, BATCH), ripe
