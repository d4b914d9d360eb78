"""What comes in and goes out, as the use cases see it: the shape of inbox and outbox bodies."""

import re
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Self

# What a button carries that answers no question but asks for something, as words would.
_DEED = re.compile(r"do(?:\.(\d{1,19}))?\.([a-z_]+)(?:\.([a-z0-9-]+))?", re.ASCII)


class Told(StrEnum):
    """What kind of thing a person did in the chat."""

    TEXT = "text"
    COMMAND = "command"
    PRESS = "press"
    EDIT = "edit"
    MEDIA = "media"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    GROUP = "group"


@dataclass(frozen=True)
class Deed:
    """What a button `do.[run.]intent[.about]` asks for.

    `about` is a practice or the like, or "". With a run it belongs to a clarifying question, and
    is void once that is over.
    """

    intent: str
    about: str = ""
    run_id: int | None = None

    @classmethod
    def read(cls, payload: str) -> Self | None:
        """Return what a payload stands for, or None when the button answers a question."""
        found = _DEED.fullmatch(payload)
        if found is None:
            return None
        return cls(found[2], found[3] or "", int(found[1]) if found[1] else None)

    @property
    def payload(self) -> str:
        """Return what the button carries, at most 64 bytes."""
        run = str(self.run_id) if self.run_id else ""
        return ".".join(part for part in ("do", run, self.intent, self.about) if part)


@dataclass(frozen=True)
class Incoming:
    """One update, reduced to what Leo needs."""

    channel: str
    update_id: int
    address: str
    told: Told
    text: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    language: str = "en"
    # The chat message that said it, or whose button was pressed.
    message_ref: int | None = None
    # The HTML of the message whose button was pressed, so that the choice can be shown in it.
    pressed_html: str = field(default="", repr=False)
    # What came with /start: the secret of an invitation's link.
    token: str = field(default="", repr=False)

    def to_json(self) -> dict[str, Any]:
        """Return a plain mapping for the inbox."""
        return asdict(self)

    @classmethod
    def from_json(cls, payload: dict[str, Any]) -> Self:
        """Read back what `to_json` wrote."""
        return cls(**{**payload, "told": Told(payload["told"])})

    @property
    def deed(self) -> Deed | None:
        """Return what a pressed button asks for, or None when it answers a question."""
        return Deed.read(self.text) if self.told is Told.PRESS else None


@dataclass(frozen=True)
class Button:
    """A button: what it shows, and what comes back when it is pressed (at most 64 bytes)."""

    title: str
    payload: str


def deed(title: str, intent: str, about: str = "") -> Button:
    """Return a button that asks for something, as the words of that intent would."""
    return Button(title, Deed(intent, about).payload)


@dataclass(frozen=True)
class Document:
    """A file for the person."""

    name: str
    content: str = field(repr=False)


@dataclass(frozen=True)
class Settle:
    """Take the buttons off an earlier message, and show in it what was chosen.

    `outbox_id` names the message as Leo sent it; `message_ref` as the chat knows it.
    """

    outbox_id: int | None = None
    message_ref: int | None = None
    html: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Outgoing:
    """One message to a person. `html` uses Telegram's tags; user text in it is escaped."""

    html: str = field(default="", repr=False)
    buttons: tuple[tuple[Button, ...], ...] = ()
    picture: dict[str, Any] | None = field(default=None, repr=False)
    document: Document | None = None
    settle: Settle | None = None
    # The bot leaves the group it said this in.
    leave: bool = False
    # The person is gone: a channel that keeps files for them removes those.
    erased: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return a plain mapping for the outbox."""
        return asdict(self)

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> Self:
        """Read back what `to_json` wrote."""
        document, settle = body["document"], body["settle"]
        return cls(
            html=body["html"],
            buttons=tuple(tuple(Button(**b) for b in row) for row in body["buttons"]),
            picture=body["picture"],
            document=Document(**document) if document else None,
            settle=Settle(**settle) if settle else None,
            leave=body["leave"],
            erased=body["erased"],
        )
