"""The people on the other side: what they do, and what they see of the bot.

Everything here may be called from any thread.
"""

import re
import time
from dataclasses import dataclass
from typing import Any

from tests.telegram.limits import Json, utf16_length
from tests.telegram.state import Chat, Post, Press, State, Upload, wait_until

COMMAND = re.compile(r"(?<!\S)/\w{1,32}(?:@\w+)?")

# What Telegram says of each kind of file beside its id and size.
FILES: dict[str, Json] = {
    "voice": {"duration": 4, "mime_type": "audio/ogg"},
    "audio": {"duration": 60, "mime_type": "audio/mpeg", "title": "Song"},
    "video": {"width": 640, "height": 360, "duration": 5, "mime_type": "video/mp4"},
    "video_note": {"length": 240, "duration": 5},
    "animation": {"width": 320, "height": 240, "duration": 2, "mime_type": "video/mp4"},
    "document": {"file_name": "notes.txt", "mime_type": "text/plain"},
    "sticker": {
        "type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False,
        "emoji": "👍",
    },
    "photo": {"width": 800, "height": 600},
}  # fmt: skip
PLACE: Json = {"latitude": 48.8566, "longitude": 2.3522}
THINGS: dict[str, Json] = {
    "location": PLACE,
    "venue": {"location": PLACE, "title": "Office", "address": "1 Main Street"},
    "contact": {"phone_number": "+33100000000", "first_name": "Sam"},
    "dice": {"emoji": "🎲", "value": 4},
    "poll": {
        "id": "1", "question": "Tea or coffee?", "total_voter_count": 0, "is_closed": False,
        "is_anonymous": True, "type": "regular", "allows_multiple_answers": False,
        "allows_revoting": True, "members_only": False,
        "options": [
            {"persistent_id": "a", "text": "Tea", "voter_count": 0},
            {"persistent_id": "b", "text": "Coffee", "voter_count": 0},
        ],
    },
}  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """A message of the bot as a person sees it now.

    `text` and `caption` are without markup ("" when there is none), `html` is whichever of the two
    there is, as it was sent. `document` has `name` and `content`; `edited` is true once the text
    was changed; `at` is when it came, in monotonic seconds; `markup` is the inline keyboard as the
    Bot API has it.
    """

    chat_id: int
    message_id: int
    text: str
    html: str
    photo: bytes | None
    document: Upload | None
    caption: str
    edited: bool
    at: float
    markup: Json

    @property
    def buttons(self) -> list[list[tuple[str, str]]]:
        """The inline keyboard, rows of (title, callback data or address)."""
        return [
            [(each["text"], each.get("callback_data") or each.get("url") or "") for each in row]
            for row in self.markup.get("inline_keyboard", [])
        ]


def _seen(post: Post) -> Seen:
    message = post.message
    content = post.upload.content if post.upload else None
    return Seen(
        chat_id=message["chat"]["id"],
        message_id=message["message_id"],
        text=message.get("text", ""),
        html=post.html,
        photo=content if "photo" in message else None,
        document=post.upload if "document" in message else None,
        caption=message.get("caption", ""),
        edited="edit_date" in message,
        at=post.at,
        markup=message.get("reply_markup", {}),
    )


def _data_of(button: str, markup: Json) -> str:
    """The callback data behind a button's title, or that same data. LookupError without one."""
    rows = markup.get("inline_keyboard", [])
    pairs = [
        (each["text"], each["callback_data"])
        for row in rows
        for each in row
        if "callback_data" in each
    ]
    for title, data in pairs:
        if button == title:
            return str(data)
    if button in (data for _, data in pairs):
        return button
    raise LookupError(f"no button {button!r} to press among {pairs}")


def _worded(text: str) -> Json:
    """A text with its commands marked as Telegram marks them."""
    commands = [
        {
            "type": "bot_command",
            "offset": utf16_length(text[: found.start()]),
            "length": utf16_length(found[0]),
        }
        for found in COMMAND.finditer(text)
    ]
    return {"text": text, "entities": commands} if commands else {"text": text}


