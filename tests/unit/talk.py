"""Somebody who talks with Leo over a real SQLite store, without Rasa: the harness of tests."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Engine, event

from actions.__main__ import executor
from actions.base import Heard, TurnAction
from bot.coaching.practice import LANGUAGES, Practice
from bot.coaching.programme import Programme
from bot.coaching.run import Given
from bot.store import database
from bot.store.unit_of_work import units_of_work
from bot.store.vault import Vault, new_key
from bot.texts.catalogue import Catalogue
from bot.texts.practices import load_library
from bot.usecases.clarify import settling
from bot.usecases.deliver import Outcome, hand_out
from bot.usecases.messages import Incoming, Outgoing, Told
from bot.usecases.receive import receive
from bot.usecases.records import Cohort, Member, OutboxState
from bot.usecases.turn import Deps, take

ROOT = Path(__file__).parents[2]
TEXTS = Catalogue()
SHIPPED = load_library(ROOT / "data")
BEST_TEST = SHIPPED["best-test"]
# Most tests walk two of the six marks: the others are alike.
LONG = {
    f"{mark}{seen}"
    for mark in ("wiser", "freer", "autonomous", "serving")
    for seen in ("", "-seen")
}
SHORT = replace(BEST_TEST, steps=tuple(step for step in BEST_TEST.steps if step.id not in LONG))
LIBRARY = {**SHIPPED, "best-test": SHORT}
VAULT = Vault([new_key()])
CHANNEL, ADDRESS, NAME = "telegram", "8612345678901", "Zebulon"
TUESDAY = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
# Tables that hold nothing of anybody.
NOBODYS = {"alembic_version", "seal", "sqlite_sequence"}
TOLD = {"press": Told.PRESS, "edit_message": Told.EDIT, "send_media": Told.MEDIA}
ROUTES = {
    rule["steps"][0]["intent"]: rule["steps"][1]["action"]
    for file in ROOT.glob("data/rules/*.yml")
    for rule in yaml.safe_load(file.read_text(encoding="utf-8"))["rules"]
}


class Chat:
    """Somebody who talks with Leo. Each deed is one update, worked on and answered."""

    def __init__(self, engine: Engine, file: Path, language: str) -> None:
        self.engine, self.file, self.language = engine, file, language
        self.reads(LIBRARY)
        self.now = TUESDAY
        self._update, self._ref = 0, 1000
        self.settled: list[Outgoing] = []

    def reads(self, library: dict[str, Practice]) -> None:
        """Let Leo work with these practices."""
        self.library = library
        self.deps = Deps(units_of_work(self.engine), TEXTS, library, "Europe/Paris")
        self._act_with(self.deps)

    def works_with(self, **others: Any) -> None:
        """Let Leo work with something else: a setting, programmes."""
        self.deps = replace(self.deps, **others)
        self._act_with(self.deps)

    def _act_with(self, deps: Deps) -> None:
        run = executor(deps).actions
        self._actions: dict[str, TurnAction] = {name: run[name].__self__ for name in run}

    # --- what a person does -------------------------------------------------------------

    def does(self, intent: str, text: str = "", practice: str = "") -> list[Outgoing]:
        """Do what Rasa would have done for an intent; return the messages that came."""
        self._ref += 1
        self.receive(self.incoming(TOLD.get(intent, Told.TEXT), text, self._ref))
        assert self.take(intent, practice)
        return self.deliver()

    def says(self, text: str) -> list[Outgoing]:
        """Answer in words."""
        return self.does("answer", text)

    def presses(self, payload: str, ref: int | None = None) -> list[Outgoing]:
        """Press a button; by default one below the message that came last."""
        incoming = self.incoming(Told.PRESS, payload, ref or self._ref)
        self.receive(incoming)
        deed = incoming.deed
        assert self.take(deed.intent, deed.about) if deed else self.take("press")
        return self.deliver()

    def edits(self, ref: int | None, text: str) -> list[Outgoing]:
        """Edit an earlier message."""
        self.receive(self.incoming(Told.EDIT, text, ref))
        assert self.take("edit_message")
        return self.deliver()

    def incoming(self, told: Told, text: str, ref: int | None) -> Incoming:
        self._update += 1
        self.now += timedelta(minutes=1)
        return Incoming(CHANNEL, self._update, ADDRESS, told, text, NAME, self.language, ref)

    def receive(self, incoming: Incoming) -> None:
        receive(self.deps.open, [incoming], self.now)

    def take(self, intent: str, practice: str = "", update_id: int | None = None) -> bool:
        action = self._actions[ROUTES[intent]]
        number = update_id or self._update
        verb = settling(action.verb_for(Heard(intent, practice or None)))
        return take(self.deps, CHANNEL, number, verb, self.now, always=action.always)

    def deliver(self) -> list[Outgoing]:
        """Send what waits; return the messages, and note what lost its buttons."""
        messages: list[Outgoing] = []
        outcomes: list[Outcome] = []
        while parcels := hand_out(self.deps.open, CHANNEL, ADDRESS, outcomes, self.now):
            outcomes = []
            for parcel in parcels:
                self._ref += 1
                outcomes.append(Outcome(parcel, OutboxState.SENT, message_ref=self._ref))
                (self.settled if parcel.outgoing.settle else messages).append(parcel.outgoing)
        return messages

    def consents(self) -> "Chat":
        self.does("arrive")
        self.presses("0.agree.yes")
        return self

    def joins(self, programme: Programme, starts_on: date) -> None:
        """Be enrolled in a cohort that walks a programme."""
        self.works_with(programmes={programme.id: programme})
        with self.deps.open() as uow:
            cohort = Cohort("c", programme.id, starts_on, "Europe/Paris", "en", self.now)
            uow.add(cohort)
            uow.flush()
            person = uow.person(CHANNEL, ADDRESS)
            assert cohort.id is not None and person is not None
            member = Member(cohort.id, "Zebulon", self.now, joined_at=self.now)
            member.person_id = person.id
            uow.add(member)

    # --- what is kept -------------------------------------------------------------------

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Return the rows of a table, in their order, with the sealed words opened."""
        with closing(sqlite3.connect(self.file)) as connection:
            connection.row_factory = sqlite3.Row
            found = connection.execute(f"select * from {table}").fetchall()
        return [{key: self._open(row[key]) for key in row.keys()} for row in found]  # noqa: SIM118

    def _open(self, value: Any) -> Any:
        return VAULT.unseal(value) if isinstance(value, bytes) else value

    def tables(self) -> dict[str, list[dict[str, Any]]]:
        """Return what all tables hold of anybody, without those that hold nothing."""
        with closing(sqlite3.connect(self.file)) as connection:
            names = connection.execute("select name from sqlite_master where type = 'table'")
            tables = {name for (name,) in names} - NOBODYS
        return {table: rows for table in sorted(tables) if (rows := self.rows(table))}

    def answers(self) -> dict[str, Given]:
        """Return what was answered in the run begun last, by step."""
        run = max(row["id"] for row in self.rows("run") if row["practice"] == BEST_TEST.id)
        return {
            row["step"]: Given(
                row["number"],
                row["choice"],
                row["words"],
                date.fromisoformat(row["day"]) if row["day"] else None,
            )
            for row in self.rows("answer")
            if row["run_id"] == run
        }

    def step(self) -> str:
        """Return the open question of the practice."""
        [run] = [
            r for r in self.rows("run") if (r["practice"], r["state"]) == ("best-test", "open")
        ]
        return str(run["step"])

    def states(self) -> list[tuple[str, str]]:
        """Return the runs with their states, oldest first."""
        return [(row["practice"], row["state"]) for row in self.rows("run")]

    # --- longer ways --------------------------------------------------------------------

    def begins(self, about: str = "Ana") -> "Chat":
        """Begin the test and name somebody: the first rating is open."""
        self.does("start_test")
        self.says(about)
        return self

    def comes_to(self, step: str) -> "Chat":
        """Skip every question up to a step."""
        while self.step() != step:
            self.does("skip")
        return self

    def finishes(self, about: str = "Ana", rating: str = "4") -> list[Outgoing]:
        """Walk through the whole test; return what came at its end."""
        self.begins(about)
        while (step := self.step()) != "least":
            self.says(f"{about} in {step}" if step.endswith("-seen") else rating)
        self.presses(self.button("least", "better"))
        self.says("The night shift")
        self.presses(self.button("hurt", "nobody"))
        return self.says("When we meet on Friday, I will let them choose")

    def button(self, step: str, choice: str) -> str:
        """Return what a button of the run begun last carries."""
        run = max(row["id"] for row in self.rows("run") if row["practice"] == BEST_TEST.id)
        return f"{run}.{step}.{choice}"


