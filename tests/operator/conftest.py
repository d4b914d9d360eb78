"""An operator at the command line: real `leo` processes on a folder of their own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot import wiring
from bot.chat.terminal import address_of
from bot.settings import Settings
from bot.usecases.turn import Deps
from tests.processes import Done, run_leo
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


class Operator:
    """Somebody at the command line, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.var = folder, folder / "var"
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
        return run_leo(words, self.folder, env, stdin)

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


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    """An operator in an empty folder."""
    return Operator(tmp_path)


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
