"""The Bot API's methods, but for getUpdates, which waits and so lives with the server.

Each takes the state and the call's parameters, read and typed, and returns the call's result, or
raises `RefusedError`. The caller holds the state's lock.
"""

import json
import re
import time
from collections.abc import Callable
from math import ceil
from typing import Any
from urllib.parse import urlsplit

from tests.telegram import limits
from tests.telegram.entities import Formatted, read_text
from tests.telegram.limits import Json, RefusedError, bad_request, too_many, utf16_length
from tests.telegram.state import Chat, Post, State, Upload, Webhook

type Method = Callable[[State, Json], Any]

# Telegram refuses `close` this long after the bot was started, in seconds.
CLOSE_AFTER = 600
DOWNLOAD_BYTES = 20 * 2**20


def _get_me(state: State, params: Json) -> Json:
    return {
        **state.bot,
        "can_join_groups": True,
        "can_read_all_group_messages": True,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def _log_out(state: State, params: Json) -> bool:
    state.logged_out = True
    return True


def _close(state: State, params: Json) -> bool:
    left = CLOSE_AFTER - (time.monotonic() - state.started)
    if left > 0:
        raise too_many(ceil(left))
    return True


# Sending


def _send_message(state: State, params: Json) -> Json:
    chat = _reachable(state, params)
    body = _formatted(params, "text", "entities")
    limits.check_text(body.text)
    return _sent(state, chat, params, _worded("text", "entities", body), body.html)


def _send_photo(state: State, params: Json) -> Json:
    chat = _reachable(state, params)
    upload, known = _file(state, params, "photo")
    width, height = limits.check_photo(upload.content)
    file = known or state.keep_file(upload, "photo")
    size = {**file, "width": width, "height": height}
    return _sent_file(state, chat, params, {"photo": [size]}, upload)


def _send_document(state: State, params: Json) -> Json:
    chat = _reachable(state, params)
    upload, known = _file(state, params, "document")
    limits.check_document(upload.content)
    file = known or state.keep_file(upload, "document")
    return _sent_file(state, chat, params, {"document": {**file, "file_name": upload.name}}, upload)


def _send_chat_action(state: State, params: Json) -> bool:
    _reachable(state, params)
    if params.get("action") not in limits.CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    return True


def _sent_file(state: State, chat: Chat, params: Json, media: Json, upload: Upload) -> Json:
    body = _formatted(params, "caption", "caption_entities")
    limits.check_caption(body.text)
    content = {**media, **_worded("caption", "caption_entities", body)}
    return _sent(state, chat, params, content, body.html, upload)


def _sent(
    state: State,
    chat: Chat,
    params: Json,
    content: Json,
    html: str,
    upload: Upload | None = None,
) -> Json:
    markup = _markup(params)
    reply_to = _replied(chat, params)
    if state.pace:
        state.pace.take(chat.info["id"], time.monotonic())
    if "inline_keyboard" in markup:
        content = {**content, "reply_markup": markup}
    elif "keyboard" in markup or "remove_keyboard" in markup:
        chat.keyboard = [
            [button if isinstance(button, str) else button["text"] for button in row]
            for row in markup.get("keyboard", [])
        ]
    if params.get("protect_content"):
        content = {**content, "has_protected_content": True}
    return state.post(chat, state.bot, {**content, **reply_to}, html, upload).message


def _reachable(state: State, params: Json) -> Chat:
    """The chat a call names, if the bot may write there."""
    chat_id = params.get("chat_id")
    if chat_id in (None, ""):
        raise bad_request("chat_id is empty")
    chat = state.chats.get(chat_id) if isinstance(chat_id, int) else None
    if chat is None or (chat.standing == "never" and not chat.is_private):
        raise bad_request("chat not found")
    if chat.standing == "member":
        return chat
    kind = chat.info["type"]
    reasons = {
        "never": "bot can't initiate conversation with a user",
        "kicked": "bot was blocked by the user"
        if chat.is_private
        else f"bot was kicked from the {kind} chat",
        "left": f"bot is not a member of the {kind} chat",
    }
    raise RefusedError(403, f"Forbidden: {reasons[chat.standing]}")


def _formatted(params: Json, field: str, entities: str) -> Formatted:
    text = params.get(field)
    return read_text(
        "" if text is None else str(text), params.get("parse_mode"), params.get(entities)
    )


def _worded(field: str, entities: str, body: Formatted) -> Json:
    words: Json = {field: body.text} if body.text else {}
    return {**words, entities: body.entities} if body.entities else words


def _markup(params: Json) -> Json:
    return limits.check_markup(params["reply_markup"]) if params.get("reply_markup") else {}


def _replied(chat: Chat, params: Json) -> Json:
    """The field that shows which message is replied to, without what that one replied to."""
    reply = params.get("reply_parameters")
    if not reply:
        return {}
    post = chat.posts.get(reply.get("message_id"))
    if post is None:
        if reply.get("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")
    shown = {key: value for key, value in post.message.items() if key != "reply_to_message"}
    return {"reply_to_message": shown}


def _file(state: State, params: Json, field: str) -> tuple[Upload, Json | None]:
    """The file a call brings, or one that was sent before, named by its id."""
    given = params.get(field)
    if isinstance(given, str) and given.startswith("attach://"):
        given = params.get(given.removeprefix("attach://"))
    if isinstance(given, Upload):
        return given, None
    if not given:
        raise bad_request(f"there is no {field} in the request")
    if str(given).startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    if given not in state.files:
        raise bad_request("wrong remote file identifier specified: wrong string length")
    upload = state.files[given][1]
    known = {"file_id": given, "file_unique_id": given, "file_size": len(upload.content)}
    return upload, known


# Changing what was sent


def _edit_message_text(state: State, params: Json) -> Json:
    post = _editable(state, params)
    if "text" not in post.message:
        raise bad_request("there is no text in the message to edit")
    body = _formatted(params, "text", "entities")
    limits.check_text(body.text)
    words = _worded("text", "entities", body)
    message = _edited(post, params, words, without=("text", "entities", "reply_markup"))
    post.message = {**message, "edit_date": int(time.time())}
    post.html = body.html
    return post.message


def _edit_message_reply_markup(state: State, params: Json) -> Json:
    post = _editable(state, params)
    post.message = _edited(post, params, {}, without=("reply_markup",))
    return post.message


def _edited(post: Post, params: Json, words: Json, without: tuple[str, ...]) -> Json:
    markup = _markup(params)
    if markup and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    shown = {"reply_markup": markup} if markup.get("inline_keyboard") else {}
    kept = {key: value for key, value in post.message.items() if key not in without}
    message = {**kept, **words, **shown}
    if message == post.message:
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly "
            "the same as a current content and reply markup of the message"
        )
    return message


