"""What the double remembers: chats and their messages, updates, files, calls.

Everything here is guarded by `State.lock`; values handed out as Bot API objects are replaced when
they change, never altered, so that an update keeps the message as it was.
"""

import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.telegram.limits import Json, Pace, bad_request

# Update types that a bot gets only when it names them in allowed_updates.
ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


class Upload(NamedTuple):
    """A file as it came in a call."""

    name: str
    content: bytes


@dataclass
class Call:
    """One API call as received.

    `at` is monotonic seconds; `status` the HTTP status given, None as long as there is no answer
    (or for ever, where the connection was cut). In `params`, numbers, flags and JSON have their
    types and uploads are `Upload`s; where they could not be read, they are strings as sent.
    """

    at: float
    method: str
    params: Json
    status: int | None = None


@dataclass
class Post:
    """One message in a chat: `message` is what the bot sees of it now, `at` monotonic seconds."""

    message: Json
    html: str
    at: float
    upload: Upload | None = None


@dataclass
class Chat:
    """A chat, and the bot's standing in it: never, member, left or kicked (blocked)."""

    info: Json
    standing: str = "never"
    posts: dict[int, Post] = field(default_factory=dict)
    keyboard: list[list[str]] = field(default_factory=list)

    @property
    def is_private(self) -> bool:
        return bool(self.info["type"] == "private")


@dataclass
class Press:
    """A callback query and the answer the bot gave, if any; `at` is monotonic seconds."""

    person_id: int
    at: float
    answer: Json | None = None


@dataclass
class Webhook:
    """Where updates are posted."""

    url: str
    secret: str
    max_connections: int
    last_error: tuple[int, str] | None = None


class Updates:
    """Updates in their order: those waiting for the bot, and all there have been."""

    def __init__(self) -> None:
        self.waiting: list[Json] = []
        self.again: list[Json] = []
        self.all: dict[int, Json] = {}
        self.allowed: list[str] = []
        self._next_id = 100_000_001

    def add(self, kind: str, content: Any) -> None:
        """A new update, unless the bot has not asked for this kind."""
        if kind in self.allowed or (not self.allowed and kind not in ON_REQUEST):
            self.push({kind: content})

    def push(self, raw: Json) -> int:
        """An update exactly as given; one without an `update_id` gets the next. Returns the id."""
        update_id: int = raw.get("update_id", self._next_id)
        self._next_id = max(self._next_id, update_id + 1)
        self.all[update_id] = {"update_id": update_id, **raw}
        self.waiting.append(self.all[update_id])
        return update_id

    def redeliver(self, update_id: int) -> None:
        """The same update once more, confirmed or not. KeyError when there is no such update."""
        self.again.append(self.all[update_id])

    def poll(self, offset: int, limit: int) -> list[Json]:
        """What getUpdates gives: an offset confirms all before it, a negative one all but so many.

        Updates to deliver again come first, once, whatever the offset.
        """
        if offset > 0:
            self.waiting = [each for each in self.waiting if each["update_id"] >= offset]
        elif offset < 0:
            self.waiting = self.waiting[offset:]
        again, self.again = self.again[:limit], self.again[limit:]
        return again + self.waiting[: limit - len(again)]

    def confirm(self, update: Json) -> None:
        """Takes an update that a webhook accepted off the list it came from."""
        for pending in (self.again, self.waiting):
            if update in pending:
                pending.remove(update)
                return

    def clear(self) -> None:
        self.waiting.clear()
        self.again.clear()


class State:
    """Everything the double knows, and the changes that people's deeds and calls share."""

    def __init__(self, token: str, pace: Pace | None, callback_age: float) -> None:
        self.lock = threading.RLock()
        self.token = token
        self.pace = pace
        self.callback_age = callback_age
        self.started = time.monotonic()
        self.logged_out = False
        self.bot: Json = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Leo",
            "username": "leo_double_bot",
        }
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, tuple[str, Upload]] = {}
        self.presses: dict[str, Press] = {}
        self.calls: list[Call] = []
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.descriptions: dict[str, str] = {}
        self.short_descriptions: dict[str, str] = {}
        self.updates = Updates()
        self.webhook: Webhook | None = None
        self.on_update: Callable[[], None] = lambda: None
        self._message_ids = itertools.count(1)
        self._file_ids = itertools.count(1)

    def announce(self, kind: str, content: Any) -> None:
        """Gives the bot an update of this kind."""
        self.updates.add(kind, content)
        self.on_update()

    def post(
        self, chat: Chat, sender: Json, content: Json, html: str = "", upload: Upload | None = None
    ) -> Post:
        """Puts a new message into a chat; `content` may override any of its fields."""
        message_id = next(self._message_ids)
        message = {
            "message_id": message_id,
            "from": sender,
            "chat": chat.info,
            "date": int(time.time()),
            **content,
        }
        chat.posts[message_id] = Post(message, html, time.monotonic(), upload)
        return chat.posts[message_id]

    def keep_file(self, upload: Upload, kind: str) -> Json:
        """Stores a file and returns the fields by which messages name it."""
        number = next(self._file_ids)
        file_id = f"double-{kind}-{number}"
        suffix = upload.name.rpartition(".")[2]
        self.files[file_id] = (f"{kind}s/file_{number}.{suffix}", upload)
        return {
            "file_id": file_id,
            "file_unique_id": f"unique-{number}",
            "file_size": len(upload.content),
        }

    def stored_file(self, file_id: str) -> tuple[str, Upload]:
        """Path and content of a file by its id. Raises `RefusedError` when there is none."""
        if file_id not in self.files:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        return self.files[file_id]

    def set_standing(self, chat: Chat, standing: str, by: Json) -> None:
        """Changes the bot's standing in a chat, and tells the bot who did it."""
        before, chat.standing = chat.standing, standing
        change = {
            "chat": chat.info,
            "from": by,
            "date": int(time.time()),
            "old_chat_member": self._membership(before),
            "new_chat_member": self._membership(standing),
        }
        self.announce("my_chat_member", change)

    def _membership(self, standing: str) -> Json:
        if standing == "kicked":
            return {"user": self.bot, "status": "kicked", "until_date": 0}
        return {"user": self.bot, "status": "left" if standing == "never" else standing}


def wait_until(predicate: Callable[[], object], timeout: float, explain: Callable[[], str]) -> None:
    """Returns once `predicate()` is true; TimeoutError with `explain()` after so many seconds."""
    deadline = time.monotonic() + timeout
    while not predicate():
        if time.monotonic() > deadline:
            raise TimeoutError(explain())
        time.sleep(0.005)
