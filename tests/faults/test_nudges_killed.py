"""Scheduler and sender killed at random moments: no nudge is lost, and none comes twice but in
the one window that is documented (decision 0017).
"""

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, select

from bot.coaching.occurrence import NudgeState
from bot.store import database
from bot.store import tables as t
from bot.store.unit_of_work import units_of_work
from bot.store.vault import Vault, new_key
from bot.usecases.records import OutboxState
from tests.store import make
from tests.store.databases import empty_database
from tests.store.nudging import paris
from tests.telegram.double import TelegramDouble

PEOPLE, KILLS, PATIENCE_S = 60, 4, 60.0
PEAK = paris(2, 9)


@contextmanager
def worker(engine: Engine, key: str, double: TelegramDouble) -> Iterator[None]:
    """Have a scheduler and a sender at work at nine o'clock in Paris, killed in the end."""
    ahead_s = (PEAK - datetime.now(UTC)).total_seconds()
    words = ("-m", "tests.nudge_worker", str(engine.url), key, double.url, str(ahead_s))
    process = subprocess.Popen([sys.executable, *words], stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.kill()
        process.wait()
        with engine.begin() as connection:
            # Nobody waits here for the lease of the dead: tests/store/test_lease.py does.
            connection.execute(t.lease.delete())


def sent(engine: Engine) -> int:
    query = select(t.occurrence.c.id).where(t.occurrence.c.state == NudgeState.SENT)
    with engine.connect() as connection:
        return len(connection.execute(query).all())


def test_killed_again_and_again(tmp_path: Path) -> None:
    """After every kill the next process goes on, until everybody got their question once."""
    chance, key, in_window = random.Random(7), new_key(), set[int]()
    with empty_database("sqlite", tmp_path) as url, TelegramDouble() as double:
        engine = database.connect(url)
        database.unlock(engine, Vault([key]))
        database.upgrade(engine)
        with units_of_work(engine)() as uow:
            for number in range(1, PEOPLE + 1):
                double.user(number).command("/start")
                made = {"zone": "Europe/Paris", "consented_at": PEAK - timedelta(hours=1)}
                make.person(uow, address=f"{number}", next_at=PEAK - timedelta(hours=1), **made)
        for _ in range(KILLS):
            before = len(double.calls_of("sendMessage"))
            with worker(engine, key, double):
                wanted = min(before + chance.randrange(1, 12), PEOPLE)
                double.wait_until(lambda n=wanted: len(double.calls_of("sendMessage")) >= n, 60)
            sending = select(t.outbox.c.address).where(t.outbox.c.state == OutboxState.SENDING)
            with engine.connect() as connection:
                in_window |= {int(chat) for chat in connection.scalars(sending)}
        with worker(engine, key, double):
            end = time.monotonic() + PATIENCE_S
            while sent(engine) < PEOPLE and time.monotonic() < end:
                time.sleep(0.1)
        got = {number: len(double.user(number).messages) for number in range(1, PEOPLE + 1)}
        engine.dispose()
    assert 0 not in got.values()
    assert {chat for chat, count in got.items() if count > 1} <= in_window
