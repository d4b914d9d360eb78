"""What Telegram refuses, and the words it refuses with.

Pure functions over the values of one call; each raises `RefusedError`. The figures are those of
Bot API 10.1, copied by hand, except that lengths are counted in UTF-16 units throughout, which is
never more lenient than Telegram.
"""

import io
import re
from collections import defaultdict, deque
from collections.abc import Callable
from math import ceil
from typing import Any

from PIL import Image, UnidentifiedImageError

type Json = dict[str, Any]

TEXT_UNITS = 4096
CAPTION_UNITS = 1024
TOAST_UNITS = 200
DESCRIPTION_UNITS = 512
SHORT_DESCRIPTION_UNITS = 120
CALLBACK_DATA_BYTES = 64
COMMANDS = 100
COMMAND_DESCRIPTION_UNITS = 256
PHOTO_BYTES = 10 * 2**20
DOCUMENT_BYTES = 50 * 2**20
PHOTO_SIDES = 10_000
PHOTO_RATIO = 20

# Any one of these makes a button of an inline keyboard; a text alone does not.
BUTTON_KINDS = (
    "callback_data", "url", "web_app", "login_url", "switch_inline_query",
    "switch_inline_query_current_chat", "switch_inline_query_chosen_chat", "copy_text",
    "callback_game", "pay",
)  # fmt: skip
CHAT_ACTIONS = frozenset({
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
    "upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note",
})  # fmt: skip
SCOPES = frozenset({
    "default", "all_private_chats", "all_group_chats", "all_chat_administrators", "chat",
    "chat_administrators", "chat_member",
})  # fmt: skip


class RefusedError(Exception):
    """A call is answered with an error: HTTP `status`, `description`, and seconds to wait."""

    def __init__(self, status: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(f"{status} {description}")
        self.status = status
        self.description = description
        self.retry_after = retry_after


def bad_request(reason: str) -> RefusedError:
    """A refusal with status 400, worded as Telegram words them."""
    return RefusedError(400, f"Bad Request: {reason}")


def too_many(retry_after: int) -> RefusedError:
    """A refusal with status 429, to be tried again after so many seconds."""
    return RefusedError(429, f"Too Many Requests: retry after {retry_after}", retry_after)


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, the unit of Telegram's offsets and of the limits here."""
    return len(text) + sum(character > "\uffff" for character in text)


def check_text(text: str) -> None:
    """A message's text, parsed and trimmed: 1-4096 units."""
    if not text:
        raise bad_request("message text is empty")
    if utf16_length(text) > TEXT_UNITS:
        raise bad_request("message is too long")


def check_caption(caption: str) -> None:
    """A caption, parsed and trimmed: up to 1024 units."""
    if utf16_length(caption) > CAPTION_UNITS:
        raise bad_request("message caption is too long")


def check_markup(markup: Any) -> Json:
    """The reply markup as it will be kept: empty rows left out."""
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        rows = _rows(markup["inline_keyboard"], "inline_keyboard", "InlineKeyboardMarkup")
        _check_each(rows, _check_inline_button)
        return {"inline_keyboard": rows}
    if "keyboard" in markup:
        rows = _rows(markup["keyboard"], "keyboard", "ReplyKeyboardMarkup")
        _check_each(rows, _check_button)
        return {**markup, "keyboard": rows}
    if markup.get("remove_keyboard") or markup.get("force_reply"):
        return markup
    raise bad_request("object expected as reply markup")


def _check_each(rows: list[list[Any]], check: Callable[[Any], None]) -> None:
    for row in rows:
        for button in row:
            check(button)


def _rows(keyboard: Any, field: str, kind: str) -> list[list[Any]]:
    if not isinstance(keyboard, list):
        raise bad_request(f'field "{field}" of the {kind} must be an Array')
    if not all(isinstance(row, list) for row in keyboard):
        raise bad_request(f'field "{field}" of the {kind} must be an Array of Arrays')
    return [row for row in keyboard if row]


def _button_text(button: Any, kind: str) -> str:
    if not isinstance(button, dict):
        raise bad_request(f"can't parse {kind}: {kind} must be an Object")
    if not isinstance(button.get("text"), str):
        raise bad_request(f"can't parse {kind}: Can't find field \"text\"")
    return str(button["text"])


def _check_button(button: Any) -> None:
    text = button if isinstance(button, str) else _button_text(button, "KeyboardButton")
    if not text.strip():
        raise bad_request("keyboard button text must be non-empty")


def _check_inline_button(button: Any) -> None:
    kind = "InlineKeyboardButton"
    text = _button_text(button, kind)
    data = button.get("callback_data")
    if data is not None and not isinstance(data, str):
        raise bad_request(f'can\'t parse {kind}: Field "callback_data" must be of type String')
    # An empty callback_data counts as none, as with Telegram.
    if data == "" or not any(field in button for field in BUTTON_KINDS):
        raise bad_request(
            f"can't parse {kind}: Text buttons are not allowed in the inline keyboard"
        )
    if not text.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if data is not None and len(data.encode()) > CALLBACK_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")


def check_commands(commands: Any) -> list[Json]:
    """The commands to be kept; their names are 1-32 of a-z, 0-9 and _."""
    if not isinstance(commands, list):
        raise bad_request("expected an Array of BotCommand")
    if len(commands) > COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    return [_checked_command(command) for command in commands]


def _checked_command(command: Any) -> Json:
    for field in ("command", "description"):
        if not isinstance(command, dict) or not isinstance(command.get(field), str):
            raise bad_request(f"can't parse BotCommand: Can't find field \"{field}\"")
    if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
        raise bad_request("BOT_COMMAND_INVALID")
    if not command["description"].strip():
        raise bad_request("command description must be non-empty")
    if utf16_length(command["description"]) > COMMAND_DESCRIPTION_UNITS:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": command["command"], "description": command["description"]}


def check_language(language_code: str) -> str:
    """The same code: two small letters, or empty for everyone."""
    if language_code and not re.fullmatch(r"[a-z]{2}", language_code):
        raise bad_request("invalid language code specified")
    return language_code


def check_photo(content: bytes) -> tuple[int, int]:
    """Width and height in pixels of a PNG or JPEG that can be decoded to the end."""
    if not content:
        raise bad_request("file must be non-empty")
    if len(content) > PHOTO_BYTES:
        raise bad_request("file is too big")
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as image:
            image.load()
            width, height = image.size
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise bad_request("IMAGE_PROCESS_FAILED") from error
    if width + height > PHOTO_SIDES or max(width, height) > PHOTO_RATIO * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return width, height


def check_document(content: bytes) -> None:
    """A file of any kind: not empty, and up to 50 MiB."""
    if not content:
        raise bad_request("file must be non-empty")
    if len(content) > DOCUMENT_BYTES:
        raise RefusedError(413, "Request Entity Too Large")


class Pace:
    """At most `overall` messages a second for the bot and `per_chat` a second for one chat."""

    def __init__(self, overall: int, per_chat: int) -> None:
        self._overall = overall
        self._per_chat = per_chat
        self._sent: deque[float] = deque()
        self._sent_to: defaultdict[int, deque[float]] = defaultdict(deque)

    def take(self, chat_id: int, now: float) -> None:
        """Counts a message sent at `now` (monotonic seconds), or refuses it with a 429."""
        limits = ((self._sent, self._overall), (self._sent_to[chat_id], self._per_chat))
        for sent, limit in limits:
            while sent and sent[0] <= now - 1:
                sent.popleft()
            if len(sent) >= limit:
                raise too_many(max(1, ceil(sent[0] + 1 - now)))
        for sent, _ in limits:
            sent.append(now)
