"""An operator at the command line: real `leo` processes on a folder of their own."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import wiring
from bot.chat.terminal import address_of
from bot.settings import Settings
from bot.usecases.turn import Deps
from tests.stack import ROOT, free_port
from tests.store.chat import Chat

# What people said in the Leo that is in use.
WORDS = {"en": "She asked me what I thought.", "fr": "Elle m’a demandé mon avis."}
# Permission bits do not bind root: it gives up the two rights to pass over them.
AS_ANYBODY = """
import ctypes, os, sys
libc, pr_capbset_drop = ctypes.CDLL(None), 24
for right in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
    hasattr(libc, "prctl") and libc.prctl(pr_capbset_drop, right, 0, 0, 0)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


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


class Commands:
    """Runs `leo` commands in processes of their own."""

    def __init__(self) -> None:
        self._forks = subprocess.Popen(
            [sys.executable, "-m", "tests.operator.forks"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, words: list[str], folder: Path, env: dict[str, str], stdin: str) -> Done:
        """Run one to its end."""
        assert self._forks.stdin is not None
        assert self._forks.stdout is not None
        with tempfile.TemporaryDirectory() as scratch:
            files = [Path(scratch) / name for name in ("in", "out", "err")]
            files[0].write_text(stdin)
            order = {"words": words, "folder": str(folder), "env": env}
            order["files"] = [str(file) for file in files]
            self._forks.stdin.write(json.dumps(order) + "\n")
            self._forks.stdin.flush()
            status = int(self._forks.stdout.readline())
            return Done(status, files[1].read_text(), files[2].read_text())

    def close(self) -> None:
        """Run no more."""
        self._forks.communicate()


class Operator:
    """Somebody at the command line, in a folder."""

    def __init__(self, folder: Path, commands: Commands) -> None:
        self.folder, self.var, self._commands = folder, folder / "var", commands
        self.database, self.key_file = self.var / "leo.db", self.var / "encryption.keys"
        self.env = {
            **{key: value for key, value in os.environ.items() if not key.startswith("LEO_")},
            **{"PYTHONPATH": str(ROOT), "COLUMNS": "200"},
            "LEO_CONSOLE_PORT": str(free_port()),
            "LEO_DIALOGUE_PORT": str(free_port()),
            "LEO_ACTIONS_PORT": str(free_port()),
        }

    def leo(self, *words: str, stdin: str = "", **settings: str) -> Done:
        """Run `leo …` to its end, with more settings (`ZONE="Mars"`)."""
        env = self.env | {f"LEO_{key}": value for key, value in settings.items()}
        return self._commands.run(list(words), self.folder, env, stdin)

    def leo_as_anybody(self, *words: str) -> Done:
        """Run `leo …` as somebody whom permission bits bind, also where root runs the tests."""
        process = subprocess.run(
            [sys.executable, "-c", AS_ANYBODY, "-m", "bot", *words],
            cwd=self.folder,
            env=self.env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return Done(process.returncode, process.stdout, process.stderr)

    @contextmanager
    def inside(self, **settings: str) -> Iterator[Deps]:
        """Give what the use cases of this Leo work with."""
        house = wiring.house(Settings(data_dir=self.var, _env_file=None, **settings))
        try:
            yield house.deps
        finally:
            house.engine.dispose()

    def files(self) -> dict[str, bytes]:
        """Return the database and the keys, byte for byte."""
        kept = [*self.var.glob("leo.db"), *self.var.glob("*encryption*")]
        return {path.name: path.read_bytes() for path in kept}


@pytest.fixture(scope="session")
def commands() -> Iterator[Commands]:
    """What runs `leo` commands."""
    commands = Commands()
    yield commands
    commands.close()


@pytest.fixture
def operator(tmp_path: Path, commands: Commands) -> Operator:
    """An operator in an empty folder."""
    return Operator(tmp_path, commands)


@pytest.fixture(scope="session")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a Leo that knows Ana in Telegram and Kim in the terminal."""
    folder = tmp_path_factory.mktemp("used") / "var"
    house = wiring.house(Settings(data_dir=folder, _env_file=None))
    ana = Chat(house.deps, address="42", name="Ana", language="en")
    ana.walk(nickname="Theo", words=WORDS["en"])
    kim = Chat(house.deps, channel="terminal", address=address_of("Kim"), name="Kim", language="fr")
    kim.walk(nickname="Maya", words=WORDS["fr"])
    house.engine.dispose()
    return folder


@pytest.fixture
def in_use(operator: Operator, used: Path) -> Operator:
    """An operator of a Leo that people have talked with."""
    shutil.copytree(used, operator.var)
    return operator
