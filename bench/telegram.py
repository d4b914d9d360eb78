"""Leo as it is run, at a local double of the Bot API: start, memory, latency, throughput."""

import itertools
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from typing import Any

from bench import drive, leo
from bench.conversation import newcomer
from bench.report import MS, Measured, Row, tell
from bot.settings import ROOT
from tests.stack import TOKEN

START_S = 180.0
REPLY_S = 30.0
LOOK_S = 0.02
# How long a person reads before the next message: also tells the end of a reply in several parts.
READING_S = 0.1
WEIGHED_TURNS = 200
FEW, MANY = 8, 40
MESSAGES_PER_S = 5.0
UNPACED = "10000"
ROWS = (
    Row(
        "chat",
        "message in to message out, p50",
        "ms",
        "Leo as it is run, with a double of the Bot API in a process of its own: from a person’s "
        "message at Telegram to the first message of the answer there, the long poll, the inbox, "
        "Rasa, the action, the outbox and the sending included. Eight people, five messages a "
        "second on average, at random moments, pictures included.",
    ),
    Row("chat p95", "message in to message out, p95", "ms", "The same.", at_most=60),
    Row(
        "throughput",
        "turns a second, whole stack",
        "per s",
        "Forty people who each write as soon as they have read the answer (0.1 s). Telegram’s "
        "own limit of about 30 messages a second, which Leo keeps, is lifted for this "
        "(LEO_TELEGRAM_RATE): it would be all that is measured. The double and the people run on "
        "the same machine.",
        at_least=60,
    ),
    *(
        Row(f"cpu {part}", f"processor time a turn: {part}", "ms", "While that many talk.")
        for part in ("bot", "actions", "Rasa", "double", "bench")
    ),
    Row(
        "start",
        "start until it answers",
        "s",
        "`leo run` on an empty folder with a trained model, until a message that waited at "
        "Telegram is answered. For stock: until its server answers a first message.",
        at_most=25,
        stock="stock start",
    ),
    Row("second start", "second start until it answers", "s", "The same on the folder it left."),
    Row(
        "memory",
        "memory of all processes, RSS",
        "MB",
        "After 200 turns and a picture: supervisor and bot, action server, Rasa server. Pages "
        "that they share count in each. For stock: after the conversations above.",
        at_most=900,
        stock="stock memory",
    ),
    Row("memory pss", "memory of all processes, PSS", "MB", "The same, shared pages counted once."),
)
NOTES = (
    "A start reads files that the machine has read before; after a boot it takes longer.",
    "The people, the double of the Bot API and Leo share the machine’s cores.",
)


class Double:
    """A double of the Bot API in a process of its own."""

    def __init__(self, folder: Path) -> None:
        """Start it and wait until it answers."""
        self.url = f"http://127.0.0.1:{(port := drive.free_port())}"
        command = [sys.executable, "-m", "tests.telegram.double", "--token", TOKEN]
        self.process = drive.start_process(
            [*command, "--port", str(port)], cwd=ROOT, env={}, log=folder / "double.log"
        )
        drive.wait_ready(f"{self.url}/control/stats", self.process)
        self._http = HTTPConnection("127.0.0.1", port, timeout=30)

    def send(self, user: int, text: str) -> float:
        """Have a person write to the bot; when Telegram had it, in monotonic seconds."""
        person = {"id": user, "first_name": f"P{user}", "language_code": "en"}
        return float(self._ask("POST", "send", {"user": person, "text": text})["at"])

    def heard(self) -> dict[int, float]:
        """When each person was last sent something, in monotonic seconds."""
        return {int(user): at for user, at in self._ask("GET", "heard").items()}

    def sent_messages(self) -> list[dict[str, Any]]:
        """Every call by which the bot sent a message of text, in the order received."""
        calls: list[dict[str, Any]] = self._ask("GET", "calls?method=sendMessage")
        return calls

    def pictures(self) -> int:
        """How many pictures the bot has sent."""
        return int(self._ask("GET", "stats")["by_method"].get("sendPhoto", 0))

    def _ask(self, method: str, what: str, body: dict[str, Any] | None = None) -> Any:
        # The plainest client there is: its processor time is taken from Leo's.
        self._http.request(method, f"/control/{what}", json.dumps(body) if body else None)
        answer = self._http.getresponse()
        content = answer.read()
        if answer.status != HTTPStatus.OK:
            raise RuntimeError(f"the double answered {what} with status {answer.status}")
        return json.loads(content)

    def stop(self) -> None:
        """End it."""
        self._http.close()
        drive.stop_process(self.process)