def _editable(state: State, params: Json) -> Post:
    _, post = _addressed(state, params, "edit")
    if post.message["from"]["id"] != state.bot["id"]:
        raise bad_request("message can't be edited")
    return post


def _addressed(state: State, params: Json, verb: str) -> tuple[Chat, Post]:
    chat = _reachable(state, params)
    message_id = params.get("message_id")
    if message_id in (None, ""):
        raise bad_request("message identifier is not specified")
    if message_id not in chat.posts:
        raise bad_request(f"message to {verb} not found")
    return chat, chat.posts[message_id]


def _delete_message(state: State, params: Json) -> bool:
    chat, post = _addressed(state, params, "delete")
    if not chat.is_private and post.message["from"]["id"] != state.bot["id"]:
        raise bad_request("message can't be deleted")
    del chat.posts[post.message["message_id"]]
    return True


def _answer_callback_query(state: State, params: Json) -> bool:
    text = params.get("text") or ""
    if utf16_length(text) > limits.TOAST_UNITS:
        raise bad_request("MESSAGE_TOO_LONG")
    press = state.presses.get(str(params.get("callback_query_id")))
    if press is None or time.monotonic() - press.at > state.callback_age:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    press.answer = {"text": text, "show_alert": bool(params.get("show_alert"))}
    return True