class Stage:
    """A database file that each test finds as it was: empty, or with somebody who consented."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.engine = database.connect(f"sqlite:///{file}")
        # Nobody cuts the power here: without waiting for the disk the tests are quick.
        event.listen(self.engine, "connect", lambda c, _: c.execute("PRAGMA synchronous = OFF"))
        database.unlock(self.engine, VAULT)
        database.upgrade(self.engine)
        self._empty = self._content()
        self._consented = {language: self._meet(language) for language in LANGUAGES}

    def _content(self) -> bytes:
        self.engine.dispose()
        return self._file.read_bytes()

    def _meet(self, language: str) -> tuple[bytes, dict[str, Any]]:
        chat = self.stranger(language).consents()
        return self._content(), vars(chat)

    def _put(self, content: bytes) -> None:
        self.engine.dispose()
        self._file.write_bytes(content)

    def stranger(self, language: str) -> Chat:
        """Return somebody who has not yet written."""
        self._put(self._empty)
        return Chat(self.engine, self._file, language)

    def friend(self, language: str) -> Chat:
        """Return somebody who has consented."""
        content, told = self._consented[language]
        self._put(content)
        chat = Chat(self.engine, self._file, language)
        vars(chat).update(told, settled=[])
        return chat


def wordings(language: str, key: str, **values: Any) -> list[str]:
    """Return all that Leo may say for a template."""
    return [
        TEXTS.say(language, key, turn, **values) for turn in range(TEXTS.wordings(language, key))
    ]


def is_said(messages: list[Outgoing], language: str, key: str, **values: Any) -> bool:
    """Tell whether one of a template's wordings stands in what came."""
    html = "\n\n".join(message.html for message in messages)
    return any(wording in html for wording in wordings(language, key, **values))


def titles(messages: list[Outgoing]) -> list[str]:
    return [button.title for message in messages for row in message.buttons for button in row]


def payloads(messages: list[Outgoing]) -> list[str]:
    return [button.payload for message in messages for row in message.buttons for button in row]


def comes_to_a(chat: Chat, step: str) -> None:
    """Begin the test and come to a step; to the date behind a plan without a day."""
    chat.does("start_test")
    if step == "plan-date":
        chat.comes_to("plan")
        chat.says("When we meet, I will listen")
    chat.comes_to(step)
