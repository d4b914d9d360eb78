"""Leo for the bench: without Telegram, to time its turns through Rasa alone; and as it is run."""

import asyncio
import itertools
import json
import math
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import drive
from bench.conversation import ARRIVAL
from bot import wiring
from bot.chat.commands import read_text
from bot.chat.lanes import Lanes
from bot.dialogue.client import DialogueClient
from bot.dialogue.model import ensure_model, python
from bot.settings import ROOT, Settings
from bot.usecases.deliver import Outcome, Parcel
from bot.usecases.messages import Incoming
from bot.usecases.receive import receive
from bot.usecases.records import OutboxState
from bot.wiring import House
from tests.stack import TOKEN, Leo, Ports, RasaServer, running_leo

CHANNEL = "bench"
END_S = 20.0
FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_numbers = itertools.count(1)


def now() -> datetime:
    """The present instant, aware."""
    return datetime.now(UTC)


# --- turns through Rasa alone -----------------------------------------------------------


@contextmanager
def running_turns(folder: Path) -> Iterator["People"]:
    """Give people who talk with Leo: a Rasa server, an action server and their database."""
    folder.mkdir(parents=True)
    rasa = RasaServer(folder / "rasa.log")
    try:
        rasa.start()
        with running_leo(rasa, folder) as leo:
            yield People(_house(leo, rasa.ports), rasa.ports)
    finally:
        rasa.stop()


def _house(leo: Leo, ports: Ports) -> House:
    settings = Settings(
        _env_file=None,
        data_dir=Path(leo.env["LEO_DATA_DIR"]),
        dialogue_port=ports.dialogue,
        actions_port=ports.actions,
    )
    return wiring.house(settings)


class Stopwatch:
    """Leo's client of the Rasa server, with the seconds of its last turn; NaN while there is none.

    A turn that no action worked on is an error: an assistant that falls silent is not fast.
    """

    def __init__(self, client: DialogueClient) -> None:
        self._client = client
        self.seconds = math.nan

    async def send(self, sender: str, message: str, metadata: dict[str, Any]) -> bool:
        """Send a message as Leo does, and note how long the answer takes."""
        start = time.perf_counter()
        done = await self._client.send(sender, message, metadata)
        seconds = time.perf_counter() - start
        if not done:
            raise RuntimeError(f"no action worked on {message!r}")
        self.seconds = seconds
        return True


class Letterbox:
    """Takes every message at once: what a messenger takes is not timed here."""

    async def send(self, parcel: Parcel) -> Outcome:
        """Take a parcel."""
        return Outcome(parcel, OutboxState.SENT, message_ref=next(_numbers))

    async def typing(self, address: str) -> None:
        """Show nothing."""


class People:
    """Those who talk with one Leo."""

    def __init__(self, house: House, ports: Ports) -> None:
        """Take Leo's use cases and where its servers are."""
        self._house = house
        self._client = DialogueClient(ports.dialogue, ports.token)

    async def leave(self) -> None:
        """Close what leads to Leo."""
        await self._client.close()

    async def arrive(self, name: str) -> "LeoTalk":
        """Begin a talk: say hello and agree to what is kept."""
        talk = LeoTalk(self._house, self._client, name)
        for text in ARRIVAL:
            await talk.say(text)
        return talk


class LeoTalk:
    """A person's talk with Leo on its own lanes, but for Telegram."""

    def __init__(self, house: House, client: DialogueClient, name: str) -> None:
        """Take the parts of Leo, and what the person is called."""
        self._house, self._name = house, name
        self._stopwatch = Stopwatch(client)
        self._lanes = Lanes(house.deps, self._stopwatch, {CHANNEL: Letterbox()}, now)

    async def say(self, text: str) -> float:
        """Say something; the seconds of the turn through Rasa, the action and the database."""
        told, words = read_text(text)
        number = next(_numbers)
        said = Incoming(CHANNEL, number, self._name, told, words, self._name, message_ref=number)
        self._stopwatch.seconds = math.nan
        await asyncio.to_thread(receive, self._house.deps.open, [said], now())
        self._lanes.wake((CHANNEL, self._name))
        await self._lanes.finish((CHANNEL, self._name))
        if math.isnan(self._stopwatch.seconds):
            raise RuntimeError(f"Leo did not answer {text!r}")
        return self._stopwatch.seconds


# --- all of it ----------------------------------------------------------------------------


class WholeLeo:
    """`leo run` with a token: the supervisor, the bot, the action server and the Rasa server."""

    def __init__(self, folder: Path, api_url: str, **settings: str) -> None:
        """Take the folder for its data, the Bot API's address, and more settings."""
        ports = Ports()
        self._folder = folder
        self._env = {
            **ports.env,
            "LEO_CONSOLE_PORT": str(drive.free_port()),
            "LEO_DATA_DIR": str(folder / "var"),
            "LEO_TELEGRAM_TOKEN": TOKEN,
            "LEO_TELEGRAM_API_URL": api_url,
            "PYTHONPATH": str(ROOT),
            **settings,
        }

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[bytes]]:
        """Start it, and end it afterwards. What it says is kept in the folder's `leo.log`."""
        command = [sys.executable, "-m", "bot", "run"]
        log = self._folder / "leo.log"
        process = drive.start_process(command, cwd=self._folder, env=self._env, log=log)
        try:
            yield process
        finally:
            drive.stop_process(process, END_S)

    def turns(self, since: datetime = FIRST, until: datetime = LAST) -> int:
        """How many turns were finished between two instants, as Leo's own database has it."""
        between = [moment.strftime("%Y-%m-%d %H:%M:%S.%f") for moment in (since, until)]
        query = "SELECT count(*) FROM inbox WHERE done_at BETWEEN ? AND ?"
        database = f"file:{self._folder / 'var' / 'leo.db'}?mode=ro"
        with closing(sqlite3.connect(database, uri=True, timeout=5)) as connection:
            return int(connection.execute(query, between).fetchone()[0])


def processor_times(pid: int) -> dict[str, float]:
    """Processor seconds so far of each part of a `leo run`, by its name."""
    parts = {"serve.py": "Rasa", "actions": "actions"}
    return {
        next((part for mark, part in parts.items() if mark in command), "bot"): drive.cpu_s(each)
        for each, command in drive.tree(pid).items()
    }


def train(folder: Path) -> float:
    """Train Leo's model into a folder; the seconds of the whole process."""
    command = [str(python(ROOT)), "serve.py", "train", str(folder), "leo.tar.gz"]
    return drive.timed(command, cwd=ROOT / "rasa_server", log=folder / "train.log")


def understanding(model: Path) -> dict[str, float]:
    """How well a model understands what it was not trained on, in percent, by language."""
    command = [str(python(ROOT)), "evaluate.py", str(model), "--json"]
    done = subprocess.run(command, cwd=ROOT / "rasa_server", capture_output=True, check=True)
    return {
        f"{language} {name}": value
        for language, figures in json.loads(done.stdout).items()
        for name, value in figures["marks"].items()
    }


def have_model() -> None:
    """Train the model that Leo runs with, unless it is there and fresh."""
    ensure_model(ROOT, lambda line: print(line, file=sys.stderr))
