"""`leo run`, all roles under the supervisor: its parts die, it is killed, it is told to end."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.faults.scene import Scene
from tests.faults.walk import RATING, WORDS, Walker
from tests.processes import end
from tests.stack import START_S, Leo, RasaServer, answers, wait_until
from tests.telegram.double import TelegramDouble
from tests.telegram.talk import says


class LeoRun(Leo):
    """Leo as `leo run` has it: one process that keeps the others."""

    def start(self) -> None:
        """Start it, unless it runs, and wait until it answers in Telegram."""
        if "run" not in self.processes:
            self.launch()
        health = f"http://127.0.0.1:{self.env['LEO_CONSOLE_PORT']}/healthz"
        wait_until(lambda: answers(health), START_S, "leo run")

    def launch(self) -> None:
        """Start it, and wait for nothing."""
        with (self.folder / "run.log").open("ab") as log:
            self.processes["run"] = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"],
                cwd=self.folder,
                env=self.env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def end(self, number: int) -> int:
        """Send the main process alone a signal, and return its status."""
        return end(self.processes.pop("run"), number)


@pytest.fixture(scope="module")
def leo(telegram: TelegramDouble, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LeoRun]:
    """Leo on ports and a folder of its own; each test starts it where it does not run."""
    folder = tmp_path_factory.mktemp("leo")
    leo = LeoRun(RasaServer(folder / "unused.log"), folder, telegram.url)
    yield leo
    leo.stop()


@pytest.fixture
def walkers(scene: Scene, leo: LeoRun) -> list[Walker]:
    """People whom Leo has asked the test's second question, a rating."""
    leo.start()
    return [scene.walker(name) for name in ("Oriane", "Sigrid", "Kwamena")]


def children(scene: Scene) -> dict[str, int]:
    """The pid of each child started last."""
    return {record["child"]: record["pid"] for record in scene.logged("child.started")}


def runs(pid: int) -> bool:
    """Tell whether a process is there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_rasa_dies(scene: Scene, walkers: list[Walker]) -> None:
    """A dead Rasa server is started again; who writes waits, is told so once, and is answered."""
    waiting, hasty, silent = walkers
    dead = children(scene)["dialogue"]
    os.kill(dead, signal.SIGKILL)
    waiting.say(RATING)
    for line in (RATING, WORDS):
        hasty.say(line)
    scene.check(*walkers)
    assert children(scene)["dialogue"] != dead
    for walker in walkers:
        asked = [says(message, "one_moment", "en") for message in walker.user.messages]
        assert sum(asked) == (walker is not silent)
    silent.say(RATING)
    scene.check(*walkers)


def test_action_server_dies(scene: Scene, walkers: list[Walker]) -> None:
    """A dead action server is started again, and who writes meanwhile is answered."""
    os.kill(children(scene)["actions"], signal.SIGKILL)
    for walker in walkers:
        walker.say(RATING)
    scene.check(*walkers)


def test_main_process_dies(scene: Scene, walkers: list[Walker], leo: LeoRun) -> None:
    """The children of a killed Leo end by themselves; started at once, Leo has its own again."""
    orphans = children(scene)
    leo.end(signal.SIGKILL)
    leo.start()
    assert not any(runs(pid) for pid in orphans.values())
    assert all(runs(pid) for pid in children(scene).values())
    for walker in walkers:
        walker.say(RATING)
    scene.check(*walkers)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_told_to_end(scene: Scene, leo: LeoRun, number: signal.Signals) -> None:
    """Ctrl-C and SIGTERM end every child, with status 0."""
    leo.start()
    assert leo.end(number) == 0
    assert not any(runs(pid) for pid in children(scene).values())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_told_to_end_while_starting(scene: Scene, leo: LeoRun, number: signal.Signals) -> None:
    """So they do while Leo is still starting."""
    launch_until_children_start(scene, leo)
    assert leo.end(number) == 0
    assert not any(runs(pid) for pid in children(scene).values())


def test_main_process_dies_while_starting(scene: Scene, leo: LeoRun) -> None:
    """The children of a Leo that was killed while starting end by themselves, too."""
    launch_until_children_start(scene, leo)
    leo.end(signal.SIGKILL)
    orphans = list(children(scene).values())
    try:
        wait_until(lambda: not any(runs(pid) for pid in orphans), 15, "the children to end")
    finally:
        for pid in filter(runs, orphans):
            os.kill(pid, signal.SIGKILL)


def launch_until_children_start(scene: Scene, leo: LeoRun) -> None:
    """Start Leo until its two children are under way."""
    before = len(scene.logged("child.started"))
    leo.launch()
    wait_until(lambda: len(scene.logged("child.started")) == before + 2, START_S, "children")
