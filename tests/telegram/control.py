"""Driving a double that runs in another process, over HTTP with JSON.

| request | body or query | answer |
|---|---|---|
| POST /control/send | `user`, `text` | `message_id`, `at` |
| POST /control/press | `user`, `message_id`, `button` (title or data) | `query_id`, `at` |
| POST /control/media | `user`, `kind` | `message_id`, `at` |
| POST /control/block, /control/unblock | `user` | `at` |
| POST /control/fail, /control/hang, /control/drop | `method` and their other arguments | `at` |
| POST /control/redeliver | `update_id` | `at` |
| GET /control/messages | `?user=1001&after=12` (a message id, 0 if left out) | a list, as `Seen` |
| GET /control/calls | `?method=sendMessage&after=0` (how many to skip) | a list, as `Call` |
| GET /control/heard | | when each person was last sent a message: `{"1001": at}` |
| GET /control/stats | | counts |

`user` is `{"id": 1001, "first_name": "Ana", "language_code": "fr"}`; all but `id` count at first
mention only. `at` is monotonic seconds, which on Linux all processes share. In lists, files are
given by name and size.
"""

import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.telegram.limits import Json
from tests.telegram.state import Upload

if TYPE_CHECKING:
    from tests.telegram.double import TelegramDouble

type Deed = Callable[["TelegramDouble", Json], Json | None]
type Look = Callable[["TelegramDouble", dict[str, str]], Any]
type Endpoint = Callable[[Request], Awaitable[Response]]


def control_routes(double: "TelegramDouble") -> list[Route]:
    """The control endpoints of this double."""
    deeds = [
        Route(f"/control/{name}", _doing(double, deed), methods=["POST"]) for name, deed in DEEDS
    ]
    looks = [Route(f"/control/{name}", _looking(double, look)) for name, look in LOOKS]
    return deeds + looks


def _doing(double: "TelegramDouble", deed: Deed) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        try:
            result = deed(double, await request.json()) or {}
        except (LookupError, RuntimeError, TypeError, ValueError) as error:
            return JSONResponse({"error": f"{type(error).__name__}: {error}"}, 400)
        return JSONResponse({**result, "at": time.monotonic()})

    return endpoint


def _looking(double: "TelegramDouble", look: Look) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        return JSONResponse(look(double, dict(request.query_params)))

    return endpoint


def _send(double: "TelegramDouble", order: Json) -> Json:
    return {"message_id": double.user(**order.pop("user")).send(**order)}


def _press(double: "TelegramDouble", order: Json) -> Json:
    user = double.user(**order["user"])
    return {"query_id": user.press(order["message_id"], order["button"])}


def _media(double: "TelegramDouble", order: Json) -> Json:
    return {"message_id": double.user(**order["user"]).send_media(order["kind"])}


def _messages(double: "TelegramDouble", query: dict[str, str]) -> list[Json]:
    after = int(query.get("after", 0))
    seen = double.user(int(query["user"])).messages
    return [
        {**_plain(asdict(each)), "buttons": each.buttons}
        for each in seen
        if each.message_id > after
    ]


def _calls(double: "TelegramDouble", query: dict[str, str]) -> list[Json]:
    calls = double.calls_of(query["method"]) if "method" in query else double.calls
    return [
        {**asdict(each), "params": _plain(each.params)}
        for each in calls[int(query.get("after", 0)) :]
    ]


def _heard(double: "TelegramDouble", query: dict[str, str]) -> dict[str, float]:
    bot = double.state.bot["id"]
    heard = {}
    with double.state.lock:
        for chat_id, chat in double.state.chats.items():
            newest_first = reversed(chat.posts.values())
            post = next((each for each in newest_first if each.message["from"]["id"] == bot), None)
            if post:
                heard[str(chat_id)] = post.at
    return heard


def _stats(double: "TelegramDouble", query: dict[str, str]) -> Json:
    calls = double.calls
    return {
        "calls": len(calls),
        "by_method": Counter(call.method for call in calls),
        "by_status": Counter(str(call.status) for call in calls),
        "too_many_requests": double.too_many_requests,
        "updates": len(double.updates),
        "pending": double.pending,
        "unanswered": len(double.unanswered),
    }


def _plain(fields: Json) -> Json:
    return {name: _sized(value) for name, value in fields.items()}


def _sized(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"size": len(value)}
    if isinstance(value, Upload):
        return {"name": value.name, "size": len(value.content)}
    return value


DEEDS: list[tuple[str, Deed]] = [
    ("send", _send),
    ("press", _press),
    ("media", _media),
    ("block", lambda double, order: double.user(**order["user"]).blocks_bot()),
    ("unblock", lambda double, order: double.user(**order["user"]).unblocks_bot()),
    ("fail", lambda double, order: double.fail(**order)),
    ("hang", lambda double, order: double.hang(**order)),
    ("drop", lambda double, order: double.drop(**order)),
    ("redeliver", lambda double, order: double.redeliver(**order)),
]
LOOKS: list[tuple[str, Look]] = [
    ("messages", _messages),
    ("calls", _calls),
    ("heard", _heard),
    ("stats", _stats),
]
