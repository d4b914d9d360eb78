"""A running Leo to be hurt: what it is told, what it keeps, sends and logs."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from bot.settings import Settings
from bot.usecases.turn import Deps
from bot.wiring import house
from tests.faults.walk import (
    AGREED,
    PATIENCE_S,
    PERSON,
    Line,
    Walker,
    expected,
    kept,
    updates_of,
)
from tests.stack import START_S, Leo, answers, wait_until
from tests.telegram.double import TelegramDouble
from tests.telegram.people import User
from tests.telegram.state import Call


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

    def rest(self) -> None:
        """Wait until every update is worked on and every message is sent."""
        wait_until(self._at_rest, PATIENCE_S, "Leo to finish")

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

    def walker(self, name: str) -> Walker:
        """Somebody whom Leo has asked the test's second question, a rating."""
        walker = Walker(self.friend(name), "en")
        for line in (None, PERSON):
            walker.say(line)
            self.rest()
        return walker

    def take_up(self, walker: Walker, line: Line) -> int:
        """Have somebody say a line, and wait until Leo is at it; return the message's id."""
        typed = self._typed(walker.user)
        message_id = walker.say(line)
        wait_until(lambda: self._typed(walker.user) > typed, PATIENCE_S, "the turn")
        return message_id

    def _typed(self, user: User) -> int:
        """How often somebody was shown "typing": it is the first thing in a turn."""
        calls = self.telegram.calls_of("sendChatAction")
        return sum(call.params.get("chat_id") == user.id for call in calls)

    def check(self, *walkers: Walker, doubled: int = 0, unanswered: int = 0) -> None:
        """In the end all that was said is kept once, in order.

        Nobody was told of trouble. To each of them so many messages came twice, and so many
        lines have no answer that was delivered.
        """
        self.rest()
        deps = deps_of(self.leo)
        for walker in walkers:
            assert kept(deps, walker.user) == expected(walker, self.telegram)
            assert self.unanswered(walker) == unanswered
            assert self.doubled(walker.user) == doubled
            delivered = self.delivered(walker.user)
            assert doubled or delivered == sorted(delivered)
        assert not self.rows("select 1 from outbox where key like '%:trouble'")

    def unanswered(self, walker: Walker) -> int:
        """How many lines led to no message that was delivered."""
        return sum(not self._answered(said.message_id) for run in walker.runs for said in run)

    def _answered(self, message_id: int) -> bool:
        query = "select 1 from outbox where key like ? and message_ref is not null"
        return bool(self.rows(query, f"telegram:{self._update_of(message_id)}:%"))

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
        return sum(
            int(record["messages"]) for record in self.logged("outbox.sent_again_after_crash")
        )

    def _update_of(self, message_id: int) -> int:
        """The number of the update that brought a chat message."""
        return updates_of(self.telegram)[message_id]

    def state_of(self, message_id: int) -> str | None:
        """Where the update that brought a chat message stands, or None where it is not stored."""
        query = "select state from inbox where update_id = ?"
        return next((state for (state,) in self.rows(query, self._update_of(message_id))), None)

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

    def logged(self, event: str) -> list[dict[str, Any]]:
        """The records of an event in Leo's logs."""
        lines = self.leo.log().splitlines()
        return [json.loads(line) for line in lines if f'"{event}"' in line]


def deps_of(leo: Leo) -> Deps:
    """The use cases over a running Leo's database, with its key."""
    return house(Settings(_env_file=None, data_dir=leo.folder / "var")).deps
