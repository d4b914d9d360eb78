"""How updates reach the bot: by long polling, or posted to its webhook."""

import asyncio
import time

import httpx

from tests.telegram.limits import Json, RefusedError
from tests.telegram.methods import subscribe
from tests.telegram.state import State, Webhook

WEBHOOK_IS_SET = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
TERMINATED = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)


class _Poll:
    """One getUpdates that waits: woken for a new look, or ended with a conflict."""

    def __init__(self) -> None:
        self.awake = asyncio.Event()
        self.conflict: str | None = None


class Polling:
    """getUpdates. Lives on the server's event loop."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._waiting: _Poll | None = None

    def wake(self) -> None:
        if self._waiting:
            self._waiting.awake.set()

    async def get_updates(self, params: Json) -> list[Json]:
        """Updates now, or as soon as there are any, or none after `timeout` seconds.

        Of two that wait at once the earlier is refused with 409, as with Telegram.
        """
        self._refuse_beside_webhook(WEBHOOK_IS_SET)
        subscribe(self._state, params)
        offset, timeout = params.get("offset") or 0, params.get("timeout") or 0
        limit = min(max(params.get("limit") or 100, 1), 100)
        deadline = time.monotonic() + timeout
        found = self._look(offset, limit)
        if found or timeout <= 0:
            return found
        self._end_waiting(TERMINATED)
        poll = self._waiting = _Poll()
        try:
            while not found and (left := deadline - time.monotonic()) > 0:
                await _wait(poll.awake, left)
                if poll.conflict:
                    raise RefusedError(409, poll.conflict)
                self._refuse_beside_webhook("Conflict: terminated by setWebhook request")
                found = self._look(offset, limit)
        finally:
            if self._waiting is poll:
                self._waiting = None
        return found

    def _look(self, offset: int, limit: int) -> list[Json]:
        with self._state.lock:
            return self._state.updates.poll(offset, limit)

    def _refuse_beside_webhook(self, description: str) -> None:
        if self._state.webhook:
            raise RefusedError(409, description)

    def _end_waiting(self, description: str) -> None:
        if self._waiting:
            self._waiting.conflict = description
            self._waiting.awake.set()


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
    event.clear()


class Posting:
    """Posts updates to the webhook: one chat's in order, different chats' in parallel.

    An update that gets no 2xx within `timeout` seconds is posted again, until it does.
    """

    def __init__(self, state: State, timeout: float) -> None:
        self._state = state
        self._timeout = timeout
        self._awake = asyncio.Event()
        self._under_way: dict[int, asyncio.Task[None]] = {}
        # Without verification, which a test's own webhook would not pass and takes long to load.
        self._client = httpx.AsyncClient(timeout=timeout, trust_env=False, verify=False)

    def wake(self) -> None:
        self._awake.set()

    async def run(self) -> None:
        """Posts what is due whenever woken, until cancelled."""
        async with self._client:
            while True:
                await self._awake.wait()
                self._awake.clear()
                if hook := self._state.webhook:
                    for chat_id, update in self._due(hook).items():
                        posting = self._post(hook, chat_id, update)
                        self._under_way[chat_id] = asyncio.create_task(posting)

    def _due(self, hook: Webhook) -> dict[int, Json]:
        """The first update of each chat that has none under way, as connections allow."""
        due: dict[int, Json] = {}
        with self._state.lock:
            for update in [*self._state.updates.again, *self._state.updates.waiting]:
                if len(self._under_way) + len(due) >= hook.max_connections:
                    break
                chat_id = _chat_of(update)
                if chat_id not in self._under_way:
                    due.setdefault(chat_id, update)
        return due

    async def _post(self, hook: Webhook, chat_id: int, update: Json) -> None:
        failure = await self._attempt(hook, update)
        if failure is None:
            with self._state.lock:
                self._state.updates.confirm(update)
        else:
            hook.last_error = (int(time.time()), failure)
            await asyncio.sleep(min(self._timeout, 1.0))
        del self._under_way[chat_id]
        self.wake()

    async def _attempt(self, hook: Webhook, update: Json) -> str | None:
        """Posts once. Returns what went wrong, in Telegram's words, or None."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": hook.secret} if hook.secret else {}
        try:
            async with asyncio.timeout(self._timeout):
                answer = await self._client.post(hook.url, json=update, headers=headers)
        except (TimeoutError, httpx.TimeoutException):
            return "Read timeout expired"
        except httpx.HTTPError as error:
            return f"Connection failed: {error}"
        if answer.is_success:
            return None
        status = f"{answer.status_code} {answer.reason_phrase}"
        return f"Wrong response from the webhook: {status}"


def _chat_of(update: Json) -> int:
    """The chat an update is about, or its person; 0 when it has neither, as malformed ones may."""
    contents = [each for each in update.values() if isinstance(each, dict)]
    contents += [each["message"] for each in contents if isinstance(each.get("message"), dict)]
    for key in ("chat", "from"):
        for each in contents:
            if isinstance(each.get(key), dict) and isinstance(each[key].get("id"), int):
                return int(each[key]["id"])
    return 0
