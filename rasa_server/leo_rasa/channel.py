"""The REST channel, open only to those who hold the loopback token."""

import hmac
from typing import Any, Awaitable, Callable, Dict, Optional, Text

from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse


class GuardedRest(RestInput):
    """`/webhooks/rest`, which Rasa's own `--auth-token` does not protect."""

    def __init__(self, token: Text) -> None:
        """Take the token that every request must carry as `Authorization: Bearer …`."""
        self._expected = f"Bearer {token}"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[Text, Any]]) -> InputChannel:
        """Build the channel from `credentials.yml`. Raises when no token is set."""
        if not credentials or not credentials.get("token"):
            raise ValueError("LEO_LOOPBACK_TOKEN is not set: the REST channel needs a token.")
        return cls(str(credentials["token"]))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return Rasa's REST endpoints behind the token."""
        endpoints = super().blueprint(on_new_message)

        @endpoints.middleware("request")
        async def refuse_strangers(request: Request) -> Optional[HTTPResponse]:
            given = request.headers.get("Authorization", "")
            if hmac.compare_digest(given.encode(), self._expected.encode()):
                return None
            return response.json({"error": "The loopback token is missing or wrong."}, 401)

        return endpoints
