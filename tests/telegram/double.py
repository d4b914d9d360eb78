"""A double of the Telegram Bot API for tests and the bench.

    with TelegramDouble() as double:
        ana = double.user(first_name="Ana", language_code="fr")
        ...                                  # a bot talks to double.url
        ana.command("/start payload")
        [welcome] = ana.wait_for()
        ana.press(welcome, "Yes")

It enforces Telegram's limits, refuses in its words, and fails on demand. All of it may be called
from any thread, and waits by blocking: a test that is itself a coroutine waits in
`asyncio.to_thread`. `python -m tests.telegram.double` runs it in its own process; see `control`
for how to drive it there.
"""

import argparse
import asyncio
import re
import signal
import socket
import threading
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal, Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from tests.telegram.control import control_routes
from tests.telegram.delivery import TERMINATED, Polling, Posting
from tests.telegram.limits import Json, Pace, RefusedError, too_many
from tests.telegram.methods import METHODS
from tests.telegram.people import User
from tests.telegram.state import Call, State, wait_until
from tests.telegram.wire import read_call, typed

TOKEN = "123456789:double"
DESCRIPTIONS = {
    400: "Bad Request: chat not found",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: TERMINATED,
    500: "Internal Server Error",
    502: "Bad Gateway",
}


@dataclass
class _Fault:
    """Something that goes wrong with the next calls of a method (`*`: any), in one chat or all."""

    kind: Literal["fail", "hang", "drop"]
    method: str
    accepted: bool
    times: int
    chat: int | None
    refusal: RefusedError | None = None
    seconds: float = 0

    def concerns(self, call: Call) -> bool:
        named = self.method == "*" or self.method.lower() == call.method.lower()
        return named and self.chat in (None, call.params.get("chat_id"))


class _CutError(Exception):
    """The connection is to be closed without an answer."""


