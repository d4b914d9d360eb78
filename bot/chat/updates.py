"""Reading Telegram's updates: a raw mapping in, what Leo needs out, whatever it holds."""

from html import escape
from typing import Any

from telegram import Message

from bot.chat.commands import read_text, read_token
from bot.usecases.messages import Incoming, Told

CHANNEL = "telegram"
# What Leo asks Telegram for.
KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
# What a message may hold instead of text. Service messages (a pinned message, a new title)
# hold none of these, and nobody expects an answer to them.
MEDIA = {
    *("animation", "audio", "checklist", "contact", "dice", "document", "game", "giveaway"),
    *("giveaway_winners", "invoice", "live_photo", "location", "paid_media", "photo", "poll"),
    *("rich_message", "sticker", "story", "venue", "video", "video_note", "voice"),
}
GROUPS = ("group", "supergroup")
MAX_BIGINT = 2**63 - 1


class Malformed(ValueError):
    """An update that is not what Telegram's documentation describes."""


def read_update(raw: Any) -> Incoming | None:
    """Return what an update tells, or None when it needs no answer. Raises Malformed."""
    try:
        return _read(raw)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Malformed(type(error).__name__) from None


def update_id(raw: Any) -> int | None:
    """Return the number of an update, also of a malformed one, or None."""
    number = raw.get("update_id") if isinstance(raw, dict) else None
    return number if _is_id(number) else None


def _is_id(number: Any) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and abs(number) <= MAX_BIGINT


def _read(raw: Any) -> Incoming | None:
    if not isinstance(raw, dict):
        raise Malformed("no object")
    if "message" in raw:
        return _message(raw, raw["message"])
    if "edited_message" in raw:
        return _edit(raw, raw["edited_message"])
    if "callback_query" in raw:
        return _press(raw, raw["callback_query"])
    if "my_chat_member" in raw:
        return _membership(raw, raw["my_chat_member"])
    return None


def _incoming(
    raw: dict[str, Any],
    chat: dict[str, Any],
    sender: dict[str, Any],
    told: Told,
    text: str = "",
    message_id: int | None = None,
    pressed_html: str = "",
    token: str = "",
) -> Incoming:
    if not _is_id(raw["update_id"]) or not _is_id(chat["id"]):
        raise Malformed("id")
    if message_id is not None and not _is_id(message_id):
        raise Malformed("message_id")
    code = sender.get("language_code")
    name = sender.get("first_name")
    return Incoming(
        channel=CHANNEL,
        update_id=raw["update_id"],
        address=str(chat["id"]),
        told=told,
        text=_clean(text),
        name=_clean(name) if isinstance(name, str) else "",
        language="fr" if isinstance(code, str) and code.lower().startswith("fr") else "en",
        message_ref=message_id,
        pressed_html=_clean(pressed_html),
        token=token,
    )


def _clean(text: str) -> str:
    """Return the text without what no database takes: NUL and lone surrogates."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _message(raw: dict[str, Any], message: dict[str, Any]) -> Incoming | None:
    chat, sender = message["chat"], message.get("from") or {}
    if chat["type"] != "private":
        return _incoming(raw, chat, sender, Told.GROUP) if chat["type"] in GROUPS else None
    if isinstance(message.get("text"), str) and message["text"]:
        told, text = read_text(message["text"])
        token = read_token(message["text"])
        return _incoming(raw, chat, sender, told, text, message["message_id"], token=token)
    if MEDIA & message.keys():
        return _incoming(raw, chat, sender, Told.MEDIA, message_id=message["message_id"])
    return None


def _edit(raw: dict[str, Any], message: dict[str, Any]) -> Incoming | None:
    text = message.get("text")
    if message["chat"]["type"] != "private" or not isinstance(text, str) or not text:
        return None
    sender = message.get("from") or {}
    return _incoming(raw, message["chat"], sender, Told.EDIT, text, message["message_id"])


def _press(raw: dict[str, Any], query: dict[str, Any]) -> Incoming | None:
    message, data = query.get("message"), query.get("data")
    if message is None or not isinstance(data, str) or message["chat"]["type"] != "private":
        return None
    html = _html_of(message)
    chat, message_id = message["chat"], message["message_id"]
    return _incoming(raw, chat, query["from"], Told.PRESS, data, message_id, html)


def _html_of(message: dict[str, Any]) -> str:
    """Return a message of Leo's own as HTML, to show the choice in it."""
    text = message.get("text")
    if not isinstance(text, str):
        return ""
    try:
        parsed = Message.de_json(message)
        return parsed.text_html if parsed.text else ""
    except Exception:  # A library's reader may stumble over anything in a malformed message.
        return escape(text, quote=False)


def _membership(raw: dict[str, Any], change: dict[str, Any]) -> Incoming | None:
    chat, status = change["chat"], change["new_chat_member"]["status"]
    here = status in ("member", "administrator", "restricted")
    if chat["type"] == "private":
        told = Told.UNBLOCKED if here else Told.BLOCKED
        return _incoming(raw, chat, change["from"], told)
    if here and chat["type"] in GROUPS:
        return _incoming(raw, chat, change["from"], Told.GROUP)
    return None
