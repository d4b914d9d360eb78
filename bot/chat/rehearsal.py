"""A Bot API inside the process, for rehearsals: it takes messages, and keeps Telegram's limits."""

import json
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any

from telegram import Bot
from telegram.error import NetworkError
from telegram.request import BaseRequest, RequestData

from bot.chat.pace import BURST

TOKEN = "1:rehearsal"  # noqa: S105  # It opens nothing.
A_SECOND = 30
MESSAGES = {"sendMessage": "text", "sendPhoto": "caption", "sendDocument": "caption"}

type Hear = Callable[[str, str, list[list[dict[str, str]]]], None]
type Json = dict[str, Any]


class Rehearsal(BaseRequest):
    """Takes what a bot sends, and tells `hear` the chat, the text and the rows of buttons."""

    def __init__(
        self, clock: Callable[[], float], hear: Hear, gone: Callable[[], bool] = lambda: False
    ) -> None:
        """Take the clock in seconds, who hears, and what tells whether Telegram is out of reach."""
        self._clock, self._hear, self._gone = clock, hear, gone
        self._sent: deque[float] = deque()
        self._sent_to: defaultdict[str, deque[float]] = defaultdict(deque)
        self.messages = self.refused = 0

    @property
    def read_timeout(self) -> float | None:
        """Return nothing: an answer comes at once."""
        return None

    async def initialize(self) -> None:
        """Nothing is to be opened."""

    async def shutdown(self) -> None:
        """Nothing is to be closed."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Answer as Telegram would: with a message, with "true", or with 429.

        Raises NetworkError while it is gone.
        """
        if self._gone():
            raise NetworkError("gone")
        call = url.rpartition("/")[2]
        given = request_data.json_parameters if request_data else {}
        if call == "getMe":
            return _answer({"id": 1, "is_bot": True, "first_name": "Leo", "username": "leo_bot"})
        if call not in MESSAGES:
            return _answer(True)
        if wait := self._wait(given["chat_id"]):
            self.refused += 1
            error = {"ok": False, "error_code": 429, "parameters": {"retry_after": wait}}
            return 429, json.dumps({**error, "description": "429"}).encode()
        return _answer(self._take(given, given.get(MESSAGES[call], "")))

    def _take(self, given: dict[str, str], text: str) -> Json:
        self.messages += 1
        markup = json.loads(given["reply_markup"]) if "reply_markup" in given else {}
        self._hear(given["chat_id"], text, markup.get("inline_keyboard", []))
        chat = {"id": int(given["chat_id"]), "type": "private"}
        return {"message_id": self.messages, "date": 0, "chat": chat, "text": text}

    def _wait(self, chat: str) -> int:
        """Return the seconds to wait where a limit is reached, else count the message."""
        now = self._clock()
        limits = ((self._sent, A_SECOND, 1.0), (self._sent_to[chat], BURST, float(BURST)))
        for sent, most, seconds in limits:
            while sent and sent[0] <= now - seconds:
                sent.popleft()
            if len(sent) >= most:
                return 1
        for sent, _, _ in limits:
            sent.append(now)
        return 0


def rehearsal_bot(rehearsal: Rehearsal) -> Bot:
    """Return a bot that talks to the rehearsal only."""
    return Bot(TOKEN, request=rehearsal, get_updates_request=rehearsal)


def _answer(result: Any) -> tuple[int, bytes]:
    return 200, json.dumps({"ok": True, "result": result}).encode()
