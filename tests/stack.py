"""Leo as its operator runs it, for tests: real processes, real Rasa, a Bot API double."""

import fcntl
import json
import os
import secrets
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bot.dialogue.model import ensure_model, python
from tests.processes import Forked, Order, Process, end, run_leo

ROOT = Path(__file__).resolve().parent.parent
TOKEN = "123456:" + "a" * 35
START_S = 90.0
# Below those that systems give to outgoing connections.
FIRST_PORT, PORTS = 10_000, 20_000


def free_port() -> int:
    """Return a port of this machine that nobody uses now, and no outgoing connection will take."""
    while True:
        port = FIRST_PORT + secrets.randbelow(PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def wait_until(met: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait until a condition is met, or fail naming it."""
    deadline = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s in vain for {what}"
        time.sleep(0.02)


def answers(url: str, token: str = "") -> bool:
    """Tell whether an address answers with success."""
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request, timeout=2) as response:
            return bool(response.status == 200)
    except OSError:
        return False


@dataclass
class Ports:
    """The ports and the token that the parts of one Leo share."""

    dialogue: int = field(default_factory=free_port)
    actions: int = field(default_factory=free_port)
    token: str = field(default_factory=secrets.token_hex)

    @property
    def env(self) -> dict[str, str]:
        """Return them as settings."""
        return {
            "LEO_DIALOGUE_PORT": str(self.dialogue),
            "LEO_ACTIONS_PORT": str(self.actions),
            "LEO_LOOPBACK_TOKEN": self.token,
        }


def trained_model() -> Path:
    """Return the present model: of all who want it at once one trains it, and the others wait."""
    models = ROOT / "rasa_server" / "models"
    models.mkdir(exist_ok=True)
    with (models / "training.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return ensure_model(ROOT, print)


class RasaServer:
    """One Rasa server with the present model, for as many tests as like it: it keeps nothing."""

    def __init__(self, log: Path) -> None:
        self.ports = Ports()
        self._log = log
        self._model = trained_model()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [str(python(ROOT)), "serve.py", "run", str(self._model), str(self.ports.dialogue)]
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT / "rasa_server",
                env={**os.environ, **self.ports.env},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        url = f"http://127.0.0.1:{self.ports.dialogue}/webhooks/rest/"
        wait_until(lambda: answers(url, self.ports.token), START_S, "the Rasa server")

    def stop(self, number: int = signal.SIGTERM) -> None:
        """End it."""
        if self.process is not None:
            end(self.process, number)


@contextmanager
def stopped(rasa: RasaServer) -> Iterator[None]:
    """The Rasa server takes connections but does nothing."""
    assert rasa.process is not None
    rasa.process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        rasa.process.send_signal(signal.SIGCONT)


class Leo:
    """The action server and, with a double, the bot: on one data folder, over a shared Rasa."""

    def __init__(
        self, rasa: RasaServer, folder: Path, api_url: str | None = None, **settings: str
    ) -> None:
        self.folder = folder
        self._ports = rasa.ports
        self._telegram = api_url is not None
        self.env = {
            **{key: value for key, value in os.environ.items() if not key.startswith("LEO_")},
            **rasa.ports.env,
            "LEO_DATA_DIR": str(folder / "var"),
            "LEO_CONSOLE_PORT": str(free_port()),
            "PYTHONPATH": str(ROOT),
            **({"LEO_TELEGRAM_TOKEN": TOKEN, "LEO_TELEGRAM_API_URL": api_url} if api_url else {}),
            **settings,
        }
        self.processes: dict[str, Process] = {}

    def start(self) -> None:
        """Start the processes and wait until they answer."""
        self._spawn("actions")
        url = f"http://127.0.0.1:{self._ports.actions}/health"
        wait_until(lambda: answers(url), START_S, "the action server")
        if self._telegram:
            self._spawn("bot")
            health = f"http://127.0.0.1:{self.env['LEO_CONSOLE_PORT']}/healthz"
            wait_until(lambda: answers(health), START_S, "the bot")

    def _spawn(self, role: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        log = self.folder / f"{role}.log"
        order = Order(["run", "--only", role], self.folder, self.env, out=log, err=log)
        self.processes[role] = Forked(order)

    def kill(self, *roles: str) -> None:
        """Kill processes without warning (SIGKILL)."""
        for role in roles or tuple(self.processes):
            end(self.processes.pop(role), signal.SIGKILL)

    def stop(self) -> None:
        """End the processes as an operator would."""
        for process in reversed(self.processes.values()):
            end(process)
        self.processes.clear()

    def log(self) -> str:
        """Return all that was logged so far."""
        return "".join(path.read_text() for path in sorted(self.folder.glob("*.log")))

    def chat(self, lines: list[str], *, name: str = "Kim", language: str = "en") -> list[dict]:
        """Hold a chat in the terminal through a pipe and return what Leo says."""
        words = ["chat", "--json", "--name", name, "--language", language]
        done = run_leo(words, self.folder, self.env, "".join(f"{line}\n" for line in lines))
        done.success()
        return [json.loads(line) for line in done.out.splitlines()]


@contextmanager
def running_leo(
    rasa: RasaServer, folder: Path, api_url: str | None = None, **settings: str
) -> Iterator[Leo]:
    """Give a running Leo, ended afterwards."""
    leo = Leo(rasa, folder, api_url, **settings)
    try:
        leo.start()
        yield leo
    finally:
        leo.stop()