def _leave_chat(state: State, params: Json) -> bool:
    chat = _reachable(state, params)
    if chat.is_private:
        raise bad_request("chat member status can't be changed in private chats")
    state.set_standing(chat, "left", by=state.bot)
    return True


# What the bot says of itself


def _set_my_commands(state: State, params: Json) -> bool:
    state.commands[_audience(params)] = limits.check_commands(params.get("commands", []))
    return True


def _get_my_commands(state: State, params: Json) -> list[Json]:
    return state.commands.get(_audience(params), [])


def _audience(params: Json) -> tuple[str, str]:
    """The scope as canonical JSON, and the language."""
    scope = params.get("scope") or {"type": "default"}
    if not isinstance(scope, dict) or scope.get("type") not in limits.SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    language = limits.check_language(params.get("language_code") or "")
    return json.dumps(scope, sort_keys=True), language


def _set_my_description(state: State, params: Json) -> bool:
    _describe(state.descriptions, params, "description", limits.DESCRIPTION_UNITS)
    return True


def _set_my_short_description(state: State, params: Json) -> bool:
    _describe(state.short_descriptions, params, "short_description", limits.SHORT_DESCRIPTION_UNITS)
    return True


def _describe(kept: dict[str, str], params: Json, field: str, units: int) -> None:
    language = limits.check_language(params.get("language_code") or "")
    text = params.get(field) or ""
    if utf16_length(text) > units:
        raise bad_request(f"{field.replace('_', ' ')} is too long")
    kept[language] = text


# Getting updates and files


def _set_webhook(state: State, params: Json) -> bool:
    url = params.get("url") or ""
    if not url:
        return _delete_webhook(state, params)
    parts = urlsplit(url)
    # As with a self-hosted Bot API server, plain HTTP will do on the machine itself.
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost"):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    secret = params.get("secret_token") or ""
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise bad_request("secret token contains unallowed characters")
    connections = params.get("max_connections") or 40
    subscribe(state, params)
    state.webhook = Webhook(url, secret, min(max(connections, 1), 100))
    if params.get("drop_pending_updates"):
        state.updates.clear()
    state.on_update()
    return True


def _delete_webhook(state: State, params: Json) -> bool:
    state.webhook = None
    if params.get("drop_pending_updates"):
        state.updates.clear()
    return True


def _get_webhook_info(state: State, params: Json) -> Json:
    hook = state.webhook
    info: Json = {
        "url": hook.url if hook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(state.updates.waiting),
    }
    if state.updates.allowed:
        info["allowed_updates"] = state.updates.allowed
    if hook:
        info["max_connections"] = hook.max_connections
        if hook.last_error:
            info["last_error_date"], info["last_error_message"] = hook.last_error
    return info


def subscribe(state: State, params: Json) -> None:
    """Which kinds of update the bot wants from now on; said nothing, all stays as it was."""
    allowed = params.get("allowed_updates")
    if allowed is not None:
        state.updates.allowed = list(allowed)


def _get_file(state: State, params: Json) -> Json:
    file_id = params.get("file_id") or ""
    path, upload = state.stored_file(file_id)
    if len(upload.content) > DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    size = len(upload.content)
    return {"file_id": file_id, "file_unique_id": file_id, "file_size": size, "file_path": path}


# By name in small letters: Telegram does not mind the case.
METHODS: dict[str, Method] = {
    "getme": _get_me,
    "logout": _log_out,
    "close": _close,
    "sendmessage": _send_message,
    "sendphoto": _send_photo,
    "senddocument": _send_document,
    "sendchataction": _send_chat_action,
    "editmessagetext": _edit_message_text,
    "editmessagereplymarkup": _edit_message_reply_markup,
    "deletemessage": _delete_message,
    "answercallbackquery": _answer_callback_query,
    "leavechat": _leave_chat,
    "setmycommands": _set_my_commands,
    "getmycommands": _get_my_commands,
    "setmydescription": _set_my_description,
    "setmyshortdescription": _set_my_short_description,
    "setwebhook": _set_webhook,
    "deletewebhook": _delete_webhook,
    "getwebhookinfo": _get_webhook_info,
    "getfile": _get_file,
}