class TelegramDouble:
    """The Bot API at `url`, to which `/bot<token>/<method>` and `/file/bot<token>/…` are added.

    `rate=(30, 1)` allows so many messages a second overall and per chat, and answers 429 beyond.
    `callback_age` is how long a press can be answered, `webhook_timeout` how long a webhook has
    before an update is posted again; both in seconds.
    """

    def __init__(
        self,
        token: str = TOKEN,
        *,
        port: int = 0,
        rate: tuple[int, int] | None = None,
        callback_age: float = 900.0,
        webhook_timeout: float = 60.0,
    ) -> None:
        self.token = token
        self.port = port
        self.state = State(token, Pace(*rate) if rate else None, callback_age)
        self._users: dict[int, User] = {}
        self._faults: list[_Fault] = []
        self._polling = Polling(self.state)
        self._posting = Posting(self.state, webhook_timeout)
        routes = [
            Route("/bot{token}/{method}", self._api, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self._download),
            *control_routes(self),
        ]
        self._app = Starlette(routes=routes, exception_handlers={404: _not_found})

    # Coming and going

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.state.on_update = self._updated
        self.back()
        self._posting_run = asyncio.run_coroutine_threadsafe(self._posting.run(), self._loop)
        return self

    def __exit__(self, *_: object) -> None:
        self.state.on_update = lambda: None
        self.gone()
        self._in_loop(self._finish())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def gone(self) -> None:
        """Stops listening and cuts all connections: connects are refused until `back()`."""
        self._in_loop(self._close())

    def back(self) -> None:
        """Listens, again on the same port after `gone()`."""
        self._in_loop(self._listen())

    # People and updates

    def user(
        self,
        id: int | None = None,
        first_name: str = "Ana",
        language_code: str | None = None,
        **profile: Any,
    ) -> User:
        """A person, made at first mention of the id; without one, a new person.

        `profile` may hold `last_name` and `username`.
        """
        with self.state.lock:
            if id is None:
                id = max(self._users, default=1000) + 1
            if id not in self._users:
                language = {"language_code": language_code} if language_code else {}
                name = {"first_name": first_name, **profile, **language}
                self._users[id] = User(self.state, {"id": id, "is_bot": False, **name})
            return self._users[id]

    def push(self, raw_update: Json) -> int:
        """Gives the bot any update at all, as it is; one without an `update_id` gets the next."""
        with self.state.lock:
            update_id = self.state.updates.push(raw_update)
            self.state.on_update()
            return update_id

    def redeliver(self, update_id: int) -> None:
        """Delivers an update again, unchanged. KeyError when there was none with this id."""
        with self.state.lock:
            self.state.updates.redeliver(update_id)
            self.state.on_update()

    @property
    def updates(self) -> list[Json]:
        """All updates there have been, whether the bot has had them or not."""
        with self.state.lock:
            return list(self.state.updates.all.values())

    @property
    def pending(self) -> int:
        """How many updates the bot has not confirmed."""
        with self.state.lock:
            return len(self.state.updates.waiting) + len(self.state.updates.again)

    @property
    def unanswered(self) -> list[str]:
        """Ids of the presses that still spin, because the bot has not answered them."""
        with self.state.lock:
            return [id for id, press in self.state.presses.items() if press.answer is None]

    def wait_until(self, predicate: Callable[[], object], timeout: float = 10.0) -> None:
        """Returns once `predicate()` is true; TimeoutError after `timeout` seconds."""
        wait_until(predicate, timeout, lambda: f"not true within {timeout} s: {predicate}")

    # What was called

    @property
    def calls(self) -> list[Call]:
        """Every API call so far, refused ones included, in the order received."""
        with self.state.lock:
            return list(self.state.calls)

    def calls_of(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method.lower() == method.lower()]

    @property
    def too_many_requests(self) -> int:
        """How many calls were answered 429."""
        return sum(call.status == 429 for call in self.calls)

    # Things that go wrong

    def fail(
        self,
        method: str,
        *,
        status: int = 500,
        retry_after: int | None = None,
        times: int = 1,
        chat: int | None = None,
        description: str | None = None,
        accepted: bool = False,
    ) -> None:
        """The next `times` calls of `method` (`*`: any) are answered with an error.

        `retry_after`, in seconds, goes with a 429. With `accepted` the call takes effect all the
        same, as may happen behind a 502.
        """
        refusal = RefusedError(status, description or DESCRIPTIONS.get(status, "Error"))
        if status == 429:
            refusal = too_many(retry_after or 1)
        self._add(_Fault("fail", method, accepted, times, chat, refusal))

    def hang(
        self,
        method: str,
        *,
        accepted: bool = True,
        times: int = 1,
        seconds: float = 60.0,
        chat: int | None = None,
    ) -> None:
        """The next calls take effect (unless not `accepted`), but the answer comes much too late.

        After `seconds` it is sent if the client is still there, or the connection is cut where the
        call was not accepted.
        """
        self._add(_Fault("hang", method, accepted, times, chat, seconds=seconds))

    def drop(
        self, method: str, *, accepted: bool = False, times: int = 1, chat: int | None = None
    ) -> None:
        """The next calls have their connection closed with no answer."""
        self._add(_Fault("drop", method, accepted, times, chat))

    def heal(self) -> None:
        """Forgets all faults not yet used up."""
        with self.state.lock:
            self._faults.clear()

    def _add(self, fault: _Fault) -> None:
        with self.state.lock:
            self._faults.append(fault)

    def _fault_for(self, call: Call) -> _Fault | None:
        with self.state.lock:
            fault = next((each for each in self._faults if each.concerns(call)), None)
            if fault:
                fault.times -= 1
                self._faults = [each for each in self._faults if each.times > 0]
            return fault

    # The server. Everything below runs on the event loop's thread.

    async def _api(self, request: Request) -> Response:
        call = Call(time.monotonic(), request.path_params["method"], {})
        with self.state.lock:
            self.state.calls.append(call)
        try:
            answer = await self._answer(call, request)
        except _CutError:
            self._cut(request)
            return Response()
        call.status = answer.status_code
        return answer

    async def _answer(self, call: Call, request: Request) -> Response:
        try:
            call.params = await read_call(request)
            call.params = typed(call.params)
            fault = self._fault_for(call)
            if fault is None:
                return _ok(await self._result(call, request))
            return await self._faulty(fault, call, request)
        except RefusedError as refusal:
            return _refusal(refusal)

    async def _faulty(self, fault: _Fault, call: Call, request: Request) -> Response:
        result = await self._result(call, request) if fault.accepted else None
        if fault.refusal:
            raise fault.refusal
        if fault.kind == "hang" and await self._held(request, fault.seconds) and fault.accepted:
            return _ok(result)
        raise _CutError

    async def _result(self, call: Call, request: Request) -> Any:
        self._check_token(request)
        if self.state.logged_out:
            raise RefusedError(400, "Logged out")
        name = call.method.lower()
        if name == "getupdates":
            return await self._unless_gone(request, self._polling.get_updates(call.params))
        if name not in METHODS:
            raise RefusedError(404, "Not Found")
        with self.state.lock:
            return METHODS[name](self.state, call.params)

    def _check_token(self, request: Request) -> None:
        token = request.path_params["token"]
        if not re.fullmatch(r"\d+:[\w-]+", token):
            raise RefusedError(404, "Not Found")
        if token != self.token:
            raise RefusedError(401, "Unauthorized")

    async def _download(self, request: Request) -> Response:
        try:
            self._check_token(request)
        except RefusedError as refusal:
            return _refusal(refusal)
        with self.state.lock:
            contents = {path: upload.content for path, upload in self.state.files.values()}
        path = request.path_params["path"]
        return (
            Response(contents[path])
            if path in contents
            else _refusal(RefusedError(404, "Not Found"))
        )

    async def _unless_gone[T](self, request: Request, work: Coroutine[Any, Any, T]) -> T:
        """The work's result; cut short where the client leaves first."""
        working = asyncio.create_task(work)
        leaving = asyncio.create_task(_left(request))
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        leaving.cancel()
        if not working.done():
            working.cancel()
            raise _CutError
        return working.result()

    async def _held(self, request: Request, seconds: float) -> bool:
        """Waits so long; False as soon as the client has left."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await _left(request)
                return False
        return True

    def _cut(self, request: Request) -> None:
        for connection in self._connections():
            if connection.client == request.scope["client"]:
                connection.transport.abort()

    def _connections(self) -> list[HttpToolsProtocol]:
        connections = self._server.server_state.connections
        return [each for each in connections if isinstance(each, HttpToolsProtocol)]

    def _wake(self) -> None:
        self._polling.wake()
        self._posting.wake()

    async def _listen(self) -> None:
        # Named as TCP, or asyncio leaves Nagle's algorithm on and answers come 40 ms late.
        listener = socket.socket(proto=socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        self.port = listener.getsockname()[1]
        config = uvicorn.Config(
            self._app,
            http="httptools",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            timeout_keep_alive=75,
        )
        self._server = uvicorn.Server(config)
        self._serving = asyncio.create_task(self._server.serve(sockets=[listener]))
        while not self._server.started:
            await asyncio.sleep(0.001)

    async def _close(self) -> None:
        for server in self._server.servers:
            server.close()
        for connection in self._connections():
            connection.transport.abort()
        # Who waits here, waits for its client too, and ends now that it has left.
        while self._server.server_state.tasks:
            await asyncio.sleep(0.001)
        self._serving.cancel()

    async def _finish(self) -> None:
        """Ends all that still runs, so that the loop can be closed in silence."""
        others = [each for each in asyncio.all_tasks() if each is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _updated(self) -> None:
        self._loop.call_soon_threadsafe(self._wake)

    def _in_loop(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)


async def _left(request: Request) -> None:
    """Returns when the client has closed its connection."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _ok(result: Any) -> Response:
    return JSONResponse({"ok": True, "result": result})


def _refusal(refusal: RefusedError) -> Response:
    body: Json = {
        "ok": False,
        "error_code": refusal.status,
        "description": refusal.description,
    }
    if refusal.retry_after is not None:
        body["parameters"] = {"retry_after": refusal.retry_after}
    return JSONResponse(body, refusal.status)


async def _not_found(request: Request, error: Exception) -> Response:
    return _refusal(RefusedError(404, "Not Found"))


def _rate(text: str) -> tuple[int, int]:
    overall, per_chat = text.split(",")
    return int(overall), int(per_chat)


def main() -> None:
    """Runs the double until it is told to stop, its address on the first line printed."""
    parser = argparse.ArgumentParser(prog="python -m tests.telegram.double", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--rate", type=_rate, help="messages a second overall and per chat: 30,1")
    options = parser.parse_args()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with TelegramDouble(options.token, port=options.port, rate=options.rate) as double:
        print(double.url, flush=True)
        stop.wait()


if __name__ == "__main__":
    main()
