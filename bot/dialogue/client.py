"""The client of the Rasa server's REST channel."""

from functools import cached_property
from typing import Any

import aiohttp

from bot.errors import DialogueUnavailable

TURN_TIMEOUT_S = 15.0
# The server closes a connection that rests for five seconds: sooner, none is lost to that.
KEEP_S = 4.0


class DialogueClient:
    """Hands a message to the Rasa server, which understands it and has the action done."""

    def __init__(self, port: int, token: str) -> None:
        """Take the server's port on loopback and the loopback token."""
        self._port, self._token = port, token

    @cached_property
    def _http(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            f"http://127.0.0.1:{self._port}",
            connector=aiohttp.TCPConnector(keepalive_timeout=KEEP_S),
            headers={"Authorization": f"Bearer {self._token}"},
            timeout=aiohttp.ClientTimeout(total=TURN_TIMEOUT_S),
        )

    async def send(self, sender: str, message: str, metadata: dict[str, Any]) -> bool:
        """Send a message; return whether an action worked on the update in `metadata`.

        Raises DialogueUnavailable when the server cannot be reached or does not answer in time.
        """
        body = {"sender": sender, "message": message, "metadata": metadata}
        try:
            async with self._http.post("/webhooks/rest/webhook", json=body) as answer:
                answer.raise_for_status()
                replies = await answer.json()
        except (aiohttp.ClientError, TimeoutError, ValueError):
            raise DialogueUnavailable from None
        done = metadata["update"]["id"]
        return any(reply.get("custom", {}).get("update") == done for reply in replies)

    async def ready(self) -> bool:
        """Tell whether the server answers to our token."""
        patience = aiohttp.ClientTimeout(total=2.0)
        try:
            async with self._http.get("/webhooks/rest/", timeout=patience) as answer:
                return answer.ok
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()