class Crowd:
    """People who talk with Leo in Telegram, each one message at a time."""

    def __init__(self, double: Double, count: int, first: int) -> None:
        """Take the double, how many people, and the id of the first."""
        self._double = double
        self._lines = {first + number: newcomer() for number in range(count)}
        self._said = dict.fromkeys(self._lines, 0.0)

    def say(self, user: int) -> float:
        """Have somebody say their next line; when Telegram had it."""
        self._said[user] = self._double.send(user, next(self._lines[user]))
        return self._said[user]

    def ready(self) -> list[int]:
        """Those who have had an answer and have read it."""
        before, heard = time.monotonic() - READING_S, self._double.heard()
        return [user for user, said in self._said.items() if said < heard.get(user, 0.0) < before]

    def talk(self, enough: Callable[[], bool]) -> None:
        """Let all talk, each the next line once they have read the answer, until it is enough."""
        for user in self._lines:
            self.say(user)
        while not enough():
            for user in self.ready():
                self.say(user)
            time.sleep(LOOK_S)
        self.wait()

    def wait(self) -> None:
        """Wait until everybody has an answer. Raises TimeoutError where one does not come."""
        deadline = time.monotonic() + REPLY_S
        while len(self.ready()) < len(self._lines):
            if time.monotonic() > deadline:
                raise TimeoutError(f"somebody waited {REPLY_S:g} s for an answer")
            time.sleep(LOOK_S)

    def talk_at(self, rate: float, seconds: float) -> list[float]:
        """Let them talk in turn, at random moments, `rate` messages a second on average.

        Returns the seconds from each message, as Telegram had it, to the answer's arrival there.
        """
        moments, sent = Random(1), []  # Always the same moments.
        start = due = time.monotonic()
        for user in itertools.cycle(self._lines):
            due += moments.expovariate(rate)
            if due > start + seconds:
                break
            time.sleep(max(0.0, due - time.monotonic()))
            sent.append((user, self.say(user)))
        self.wait()
        return answer_times(sent, self._double.sent_messages())


def answer_times(sent: list[tuple[int, float]], calls: list[dict[str, Any]]) -> list[float]:
    """The seconds from each message of a person to the first one that they are sent after it."""
    heard: dict[int, list[float]] = {}
    for call in calls:
        heard.setdefault(call["params"]["chat_id"], []).append(call["at"])
    return [next(at for at in heard[user] if at > said) - said for user, said in sent]


def measure(folder: Path, *, quick: bool) -> Measured:
    """Start Leo twice: weigh it and time its answers, then see how much it takes."""
    chat_s, crowd_s = (15, 10) if quick else (60, 30)
    leo.have_model()
    home = folder / "whole"
    home.mkdir()
    double = Double(home)
    try:
        return {**_first_start(home, double, chat_s), **_second_start(home, double, crowd_s)}
    finally:
        double.stop()


def _first_start(home: Path, double: Double, seconds: float) -> Measured:
    run = leo.WholeLeo(home, double.url)
    tell("Starting Leo on an empty folder …")
    with _answering(run, double, user=1) as (process, start_s):
        tell(f"Talking, {WEIGHED_TURNS} turns …")
        few = Crowd(double, FEW, first=100)
        few.talk(lambda: run.turns() >= WEIGHED_TURNS)
        weight = {
            "memory": drive.rss_mb([process.pid]),
            "memory pss": drive.pss_mb([process.pid]),
            "pictures": double.pictures(),
        }
        tell(f"Talking, {MESSAGES_PER_S:g} messages a second for {seconds:g} s …")
        times = few.talk_at(MESSAGES_PER_S, seconds)
    return {
        "start": start_s,
        **weight,
        "chat": MS * drive.percentile(times, 50),
        "chat p95": MS * drive.percentile(times, 95),
        "chat messages": len(times),
    }


def _second_start(home: Path, double: Double, seconds: float) -> Measured:
    run = leo.WholeLeo(home, double.url, LEO_TELEGRAM_RATE=UNPACED)
    tell("Starting Leo a second time …")
    with _answering(run, double, user=2) as (process, start_s):
        arrived = leo.now()
        crowd = Crowd(double, MANY, first=1000)
        crowd.talk(lambda: run.turns(arrived) >= 2 * MANY)
        tell(f"{MANY} people talking for {seconds:g} s …")
        return {"second start": start_s, **_throughput(crowd, double, run, process.pid, seconds)}


def _throughput(
    crowd: Crowd, double: Double, run: leo.WholeLeo, pid: int, seconds: float
) -> Measured:
    def used() -> Measured:
        others = {"double": drive.cpu_s(double.process.pid), "bench": time.process_time()}
        return {**leo.processor_times(pid), **others}

    before, begin = used(), leo.now()
    end = begin + timedelta(seconds=seconds)
    crowd.talk(lambda: leo.now() >= end)
    turns = run.turns(begin)
    spent = {f"cpu {part}": MS * (used()[part] - before[part]) / turns for part in before}
    return {"throughput": run.turns(begin, end) / seconds, **spent}


@contextmanager
def _answering(
    run: leo.WholeLeo, double: Double, user: int
) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    """Give a running Leo, and the seconds from its start to the answer to a message that waits."""
    waiting = Crowd(double, 1, first=user)
    waiting.say(user)
    start = time.monotonic()
    with run.running() as process:
        while not waiting.ready():
            if process.poll() is not None or time.monotonic() > start + START_S:
                raise RuntimeError("Leo did not start; its log says why")
            time.sleep(LOOK_S)
        yield process, double.heard()[user] - start
