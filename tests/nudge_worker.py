"""A scheduler and a sender of nudges in a process of its own, to be killed: `python -m …`.

The words: the database's URL, its key, the URL of a double of the Bot API, and how many seconds
this process's clock is ahead of the machine's.
"""

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.chat import telegram
from bot.chat.lanes import Lanes
from bot.chat.pace import Pace
from bot.chat.updates import CHANNEL
from bot.nudges.clock import Clock
from bot.simulation.life import Dialogue
from bot.store import database
from bot.store.lease import lease_of
from bot.store.unit_of_work import units_of_work
from bot.store.vault import Vault
from tests.store.nudging import deps_for
from tests.telegram.double import TOKEN


def no_picture(_: dict[str, Any]) -> bytes:
    """Draw nothing."""
    return b""


async def work(url: str, key: str, api: str, ahead_s: float, rate: float = 1000) -> None:
    """Plan, open and send until killed."""
    engine = database.connect(url)
    database.unlock(engine, Vault([key]))
    deps = deps_for(units_of_work(engine))

    def now() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=ahead_s)

    bot = telegram.build_bot(TOKEN, api)
    await bot.initialize()
    messenger = telegram.TelegramMessenger(bot, Pace(rate), no_picture, now)
    lanes = Lanes(deps, Dialogue(deps, now), {CHANNEL: messenger}, now)
    await asyncio.gather(Clock(deps, lease_of(engine), now).run(), lanes.sweep())


if __name__ == "__main__":
    asyncio.run(work(*sys.argv[1:4], ahead_s=float(sys.argv[4])))