class Seat:
    """A person in one chat: their own with the bot, or a group."""

    def __init__(self, state: State, person: Json, chat: Chat) -> None:
        self._state = state
        self._person = person
        self._chat = chat
        self._mark = 0

    @property
    def id(self) -> int:
        return int(self._person["id"])

    @property
    def chat_id(self) -> int:
        return int(self._chat.info["id"])

    @property
    def messages(self) -> list[Seen]:
        """The bot's messages as they stand now, oldest first; deleted ones are gone."""
        with self._state.lock:
            return [_seen(post) for post in self._chat.posts.values() if self._is_bots(post)]

    @property
    def keyboard(self) -> list[list[str]]:
        """Titles of the reply keyboard under the text field, row by row."""
        return self._chat.keyboard

    def send(self, text: str, **fields: Any) -> int:
        """Writes to the bot; `fields` are added to the message. Returns the message id.

        Commands in the text are marked as Telegram marks them.
        """
        return self._say({**_worded(text), **fields})

    def command(self, text: str) -> int:
        """Sends a command such as `/start payload`. ValueError when the text is none."""
        if not COMMAND.match(text):
            raise ValueError(f"not a command: {text!r}")
        return self.send(text)

    def send_media(
        self, kind: str, *, content: bytes | None = None, name: str = "file.bin", **fields: Any
    ) -> int:
        """Sends a voice, photo, sticker, location, document, poll and so on.

        A file's `content` and `name` can be given, for the bot to download; `fields` (`caption`,
        say) are added to the message. ValueError for a kind unknown. Returns the message id.
        """
        if kind in THINGS:
            return self._say({kind: THINGS[kind], **fields})
        if kind not in FILES:
            raise ValueError(f"{kind!r} is none of {', '.join([*FILES, *THINGS])}")
        with self._state.lock:
            upload = Upload(name, f"a {kind}".encode() if content is None else content)
            file = {**FILES[kind], **self._state.keep_file(upload, kind)}
            if kind == "document" and content is not None:
                file["file_name"] = name
            return self._say({kind: [file] if kind == "photo" else file, **fields})

    def edit(self, message_id: int, text: str) -> None:
        """Changes one's own earlier message. KeyError when there is none with this id."""
        with self._state.lock:
            post = self._chat.posts[message_id]
            if self._is_bots(post):
                raise KeyError(message_id)
            self._begin()
            kept = {key: value for key, value in post.message.items() if key != "entities"}
            post.message = {**kept, "edit_date": int(time.time()), **_worded(text)}
            self._state.announce("edited_message", post.message)

    def press(self, message: Seen | int, button: str) -> str:
        """Presses a button, named by its title or its data, and returns the query's id.

        Given a message id, the button must be there now. Given a message as it was once seen, a
        button taken away since can still be pressed, as on a screen that lags behind. LookupError
        when there is no such button.
        """
        with self._state.lock:
            message_id = message if isinstance(message, int) else message.message_id
            post = self._chat.posts.get(message_id)
            inaccessible = {"chat": self._chat.info, "message_id": message_id, "date": 0}
            shown: Json = post.message if post else inaccessible
            markup = message.markup if isinstance(message, Seen) else shown.get("reply_markup", {})
            data = _data_of(button, markup)
            self._begin()
            query_id = f"{self.id}{len(self._state.presses) + 1:06}"
            self._state.presses[query_id] = Press(self.id, time.monotonic())
            query = {
                "id": query_id,
                "from": self._person,
                "message": shown,
                "chat_instance": str(self.chat_id),
                "data": data,
            }
            self._state.announce("callback_query", query)
            return query_id

    def wait_for(self, n_more: int = 1, timeout: float = 10.0) -> list[Seen]:
        """The next so many messages of the bot, waited for as long as `timeout` seconds.

        Counted from the person's last deed (sending, pressing, editing) or from the last message
        that an earlier wait returned, whichever came later. TimeoutError when they do not come.
        """

        def fresh() -> list[Seen]:
            return [each for each in self.messages if each.message_id > self._mark]

        def missing() -> str:
            return f"{len(fresh())} of {n_more} messages came: {[each.text for each in fresh()]}"

        wait_until(lambda: len(fresh()) >= n_more, timeout, missing)
        new = fresh()[:n_more]
        self._mark = max(each.message_id for each in new)
        return new

    def _is_bots(self, post: Post) -> bool:
        return bool(post.message["from"]["id"] == self._state.bot["id"])

    def _begin(self) -> None:
        """Before any deed: what the bot has said so far is no longer waited for."""
        self._mark = max((each.message_id for each in self.messages), default=self._mark)

    def _say(self, content: Json) -> int:
        with self._state.lock:
            self._begin()
            self._arrive()
            post = self._state.post(self._chat, self._person, content)
            self._state.announce("message", post.message)
            return int(post.message["message_id"])

    def _arrive(self) -> None:
        """Makes sure that a message written now reaches the bot."""
        raise NotImplementedError


