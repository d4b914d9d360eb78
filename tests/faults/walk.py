"""People who walk Greenleaf's test by typing, and what must then stand in the answer table."""

import itertools
import json
import signal
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.settings import Settings
from bot.usecases.records import Answer
from bot.usecases.turn import Deps
from bot.wiring import house
from tests.stack import START_S, Leo, RasaServer, answers, wait_until
from tests.telegram.double import TelegramDouble
from tests.telegram.people import User
from tests.telegram.state import Call

# All words are many: from fourteen on a text is an answer, whatever the language model makes of
# it. Here the faults are on trial, not the understanding.
WORDS = 14
WHO = {
    "en": "she who sits by the door on the left of us in the hall",
    "fr": "celle qui est là le soir et qui dit oui à tout et à tous",
}
SEEN = {
    "en": (
        "Last week {who} ran the planning meeting alone and everybody listened.",
        "{who} came back from the holidays rested and laughs with the others again.",
        "When the order went wrong, {who} first asked the customer what had happened.",
        "On Monday {who} told me in front of the team that my plan was too tight.",
        "{who} bought the new printer without waiting for my signature.",
        "Yesterday {who} spent an hour with the apprentice at the big machine.",
    ),
    "fr": (
        "La semaine dernière, {who} a mené seule la réunion de planning et tous écoutaient.",
        "{who} est revenue reposée de ses congés et rit de nouveau avec les autres.",
        "Quand la commande a mal tourné, {who} a d’abord appelé le client.",
        "Lundi, {who} m’a dit devant l’équipe que mon plan était trop serré.",
        "{who} a acheté la nouvelle imprimante sans attendre ma signature.",
        "Hier, {who} a passé une heure avec l’apprenti devant la grande machine.",
    ),
}
LEAST = {
    "en": "The cleaners who come at night; since June their lockers are on the floor below ours.",
    "fr": "Les agents de nettoyage du soir ; depuis juin, leurs casiers sont à notre étage à nous.",
}
PLAN = {
    "en": "When we meet on Tuesday, I will let {who} choose what we talk about.",
    "fr": "Quand nous nous verrons mardi, je laisserai {who} choisir le sujet.",
}
type Kept = tuple[str, int | str | None, int]

AGREED = {"en": "Yes, I agree", "fr": "Oui, d’accord"}
MARKS = ("grown", "healthier", "wiser", "freer", "autonomous", "serving")


@dataclass(frozen=True)
class Line:
    """What a person types at a step, and what is kept of it: a number, a choice or the words."""

    step: str
    text: str
    kept: int | str


def lines_in(language: str) -> list[Line]:
    """Every line of one walk through the test."""
    who = WHO[language]
    lines = [Line("person", who, who)]
    for number, (mark, seen) in enumerate(zip(MARKS, SEEN[language], strict=True)):
        rating, words = 1 + number % 5, seen.format(who=who)
        lines += [Line(mark, str(rating), rating), Line(f"{mark}-seen", words, words)]
    choices = {"en": ("better", "nobody"), "fr": ("mieux", "personne")}[language]
    plan = PLAN[language].format(who=who)
    return [
        *lines,
        Line("least", choices[0], "better"),
        Line("least-who", LEAST[language], LEAST[language]),
        Line("hurt", choices[1], "nobody"),
        Line("plan", plan, plan),
    ]


@dataclass(frozen=True)
class Said:
    """A line that was sent, and the chat message that carried it."""

    line: Line
    message_id: int


