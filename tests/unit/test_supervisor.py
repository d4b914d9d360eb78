"""The supervisor: keeps real child processes running, ends them all, and says what is wrong."""

import asyncio
import os
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from bot import supervisor as module
from bot.supervisor import Child, ChildFailed, Supervisor

PATIENCE_S = 20.0
# A child writes its number into a file, then sleeps.
STAYS = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); time.sleep(600)"
IGNORES_TERM = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {STAYS}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def numbers(file: Path) -> list[int]:
    return [int(line) for line in file.read_text().splitlines()] if file.exists() else []


def alive(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def child(folder: Path, name: str = "dialogue", code: str = STAYS, port: int = 0) -> Child:
    """Return a child that is ready once it has written its number."""
    file = folder / f"{name}.pids"

    async def ready() -> bool:
        return bool(numbers(file))

    command = (sys.executable, "-c", code, str(file))
    return Child(name, command, folder, {}, port or free_port(), ready)


async def until(met: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not met():
            await asyncio.sleep(0.01)


def test_a_child_that_dies_is_started_again(tmp_path: Path) -> None:
    """A child that was killed runs again, and the others are left alone."""

    async def scenario() -> None:
        supervisor = Supervisor([child(tmp_path), child(tmp_path, "actions")], tmp_path / "logs")
        try:
            await supervisor.start(PATIENCE_S)
            [first] = numbers(tmp_path / "dialogue.pids")
            os.kill(first, 9)
            await until(lambda: len(numbers(tmp_path / "dialogue.pids")) == 2)
            supervisor.check()
            [other] = numbers(tmp_path / "actions.pids")
            assert alive(numbers(tmp_path / "dialogue.pids")[1]) and alive(other)
        finally:
            await supervisor.stop()

    asyncio.run(scenario())


def test_stop_ends_every_child(tmp_path: Path) -> None:
    """After stop nothing runs any more, and nothing is started again."""

    async def scenario() -> None:
        supervisor = Supervisor([child(tmp_path), child(tmp_path, "actions")], tmp_path / "logs")
        await supervisor.start(PATIENCE_S)
        await supervisor.stop()
        await supervisor.stop()

    asyncio.run(scenario())
    pids = [*numbers(tmp_path / "dialogue.pids"), *numbers(tmp_path / "actions.pids")]
    assert len(pids) == 2
    assert not any(map(alive, pids))


def test_a_child_that_will_not_end_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A child that ignores the polite request is ended by force."""
    monkeypatch.setattr(module, "GRACE_S", 0.1)

    async def scenario() -> None:
        supervisor = Supervisor([child(tmp_path, code=IGNORES_TERM)], tmp_path / "logs")
        await supervisor.start(PATIENCE_S)
        await supervisor.stop()

    asyncio.run(scenario())
    assert not any(map(alive, numbers(tmp_path / "dialogue.pids")))


def complaint(children: list[Child], logs: Path, patience_s: float = PATIENCE_S) -> str:
    async def scenario() -> str:
        supervisor = Supervisor(children, logs)
        try:
            with pytest.raises(ChildFailed) as caught:
                await supervisor.start(patience_s)
            return str(caught.value)
        finally:
            await supervisor.stop()

    return asyncio.run(scenario())


def test_a_child_that_cannot_stay_up_is_given_up(tmp_path: Path) -> None:
    """A child that ends again and again just after its start is named, with its log."""
    code = "import sys; sys.exit('no model here')"
    told = complaint([child(tmp_path, code=code)], tmp_path / "logs")
    log = tmp_path / "logs" / "dialogue.log"
    assert "“dialogue”" in told and "3 times" in told and str(log) in told
    assert log.read_text().count("no model here") == 3


def test_a_child_that_fails_later_is_told_by_check(tmp_path: Path) -> None:
    """Once Leo runs, a child that cannot come back is told by `check`."""
    # Its second start and all later ones fail: the file with its number is there.
    code = f"import os, sys; os.path.exists(sys.argv[1]) and sys.exit(1); {STAYS}"

    async def scenario() -> None:
        supervisor = Supervisor([child(tmp_path, code=code)], tmp_path / "logs")
        try:
            await supervisor.start(PATIENCE_S)
            supervisor.check()
            os.kill(numbers(tmp_path / "dialogue.pids")[0], 9)
            with pytest.raises(ChildFailed, match="“dialogue” ended 3 times"):
                async with asyncio.timeout(PATIENCE_S):
                    while True:
                        supervisor.check()
                        await asyncio.sleep(0.01)
        finally:
            await supervisor.stop()

    asyncio.run(scenario())


def test_a_program_that_is_missing_is_named(tmp_path: Path) -> None:
    """A child whose program is not there is told as such, at once."""
    there = child(tmp_path)
    missing = Child("dialogue", ("/no/such/python",), tmp_path, {}, there.port, there.ready)
    told = complaint([missing], tmp_path / "logs")
    assert "“dialogue”" in told and "/no/such/python" in told


def test_a_child_that_never_answers(tmp_path: Path) -> None:
    """When patience runs out, the logs are named, and nothing is left running."""

    async def never() -> bool:
        return False

    there = child(tmp_path)
    deaf = Child("dialogue", there.command, tmp_path, {}, there.port, never)
    told = complaint([deaf], tmp_path / "logs", patience_s=0.5)
    assert "did not answer" in told and str(tmp_path / "logs") in told
    assert not any(map(alive, numbers(tmp_path / "dialogue.pids")))


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])
def test_a_port_that_is_taken_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """Before anything is started, a taken port is named, with the setting that changes it."""
    monkeypatch.setattr(module, "PORT_PATIENCE_S", 0.1)
    with socket.socket() as taken:
        taken.bind((address, 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = complaint(
            [child(tmp_path), child(tmp_path, "actions", port=port)], tmp_path / "logs"
        )
    assert f"Port {port} " in told and "“actions”" in told and "LEO_ACTIONS_PORT" in told
    assert numbers(tmp_path / "dialogue.pids") == []


def test_a_port_that_is_about_to_be_free_is_waited_for(tmp_path: Path) -> None:
    """A port that the children of a killed Leo still hold is taken once they have left it."""

    async def scenario() -> None:
        with socket.socket() as leaving:
            leaving.bind(("127.0.0.1", 0))
            leaving.listen()
            waiting = child(tmp_path, port=leaving.getsockname()[1])
            supervisor = Supervisor([waiting], tmp_path / "logs")
            start = asyncio.create_task(supervisor.start(PATIENCE_S))
            await asyncio.sleep(0.05)
            assert numbers(tmp_path / "dialogue.pids") == []
        try:
            await start
            assert len(numbers(tmp_path / "dialogue.pids")) == 1
        finally:
            await supervisor.stop()

    asyncio.run(scenario())


def test_a_child_gets_its_environment_and_a_log(tmp_path: Path) -> None:
    """A child sees its own settings beside ours, has no input, and prints to its log."""
    code = (
        "import os, sys; print(os.environ['LEO_X'], 'PATH' in os.environ, sys.stdin.read() == '');"
        f"print('trouble', file=sys.stderr); sys.stdout.flush(); {STAYS}"
    )
    plain = child(tmp_path, code=code)
    told = Child("dialogue", plain.command, tmp_path, {"LEO_X": "7"}, plain.port, plain.ready)

    async def scenario() -> None:
        supervisor = Supervisor([told], tmp_path / "logs")
        try:
            await supervisor.start(PATIENCE_S)
        finally:
            await supervisor.stop()

    asyncio.run(scenario())
    log = (tmp_path / "logs" / "dialogue.log").read_text()
    assert "7 True True\n" in log and "trouble\n" in log
