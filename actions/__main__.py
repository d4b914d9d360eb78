"""The action server: `python -m actions`, on loopback only, behind the loopback token."""

import hmac
import os
import threading
import time
from datetime import UTC, datetime
from typing import Any

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from actions import clarify, coaching, conversation, distress, hr, practice, privacy, rhythm
from actions.base import TurnAction
from bot import logs, wiring
from bot.settings import Settings
from bot.usecases.turn import Deps

TOPICS = (clarify, coaching, conversation, distress, hr, practice, privacy, rhythm)


class _WithoutDomain(ActionExecutor):  # type: ignore[misc]  # rasa-sdk has no types
    def update_and_return_domain(self, payload: dict[str, Any], action_name: str) -> dict[str, Any]:
        """Do without the domain: no action needs it, and Rasa is told not to send it."""
        return {}


def executor(deps: Deps) -> ActionExecutor:
    """Return rasa-sdk's executor with every action of the topics."""
    actions = _WithoutDomain()
    for topic in TOPICS:
        for kind in vars(topic).values():
            if isinstance(kind, type) and issubclass(kind, TurnAction) and kind is not TurnAction:
                actions.register_action(kind(deps, lambda: datetime.now(UTC)))
    return actions


def guarded(app: Sanic[Any, Any], token: str) -> Sanic[Any, Any]:
    """Let only those in who hold the token, which Rasa sends as `?token=`."""

    @app.middleware("request")
    async def refuse_strangers(request: Request) -> HTTPResponse | None:
        given = request.args.get("token", "")
        if request.path == "/health" or hmac.compare_digest(given.encode(), token.encode()):
            return None
        return response.json({"error": "The loopback token is missing or wrong."}, 401)

    return app


def leave_with_parent() -> None:
    """End this process once its supervisor is gone: a killed one cannot end its children."""
    parent = os.environ.get("LEO_SUPERVISOR_PID")
    while parent and os.getppid() == int(parent):
        time.sleep(0.5)
    if parent:
        os._exit(0)


def main() -> None:
    """Serve until SIGTERM, or until the parent process is gone."""
    settings = Settings()
    logs.configure(settings)
    threading.Thread(target=leave_with_parent, daemon=True).start()
    house = wiring.house(settings)
    app = guarded(create_app(executor(house.deps), cors_origins=None), house.loopback_token)
    app.config.ACCESS_LOG = False
    app.run(
        host="127.0.0.1",
        port=settings.actions_port,
        single_process=True,
        motd=False,
        access_log=False,
    )


if __name__ == "__main__":
    main()
