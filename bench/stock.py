"""The stock assistant for the bench: trained, served, talked to. See `stock/README.md`."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench import drive
from bot.errors import SettingsError

HERE = Path(__file__).with_name("stock")
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}


def train(folder: Path) -> float:
    """Train its model into a folder; the seconds of the whole process."""
    command = [*_rasa(), "train", "--fixed-model-name", "stock", "--out", str(folder)]
    return drive.timed(command, cwd=HERE, env=_env(folder), log=folder / "train.log")


def python() -> Path:
    """Return the Python of the whole Rasa. Raises SettingsError when it is not set up."""
    path = HERE / ".venv" / "bin" / "python"
    if not path.exists():
        raise SettingsError(f"The stock assistant is not set up: run `uv sync` in {HERE}.")
    return path


def _rasa() -> list[str]:
    return [str(python()), "-m", "rasa"]


def _env(folder: Path) -> dict[str, str]:
    # Rasa keeps what it has trained once in the folder it runs in: neither there nor twice.
    return {**QUIET, "RASA_CACHE_DIRECTORY": str(folder / "cache"), "SANIC_HOST": "127.0.0.1"}


@dataclass(frozen=True)
class Stock:
    """A running stock assistant: its address, its processes, and the seconds it took to start."""

    url: str
    processes: tuple[subprocess.Popen[bytes], ...]
    start_s: float

    def talk(self, name: str) -> "StockTalk":
        """Begin a talk with it."""
        return StockTalk(httpx.AsyncClient(base_url=self.url, trust_env=False, timeout=120), name)

    @property
    def rss_mb(self) -> float:
        """Resident memory of all its processes, in MiB."""
        return drive.rss_mb(process.pid for process in self.processes)


@contextmanager
def running(folder: Path) -> Iterator[Stock]:
    """Give the stock assistant, served with the model in a folder; ended afterwards."""
    ports = {"actions": drive.free_port(), "dialogue": drive.free_port()}
    env = {**_env(folder), "STOCK_ACTIONS_PORT": str(ports["actions"])}
    commands = {
        "actions": [sys.executable, "-m", "rasa_sdk", "--actions", "actions"],
        "dialogue": [*_rasa(), "run", "--model", str(folder), "--interface", "127.0.0.1"],
    }
    start = time.perf_counter()
    processes = tuple(
        drive.start_process(
            [*command, "--port", str(ports[name])], cwd=HERE, env=env, log=folder / f"{name}.log"
        )
        for name, command in commands.items()
    )
    try:
        drive.wait_ready(f"http://127.0.0.1:{ports['actions']}/health", processes[0])
        url = f"http://127.0.0.1:{ports['dialogue']}"
        drive.wait_ready(f"{url}/webhooks/rest/", processes[1])
        yield Stock(url, processes, _first_answer(url) - start)
    finally:
        for process in processes:
            drive.stop_process(process)


def _first_answer(url: str) -> float:
    body = {"sender": "first", "message": "hello"}
    answer = httpx.post(f"{url}/webhooks/rest/webhook", json=body, trust_env=False, timeout=120)
    answer.raise_for_status()
    return time.perf_counter()


class StockTalk:
    """A person's talk with the stock assistant."""

    def __init__(self, http: httpx.AsyncClient, name: str) -> None:
        """Take a client of the server, and what the person is called."""
        self._http, self._name = http, name

    async def say(self, text: str) -> float:
        """Say something; the seconds until the reply. Raises RuntimeError when there is none."""
        body = {"sender": self._name, "message": text}
        start = time.perf_counter()
        answer = await self._http.post("/webhooks/rest/webhook", json=body)
        seconds = time.perf_counter() - start
        if not answer.raise_for_status().json():
            raise RuntimeError(f"the stock assistant did not answer {text!r}")
        return seconds
