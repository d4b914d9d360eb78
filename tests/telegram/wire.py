"""Reading a Bot API call off an HTTP request: query, form, multipart or JSON."""

import json
from email.message import Message
from email.parser import HeaderParser
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from tests.telegram.limits import Json, bad_request
from tests.telegram.state import Upload

INTEGERS = frozenset(
    {"chat_id", "message_id", "offset", "limit", "timeout", "max_connections", "cache_time"}
)
FLAGS = frozenset({"show_alert", "drop_pending_updates", "protect_content", "disable_notification"})
# What each JSON-serialised parameter is called when it cannot be parsed.
SERIALISED = {
    "reply_markup": "reply keyboard markup JSON object",
    "reply_parameters": "reply parameters JSON object",
    "link_preview_options": "link preview options JSON object",
    "entities": "message entities JSON object",
    "caption_entities": "message entities JSON object",
    "commands": "commands JSON object",
    "scope": "BotCommandScope JSON object",
    "allowed_updates": "allowed updates JSON object",
}


async def read_call(request: Request) -> Json:
    """The parameters as sent, uploads as `Upload`. Raises `RefusedError` for an unreadable body."""
    params: Json = dict(request.query_params)
    body = await request.body()
    content_type = request.headers.get("content-type", "")
    if content_type.startswith("multipart/form-data"):
        return params | _multipart(body, content_type)
    if content_type.startswith("application/json"):
        try:
            given = json.loads(body or b"{}")
        except ValueError as error:
            raise bad_request("can't parse JSON object") from error
        return {**params, **given}
    return params | dict(parse_qsl(body.decode(), keep_blank_values=True))


def _multipart(body: bytes, content_type: str) -> Json:
    header = Message()
    header["content-type"] = content_type
    boundary = str(header.get_boundary()).encode()
    params: Json = {}
    # Each part is "\r\n" + headers + blank line + content + "\r\n"; the last is the closing "--".
    for part in body.split(b"--" + boundary)[1:-1]:
        head, _, content = part[2:-2].partition(b"\r\n\r\n")
        fields = HeaderParser().parsestr(head.decode())
        name = str(fields.get_param("name", header="content-disposition"))
        file_name = fields.get_filename()
        params[name] = content.decode() if file_name is None else Upload(file_name, content)
    return params


def typed(params: Json) -> Json:
    """The same parameters with numbers, flags and JSON read. Raises `RefusedError`."""
    return {name: _typed(name, value) for name, value in params.items()}


def _typed(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if name in INTEGERS and value.removeprefix("-").isdecimal():
        return int(value)
    if name in FLAGS:
        return value.strip().lower() in ("true", "yes", "1")
    if name in SERIALISED and value:
        try:
            return json.loads(value)
        except ValueError as error:
            raise bad_request(f"can't parse {SERIALISED[name]}") from error
    return value
