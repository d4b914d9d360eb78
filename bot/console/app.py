"""The web application: health, readiness, metrics, and the door for Telegram's webhook."""

import hmac
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.logs import where_it_failed

log = structlog.get_logger()

WEBHOOK_PATH = "/telegram"
MAX_UPDATE_BYTES = 1_000_000

type Check = Callable[[], Awaitable[bool]]
type Take = Callable[[list[Any]], Awaitable[None]]


@dataclass(frozen=True)
class Webhook:
    """Where updates go, and the secret that proves that Telegram sent them."""

    secret: str
    take: Take


def build_app(checks: dict[str, Check], webhook: Webhook | None) -> Starlette:
    """Return the application. `checks` by name say whether each part of Leo answers."""

    async def healthz(_request: Request) -> Response:
        return PlainTextResponse("ok")

    async def readyz(_request: Request) -> Response:
        states = {name: await check() for name, check in checks.items()}
        return JSONResponse(states, status_code=200 if all(states.values()) else 503)

    async def metrics(_request: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    routes = [
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", metrics),
    ]
    if webhook is not None:
        routes.append(Route(WEBHOOK_PATH, _door(webhook), methods=["POST"]))
    return Starlette(routes=routes)


def _door(webhook: Webhook) -> Callable[[Request], Awaitable[Response]]:
    async def receive(request: Request) -> Response:
        given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        if not hmac.compare_digest(given.encode(), webhook.secret.encode()):
            return Response(status_code=401)
        body = await _bounded_body(request)
        if body is None:
            return Response(status_code=413)
        try:
            update = json.loads(body)
        except (ValueError, RecursionError):  # Brackets may nest deeper than a reader goes.
            return Response(status_code=400)
        try:
            await webhook.take([update])
        except Exception as error:
            # Not stored, so not acknowledged: Telegram sends it again.
            log.error("webhook.failed", error=where_it_failed(error))
            return Response(status_code=503)
        return Response(status_code=200)

    return receive


async def _bounded_body(request: Request) -> bytes | None:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_UPDATE_BYTES:
            return None
    return body