class Scene:
    """A running Leo, the Telegram it talks to, and its database."""

    def __init__(self, telegram: TelegramDouble, leo: Leo) -> None:
        self.telegram, self.leo = telegram, leo
        # Messages before consent leave no row: they are not counted.
        self._before_consent: dict[int, int] = {}

    @property
    def database(self) -> Path:
        """Where the database lies."""
        return self.leo.folder / "var" / "leo.db"

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a query finds in the database now."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as database:
            return database.execute(query, values).fetchall()

    def rest(self, seconds: float = 30.0) -> None:
        """Wait until every update is worked on and every message is sent."""
        wait_until(self._at_rest, seconds, "Leo to finish")

    def _at_rest(self) -> bool:
        return not self.telegram.pending and not self.rows(
            "select 1 from inbox where state = 'pending'"
            " union all select 1 from outbox where state in ('pending', 'sending')"
        )

    def friend(self, name: str, language: str = "en") -> User:
        """Somebody who has consented."""
        user = self.telegram.user(first_name=name, language_code=language)
        user.command("/start")
        self.rest()
        user.send(AGREED[language])
        self.rest()
        self._before_consent[user.id] = len(user.messages) - len(self.delivered(user))
        return user

    def delivered(self, user: User) -> list[int]:
        """The chat messages of which Leo knows that it has sent them to somebody."""
        query = (
            "select message_ref from outbox where address = ? and message_ref is not null"
            " order by id"
        )
        return [ref for (ref,) in self.rows(query, str(user.id))]

    def doubled(self, user: User) -> int:
        """How many messages somebody got more often than Leo knows of."""
        delivered, seen = self.delivered(user), {message.message_id for message in user.messages}
        assert set(delivered) <= seen
        return len(seen) - len(delivered) - self._before_consent[user.id]

    @property
    def sent_again(self) -> int:
        """How many messages Leo says it sent again after a crash."""
        return sum(record["messages"] for record in self.logged("outbox.sent_again_after_crash"))

    def update_of(self, message_id: int) -> int:
        """The number of the update that brought a chat message."""
        return next(
            update["update_id"]
            for update in self.telegram.updates
            if update.get("message", {}).get("message_id") == message_id
        )

    def state_of(self, message_id: int) -> str | None:
        """Where the update that brought a chat message stands, or None where it is not stored."""
        query = "select state from inbox where update_id = ?"
        return next((state for (state,) in self.rows(query, self.update_of(message_id))), None)

    def start(self, role: str) -> None:
        """Start one killed process alone and wait until it answers."""
        paths = {"actions": ("LEO_ACTIONS_PORT", "health"), "bot": ("LEO_CONSOLE_PORT", "healthz")}
        port, path = paths[role]
        self.leo._spawn(role)
        url = f"http://127.0.0.1:{self.leo.env[port]}/{path}"
        wait_until(lambda: answers(url), START_S, role)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the database's write lock, as another program may."""
        with closing(sqlite3.connect(self.database, timeout=10, isolation_level=None)) as other:
            other.execute("begin immediate")
            yield
            other.execute("rollback")

    def sendings(self, user: User) -> list[Call]:
        """Every attempt to send somebody a text that the double has read."""
        calls = self.telegram.calls_of("sendMessage")
        return [call for call in calls if call.params.get("chat_id") == user.id]

    def typed(self, user: User) -> int:
        """How often somebody was shown "typing": Leo has then taken up a turn."""
        calls = self.telegram.calls_of("sendChatAction")
        return sum(call.params.get("chat_id") == user.id for call in calls)

    def logged(self, event: str) -> list[dict[str, Any]]:
        """The records of an event in Leo's logs."""
        lines = self.leo.log().splitlines()
        return [json.loads(line) for line in lines if f'"{event}"' in line]


class Walker:
    """Somebody who walks the test over and over, sending `at_once` lines before each wait."""

    def __init__(self, user: User, language: str, at_once: int = 1) -> None:
        self.user, self._language, self._at_once = user, language, at_once
        # What was said, run by run.
        self.runs: list[list[Said]] = []
        self.waits = False

    def walk(self, enough: threading.Event, patience_s: float) -> None:
        """Walk until it is enough; each wait for an answer may take `patience_s` seconds."""
        lines = self._lines()
        while not enough.is_set():
            for line in itertools.islice(lines, self._at_once):
                self.say(line)
            self.waits = True
            self.user.wait_for(self._at_once, patience_s)
            self.waits = False

    def say(self, line: Line | None) -> None:
        """Say a line; None begins the test anew."""
        if line is None:
            self.user.command("/test")
            self.runs.append([])
        else:
            self.runs[-1].append(Said(line, self.user.send(line.text)))

    def _lines(self) -> Iterator[Line | None]:
        """Line after line; None stands for the command that begins the test."""
        while True:
            yield None
            yield from lines_in(self._language)


def expected(walker: Walker, telegram: TelegramDouble) -> list[list[Kept]]:
    """What must be kept of what somebody said: each message once, in order, run by run."""
    updates = {
        update["message"]["message_id"]: update["update_id"]
        for update in telegram.updates
        if "message" in update
    }
    return [
        [(said.line.step, said.line.kept, updates[said.message_id]) for said in run]
        for run in walker.runs
    ]


def kept(deps: Deps, user: User) -> list[list[Kept]]:
    """What the answer table holds of somebody, run by run in the order of the answers."""
    with deps.open() as uow:
        person = uow.person("telegram", str(user.id))
        assert person is not None and person.id is not None
        return [
            [(answer.step, _given(answer), answer.update_id) for answer in uow.answers(run.id or 0)]
            for run in uow.runs(person.id)
        ]


def _given(answer: Answer) -> int | str | None:
    return answer.number or answer.choice or answer.words


def deps_of(leo: Leo) -> Deps:
    """The use cases over a running Leo's database, with its key."""
    return house(Settings(_env_file=None, data_dir=leo.folder / "var")).deps  # type: ignore[call-arg]


@contextmanager
def stopped(rasa: RasaServer) -> Iterator[None]:
    """The Rasa server takes connections but does nothing."""
    assert rasa.process is not None
    rasa.process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        rasa.process.send_signal(signal.SIGCONT)