class User(Seat):
    """A person in their private chat with the bot."""

    def __init__(self, state: State, person: Json) -> None:
        chat = Chat(_private_chat(person))
        state.chats[person["id"]] = chat
        super().__init__(state, person, chat)
        self._seats: dict[int, GroupSeat] = {}

    @property
    def toasts(self) -> list[str]:
        """What the bot's answers to presses showed: "" where only the spinner stopped."""
        with self._state.lock:
            presses = [each for each in self._state.presses.values() if each.person_id == self.id]
            return [each.answer["text"] for each in presses if each.answer]

    def rename(self, **fields: Any) -> None:
        """Changes the profile (`first_name`, `language_code`…) for messages from now on."""
        with self._state.lock:
            self._person = {**self._person, **fields}
            self._chat.info = _private_chat(self._person)
            for seat in self._seats.values():
                seat._person = self._person

    def blocks_bot(self) -> None:
        with self._state.lock:
            self._state.set_standing(self._chat, "kicked", by=self._person)

    def unblocks_bot(self) -> None:
        with self._state.lock:
            self._state.set_standing(self._chat, "member", by=self._person)

    def in_group(self, group_id: int, title: str = "Team") -> "GroupSeat":
        """This person in a group, made at first mention; its id must be negative."""
        if group_id >= 0:
            raise ValueError(f"a group's id is negative, not {group_id}")
        with self._state.lock:
            kind = "supergroup" if str(group_id).startswith("-100") else "group"
            info = {"id": group_id, "type": kind, "title": title}
            chat = self._state.chats.setdefault(group_id, Chat(info))
            if group_id not in self._seats:
                self._seats[group_id] = GroupSeat(self._state, self._person, chat)
            return self._seats[group_id]

    def _arrive(self) -> None:
        if self._chat.standing == "kicked":
            raise RuntimeError("who has blocked the bot cannot write to it")
        self._chat.standing = "member"


class GroupSeat(Seat):
    """A person in a group."""

    def adds_bot(self) -> None:
        with self._state.lock:
            self._state.set_standing(self._chat, "member", by=self._person)
            joined = {"new_chat_members": [self._state.bot]}
            post = self._state.post(self._chat, self._person, joined)
            self._state.announce("message", post.message)

    def removes_bot(self) -> None:
        with self._state.lock:
            self._state.set_standing(self._chat, "kicked", by=self._person)

    def _arrive(self) -> None:
        if self._chat.standing == "never":
            self.adds_bot()
        elif self._chat.standing != "member":
            raise RuntimeError("the bot is no longer in this group")


def _private_chat(person: Json) -> Json:
    names: Json = {
        key: value
        for key, value in person.items()
        if key in ("first_name", "last_name", "username")
    }
    return {"id": person["id"], "type": "private", **names}
