"""SIGKILL between two certain steps of a turn: nothing is lost, and a doubling is owned up to."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.faults.gate import Gate
from tests.faults.scene import Scene
from tests.faults.walk import AGREED, PATIENCE_S, RATING, Walker
from tests.stack import Leo, RasaServer, free_port, running_leo, stopped, wait_until
from tests.telegram.double import TelegramDouble


@pytest.fixture(scope="module")
def actions_port() -> int:
    """Where the action server listens; the Rasa server knows the gate in front of it."""
    return free_port()


@pytest.fixture(scope="module")
def gate(rasa: RasaServer, actions_port: int) -> Iterator[Gate]:
    """The way to the action server."""
    with Gate(rasa.ports.actions, actions_port) as gate:
        yield gate


@pytest.fixture(scope="module")
def leo(
    rasa: RasaServer,
    telegram: TelegramDouble,
    gate: Gate,
    actions_port: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Leo]:
    """A running Leo whose action server stands behind the gate."""
    folder = tmp_path_factory.mktemp("leo")
    port = {"LEO_ACTIONS_PORT": str(actions_port)}
    with running_leo(rasa, folder, telegram.url, **port) as leo:
        yield leo


@pytest.fixture
def walker(scene: Scene) -> Walker:
    """Somebody whom Leo has asked the test's second question, a rating."""
    return scene.walker("Oriane")


def test_bot_before_storing(scene: Scene, walker: Walker) -> None:
    """An update that had arrived but was not stored comes again, and is worked on once."""
    with scene.locked():
        message_id = walker.say(RATING)
        scene.telegram.wait_until(lambda: scene.telegram.calls_of("getUpdates")[-1].status == 200)
        assert scene.state_of(message_id) is None
        scene.leo.kill("bot")
    scene.start("bot")
    scene.check(walker)


def test_bot_between_storing_and_turn(scene: Scene, walker: Walker, rasa: RasaServer) -> None:
    """An update that was stored is worked on after the restart."""
    with stopped(rasa):
        message_id = scene.take_up(walker, RATING)
        scene.leo.kill("bot")
        assert scene.state_of(message_id) == "pending"
    scene.start("bot")
    scene.check(walker)


def test_bot_before_it_hears_of_the_turn(scene: Scene, walker: Walker, gate: Gate) -> None:
    """A turn that ended without the bot is not taken again; its answer goes out."""
    with gate.holding_answers():
        message_id = walker.say(RATING)
        wait_until(lambda: scene.state_of(message_id) == "done", PATIENCE_S, "the action")
        scene.leo.kill("bot")
    scene.start("bot")
    scene.check(walker)


def test_action_server_before_its_commit(
    scene: Scene, walker: Walker, rasa: RasaServer, gate: Gate
) -> None:
    """A turn lost before its commit is taken once the action server is back."""
    with ExitStack() as lock:
        with stopped(rasa):
            scene.take_up(walker, RATING)
            lock.enter_context(scene.locked())
            gate.asked.clear()
        assert gate.asked.wait(PATIENCE_S)
        scene.leo.kill("actions")
    scene.start("actions")
    scene.check(walker)


def test_action_server_after_its_commit(scene: Scene, walker: Walker, gate: Gate) -> None:
    """A turn whose end nobody heard of is not taken again; its answer goes out."""
    with gate.losing_answers():
        message_id = walker.say(RATING)
        assert gate.lost.wait(PATIENCE_S)
        scene.leo.kill("actions")
        assert scene.state_of(message_id) == "done"
    scene.start("actions")
    scene.check(walker)


@pytest.mark.parametrize(("accepted", "doubled"), [(True, 1), (False, 0)])
def test_bot_while_sending(
    scene: Scene, walker: Walker, telegram: TelegramDouble, accepted: bool, doubled: int
) -> None:
    """What was being sent is sent again, and owned up to: Telegram may have taken it or not."""
    before, sent_again = scene.sendings(walker.user), scene.sent_again
    telegram.hang("sendMessage", accepted=accepted, chat=walker.user.id)
    walker.say(RATING)
    telegram.wait_until(lambda: len(scene.sendings(walker.user)) > len(before), PATIENCE_S)
    scene.leo.kill("bot")
    scene.start("bot")
    scene.check(walker, doubled=doubled)
    assert scene.sent_again >= sent_again + 1


def test_bot_while_greeting(scene: Scene, telegram: TelegramDouble) -> None:
    """A newcomer whose greeting was interrupted arrives all the same, and consents once."""
    newcomer = telegram.user(first_name="Sigrid", language_code="fr")
    telegram.hang("sendMessage", chat=newcomer.id)
    newcomer.command("/start")
    newcomer.wait_for(1)
    scene.leo.kill("bot")
    scene.start("bot")
    scene.rest()
    newcomer.send(AGREED["fr"])
    scene.rest()
    query = "select 1 from consent c join person p on p.id = c.person_id where p.address = ?"
    assert scene.rows(query, str(newcomer.id)) == [(1,)]


def test_stopped_while_sending(scene: Scene, walker: Walker, telegram: TelegramDouble) -> None:
    """Stopped as an operator would, the bot waits for Telegram's answer, and doubles nothing."""
    sent_again = scene.sent_again
    telegram.hang("sendMessage", chat=walker.user.id, seconds=1.0)
    walker.say(RATING)
    walker.user.wait_for(1)
    scene.leo.stop()
    scene.leo.start()
    scene.check(walker)
    assert scene.sent_again == sent_again
