"""SIGKILL: at any moment, and between any two steps of a turn, nothing is lost or doubled."""

import random
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.faults.scene import Scene, deps_of
from tests.faults.walk import PATIENCE_S, Walker, expected, kept
from tests.stack import Leo, RasaServer, wait_until
from tests.telegram.double import TelegramDouble

KILLS = 30
WHOLE_STACK_EVERY = 10
SEED = 5370


@pytest.fixture(autouse=True)
def rasa_again(rasa: RasaServer) -> Iterator[None]:
    """The Rasa server is there for the next test, whatever happened to it in this one."""
    yield
    if rasa.process is None or rasa.process.poll() is not None:
        rasa.start()


@pytest.fixture
def walkers(scene: Scene) -> list[Walker]:
    """People who have consented: patient ones, and some who send line upon line."""
    people = [("en", "Oriane", 1), ("fr", "Kwamena", 1), ("en", "Sigrid", 3), ("fr", "Anselme", 5)]
    return [
        Walker(scene.friend(name, language), language, at_once)
        for language, name, at_once in people
    ]


@pytest.mark.timeout(900)  # Thirty starts take their time where others use the machine, too.
def test_killed_at_random_moments(
    scene: Scene, rasa: RasaServer, walkers: list[Walker], telegram: TelegramDouble, leo: Leo
) -> None:
    """However often the stack is killed, every message is kept once, in order, and answered."""
    enough = threading.Event()
    with ThreadPoolExecutor() as pool:
        walks = [pool.submit(walker.walk, enough) for walker in walkers]
        try:
            _kill_over_and_over(leo, rasa, walkers, pool)
        finally:
            enough.set()
    for walk in walks:
        walk.result()
    scene.rest()

    deps = deps_of(leo)
    for walker in walkers:
        assert kept(deps, walker.user) == expected(walker, telegram)
        assert not scene.unanswered(walker)
    assert 0 <= sum(scene.doubled(walker.user) for walker in walkers) <= scene.sent_again
    for trouble in ("telegram.bad_request", "telegram.unsure", "outbox.unsendable"):
        assert not scene.logged(trouble)


def _kill_over_and_over(
    leo: Leo, rasa: RasaServer, walkers: list[Walker], pool: ThreadPoolExecutor
) -> None:
    chance = random.Random(SEED)
    rasa_starts: list[Future[None]] = []
    for number in range(1, KILLS + 1):
        if chance.random() < 0.5:  # Else Leo may be killed before it has said a word.
            said = _heard(walkers)
            wait_until(lambda: _heard(walkers) > said, PATIENCE_S, "a word")  # noqa: B023
        time.sleep(chance.uniform(0.0, 0.5))
        wait_until(lambda: any(walker.waits for walker in walkers), PATIENCE_S, "a turn")
        roles = chance.sample(["bot", "actions"], 2)
        if number % WHOLE_STACK_EVERY == 0:
            for start in rasa_starts:
                start.result()
            rasa.stop(signal.SIGKILL)
            rasa_starts.append(pool.submit(rasa.start))
        leo.kill(*roles)
        leo.start()
    for start in rasa_starts:
        start.result()


def _heard(walkers: list[Walker]) -> int:
    """How many messages all have got."""
    return sum(len(walker.user.messages) for walker in walkers)
