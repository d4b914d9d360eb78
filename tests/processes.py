"""Real processes of Leo's, forked from one that has loaded it: a second saved at each start."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NoReturn, Protocol

PATIENCE_S = 120.0
FORKS = get_context("forkserver")
FORKS.set_forkserver_preload(["bot.cli", "actions.__main__"])


class Process(Protocol):
    """A process that leads a group of its own, as `subprocess.Popen` gives it."""

    pid: int

    def poll(self) -> int | None:
        """Return its status, or None while it runs."""

    def wait(self, timeout: float | None = None) -> int:
        """Return its status once it has ended. Raises subprocess.TimeoutExpired."""


def end(process: Process, number: int = signal.SIGTERM) -> int:
    """Send a signal to a process and its group, and return its status once it has ended."""
    if process.poll() is None:
        os.killpg(process.pid, number)
    try:
        return process.wait(15)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return process.wait(5)


@dataclass(frozen=True)
class Order:
    """A `leo` command: its words, where it runs, and the files that what it says is added to."""

    words: Sequence[str]
    folder: Path
    env: Mapping[str, str]
    out: Path
    err: Path


class Forked:
    """A `leo` command in a process of its own."""

    def __init__(self, order: Order, stdin: str = "") -> None:
        """Start it; what it reads is the text given, by a pipe."""
        reader, writer = FORKS.Pipe(duplex=False)
        begun, beginning = FORKS.Pipe(duplex=False)
        self._fork = FORKS.Process(target=_become, args=(order, reader, beginning), daemon=True)
        self._fork.start()
        reader.close()
        beginning.close()
        begun.poll(None)  # Closed at its other end: now it leads its group.
        assert self._fork.pid is not None
        self.pid = self._fork.pid
        with os.fdopen(os.dup(writer.fileno()), "w") as pipe:
            writer.close()
            pipe.write(stdin)

    def poll(self) -> int | None:
        """Return its status, or None while it runs."""
        return self._fork.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Return its status once it has ended. Raises subprocess.TimeoutExpired."""
        self._fork.join(timeout)
        if self._fork.exitcode is None:
            raise subprocess.TimeoutExpired("leo", timeout or 0)
        return self._fork.exitcode


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    status: int
    out: str
    err: str

    def refusal(self) -> str:
        """Return the one line in which Leo says what is wrong; fail where it is not like that."""
        assert self.status == 1, self
        assert "Traceback" not in self.out + self.err
        [line] = self.err.strip().splitlines()
        assert line.startswith("leo: "), self
        return line.removeprefix("leo: ")

    def success(self) -> str:
        """Return what was told, of a command that did what it should."""
        assert self.status == 0, self
        assert "Traceback" not in self.err
        return self.err.strip()


def run_leo(words: Sequence[str], folder: Path, env: Mapping[str, str], stdin: str = "") -> Done:
    """Run a `leo` command to its end."""
    with tempfile.TemporaryDirectory() as scratch:
        out, err = Path(scratch) / "out", Path(scratch) / "err"
        status = Forked(Order(words, folder, env, out, err), stdin).wait(PATIENCE_S)
        return Done(status, out.read_text(), err.read_text())


def _become(order: Order, stdin: Connection, beginning: Connection) -> NoReturn:
    os.setsid()
    beginning.close()
    os.chdir(order.folder)
    os.environ.clear()
    os.environ.update(order.env)
    os.dup2(stdin.fileno(), 0)
    stdin.close()
    for number, path in ((1, order.out), (2, order.err)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), number)
    sys.stdin = os.fdopen(0)
    sys.argv = ["leo", *order.words]

    from bot import cli

    cli.main()
    sys.exit(0)
