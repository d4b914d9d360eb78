"""The database on its bad days: locked, or broken; every message is answered in the end."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.settings import Settings
from bot.usecases.inbox import MAX_ATTEMPTS, count_failure, retry_failed
from bot.usecases.messages import Incoming, Told
from bot.usecases.receive import receive
from bot.wiring import house
from tests.faults.scene import Scene, deps_of
from tests.faults.walk import PATIENCE_S, RATING, expected, kept
from tests.processes import run_leo
from tests.stack import RasaServer, stopped, wait_until
from tests.telegram.double import TelegramDouble
from tests.telegram.talk import says


def test_locked(scene: Scene, rasa: RasaServer, telegram: TelegramDouble) -> None:
    """While another program locks the database, what is said and sent waits, and comes once."""
    names = ("Oriane", "Sigrid", "Kwamena")
    walkers = sent_to, inside, speaking = [scene.walker(name) for name in names]
    telegram.hang("sendMessage", chat=sent_to.user.id, seconds=2.0)
    sent_to.say(RATING)
    sent_to.user.wait_for(1)
    with ExitStack() as lock:
        with stopped(rasa):
            scene.take_up(inside, RATING)
            lock.enter_context(scene.locked())
        speaking.say(RATING)
        # What became of a message, a turn, and an update that came in: nothing could be written.
        for event in ("lane.failed", "action.failed", "poll.failed"):
            wait_until(lambda: bool(scene.logged(event)), PATIENCE_S, event)  # noqa: B023
    scene.check(*walkers)


@contextmanager
def broken(scene: Scene) -> Iterator[None]:
    """No action can read or write an answer."""
    with closing(sqlite3.connect(scene.database, timeout=10)) as database:
        database.execute("alter table answer rename to lost")
        yield
        database.execute("alter table lost rename to answer")


def test_action_fails(scene: Scene) -> None:
    """What fails five times is set aside and owned up to; `leo inbox retry` takes it up again."""
    walker = scene.walker("Anselme")
    with broken(scene):
        walker.say(RATING)
        [sorry] = walker.user.wait_for(1, PATIENCE_S)
    assert says(sorry, "trouble", "en")
    assert scene.state_of(walker.runs[-1][-1].message_id) == "failed"
    assert len(scene.logged("action.failed")) >= MAX_ATTEMPTS
    done = run_leo(["inbox", "retry"], scene.leo.folder, scene.leo.env)
    assert done.success().startswith("1 message")
    scene.rest()
    assert kept(deps_of(scene.leo), walker.user) == expected(walker, scene.telegram)
    assert walker.user.messages[-1].buttons


def test_fails_again_when_retried(tmp_path: Path) -> None:
    """What was taken up again and fails again is set aside again, without a second message."""
    deps = house(Settings(_env_file=None, data_dir=tmp_path)).deps
    now = datetime.now(UTC)
    update = Incoming("telegram", 1, "42", Told.TEXT, "3")
    receive(deps.open, [update], now)
    for _ in range(2):
        tries = [count_failure(deps, update, now) for _ in range(MAX_ATTEMPTS)]
        assert tries == list(range(1, MAX_ATTEMPTS + 1))
        assert retry_failed(deps) == 1
    with deps.open() as uow:
        assert len(uow.outbox_for("telegram", "42")) == 1
