"""The web application: health, readiness, metrics, the door for Telegram's webhook, the console."""

import hmac
import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.coaching.practice import LANGUAGES
from bot.console import (
    accounts,
    cohorts,
    figures,
    letters,
    mails,
    people,
    report,
    single_sign_on,
    support,
)
from bot.console.guard import Guard
from bot.console.site import Site, language_of, route
from bot.logs import where_it_failed
from bot.usecases.cohorts.shown import FUNNEL, SECTIONS

log = structlog.get_logger()

WEBHOOK_PATH = "/telegram"
MAX_UPDATE_BYTES = 1_000_000
# Errors that have words of their own.
TOLD = (404, 405, 413)

type Check = Callable[[], Awaitable[bool]]
type Take = Callable[[list[Any]], Awaitable[None]]


@dataclass(frozen=True)
class Webhook:
    """Where updates go, and the secret that proves that Telegram sent them."""

    secret: str
    take: Take


def build_app(
    checks: dict[str, Check], webhook: Webhook | None, site: Site | None = None
) -> Starlette:
    """Return the application. `checks` by name say whether each part of Leo answers.

    With a `site` it shows HR's console, too.
    """

    async def healthz(_request: Request) -> Response:
        return PlainTextResponse("ok")

    async def readyz(_request: Request) -> Response:
        states = {name: await check() for name, check in checks.items()}
        return JSONResponse(states, status_code=200 if all(states.values()) else 503)

    async def metrics(_request: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    routes: list[BaseRoute] = [
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", metrics),
    ]
    if webhook is not None:
        routes.append(Route(WEBHOOK_PATH, _door(webhook), methods=["POST"]))
    if site is None:
        return Starlette(routes=routes)
    routes += _console(site)
    return Starlette(
        routes=routes,
        middleware=[Middleware(Guard)],
        exception_handlers={HTTPException: _told(site)},
    )


def _console(site: Site) -> list[BaseRoute]:
    """Return the routes of HR's console; all but those for `anyone` are for those signed in."""
    return [
        Mount("/static", StaticFiles(directory=Path(__file__).with_name("static"))),
        route(site, "/sign-in", accounts.show_sign_in, anyone=True),
        route(site, "/sign-in", accounts.do_sign_in, "POST", anyone=True),
        route(site, single_sign_on.BEGIN, single_sign_on.leave, anyone=True),
        route(site, single_sign_on.BACK, single_sign_on.come_back, anyone=True),
        route(site, "/welcome/{token}", accounts.show_welcome, anyone=True),
        route(site, "/welcome/{token}", accounts.do_welcome, "POST", anyone=True),
        route(site, "/language", accounts.do_language, "POST", anyone=True),
        route(site, "/sign-out", accounts.do_sign_out, "POST"),
        route(site, "/", cohorts.show_cohorts),
        route(site, "/cohorts", cohorts.show_cohorts),
        route(site, "/cohorts", cohorts.do_create, "POST"),
        route(site, "/cohorts/new", cohorts.show_new),
        route(site, "/cohorts/calendar", cohorts.show_new),
        route(site, "/cohorts/calendar", cohorts.show_calendar, "POST"),
        route(site, "/cohorts/{cohort_id:int}", cohorts.show_cohort),
        *_figures(site),
        route(site, "/cohorts/{cohort_id:int}/state", cohorts.do_state, "POST"),
        route(site, "/cohorts/{cohort_id:int}/letters", letters.show_letters),
        route(site, "/cohorts/{cohort_id:int}/letters", letters.do_letter, "POST"),
        route(site, "/cohorts/{cohort_id:int}/close", letters.show_close),
        route(site, "/cohorts/{cohort_id:int}/close", letters.do_close, "POST"),
        route(site, "/cohorts/{cohort_id:int}/import", cohorts.show_import),
        route(site, "/cohorts/{cohort_id:int}/import", cohorts.do_import, "POST"),
        route(site, "/cohorts/{cohort_id:int}/invitations", cohorts.show_invitations),
        route(site, "/cohorts/{cohort_id:int}/invitations", cohorts.do_invite_all, "POST"),
        route(site, "/cohorts/{cohort_id:int}/mails", mails.do_send_all, "POST"),
        route(site, "/members/{member_id:int}/invitation", cohorts.do_renew, "POST"),
        route(site, "/cohorts/{cohort_id:int}/people", people.show_people),
        route(site, "/cohorts/{cohort_id:int}/people", people.show_people, "POST"),
        route(site, "/members/{member_id:int}", people.show_member),
        route(site, "/members/{member_id:int}/move", people.do_move, "POST"),
        route(site, "/members/{member_id:int}/withdraw", people.show_withdraw),
        route(site, "/members/{member_id:int}/withdraw", people.do_withdraw, "POST"),
        route(site, "/members/{member_id:int}/erasure", people.show_erasure),
        route(site, "/members/{member_id:int}/erasure", people.do_erase, "POST"),
        route(site, "/erasures", people.show_erasures),
        route(site, "/erasures/{erasure_id:int}", people.show_receipt),
        route(site, "/erasures/{erasure_id:int}/receipt.html", people.give_receipt_page),
        route(site, "/erasures/{erasure_id:int}/receipt.txt", people.give_receipt_text),
        route(site, "/support", support.show_support),
        route(site, "/support", support.do_keep, "POST"),
        route(site, "/support/preview", support.show_support),
        route(site, "/support/preview", support.show_preview, "POST"),
        route(site, "/support/{contact_id:int}", support.show_contact),
        route(site, "/support/{contact_id:int}", support.do_keep, "POST"),
        route(site, "/support/{contact_id:int}/remove", support.do_remove, "POST"),
        route(site, "/members/{member_id:int}/mail", mails.do_send_one, "POST"),
        route(site, "/people", accounts.show_people),
        route(site, "/people", accounts.do_invite, "POST"),
        route(site, "/people/remove", accounts.do_remove, "POST"),
        route(site, "/audit", accounts.show_audit),
        route(site, "/audit.csv", accounts.give_audit),
    ]


def _figures(site: Site) -> Iterator[BaseRoute]:
    """Yield the routes of a cohort's figures: each has a picture and a table."""
    cohort = "/cohorts/{cohort_id:int}"
    yield route(site, f"{cohort}/figures.csv", figures.give_all)
    for name in (FUNNEL, *SECTIONS):
        yield route(site, f"{cohort}/{name}.svg", partial(figures.give_drawing, name))
        yield route(site, f"{cohort}/{name}.csv", partial(figures.give_table, name))
        yield route(site, f"{cohort}/report/{name}.svg", partial(report.give_drawing, name))
    yield route(site, f"{cohort}/report", report.show_report)
    for language in LANGUAGES:
        yield route(site, f"{cohort}/report/{language}.pdf", partial(report.give_pdf, language))


def _told(site: Site) -> Callable[[Request, Exception], Response]:
    """Return what tells of an error, in words and without its inside."""

    def tell(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        language = language_of(request)
        known = (
            f"error_{status}" if status in TOLD else "error_400" if status < 500 else "error_500"
        )
        html = site.pages.page(
            language,
            "error",
            actor=None,
            at="/cohorts",
            hidden=lambda: "",
            problem=site.pages.word(language, known),
        )
        return HTMLResponse(html, status_code=status)

    return tell


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
