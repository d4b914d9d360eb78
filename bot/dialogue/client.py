"""The client of the Rasa server's REST channel."""

from typing import Any

import httpx

from bot.errors import DialogueUnavailable

TURN_TIMEOUT_S = 15.0


class DialogueClient:
    """Hands a message to the Rasa server, which understands it and has the action done."""

    def __init__(self, port: int, token: str) -> None:
        """Take the server's port on loopback and the loopback token."""
        self._http = httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}",
            headers={"Authorization": f"Bearer {token}"},
            timeout=TURN_TIMEOUT_S,
            trust_env=False,
        )

    async def send(self, sender: str, message: str, metadata: dict[str, Any]) -> bool:
        """Send a message; return whether an action worked on the update in `metadata`.

        Raises DialogueUnavailable when the server cannot be reached or does not answer in time.
        """
        body = {"sender": sender, "message": message, "metadata": metadata}
        try:
            answer = await self._http.post("/webhooks/rest/webhook", json=body)
            answer.raise_for_status()
            replies = answer.json()
        except (httpx.HTTPError, ValueError):
            raise DialogueUnavailable from None
        done = metadata["update"]["id"]
        return any(reply.get("custom", {}).get("update") == done for reply in replies)

    async def ready(self) -> bool:
        """Tell whether the server answers to our token."""
        try:
            return (await self._http.get("/webhooks/rest/", timeout=2.0)).is_success
        except httpx.HTTPError:
            return False

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()
