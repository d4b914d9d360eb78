"""What every page shares: who visits, forms that prove where they come from, and refusals."""

import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

import structlog
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.logs import where_it_failed
from bot.usecases.accounts import sign_in
from bot.usecases.hr import Actor, HrDeps, Refused

log = structlog.get_logger()

SESSION, VISIT, LANGUAGE = "leo_session", "leo_visit", "leo_language"
YEAR_S = 365 * 24 * 3600
MAX_ID = 2**63 - 1
# What a refusal is answered with; all others are the visitor's to mend.
STATUS = {
    **dict.fromkeys(
        ("no_such_cohort", "no_such_member", "no_such_erasure", "no_such_contact", "sign_on_off"),
        404,
    ),
    **dict.fromkeys(("not_yours", "form_stale", "sign_on_no_account", "sign_on_unverified"), 403),
    "sign_on_unreachable": 503,
}


class Pages(Protocol):
    """Every word and page of the console, in a language."""

    def word(self, language: str, key: str, **values: Any) -> str:
        """Return words, filled with values."""

    def page(self, language: str, name: str, **values: Any) -> str:
        """Return a page as HTML."""

    def day(self, language: str, day: date) -> str:
        """Return a date in words, with its year."""

    def say(self, language: str, key: str, turn: int, **values: Any) -> str:
        """Return what Leo says in the chat, as HTML."""

    def letter(self, source: str, **values: str) -> str:
        """Return HR's words, filled, as plain text. Raises Refused, naming the line."""

    def text(self, language: str, name: str, **values: Any) -> str:
        """Return a file of plain text."""

    def chat(self, language: str, key: str, **values: Any) -> Markup:
        """Return what the chat says, as it says it."""

    def country(self, language: str, country: str) -> str:
        """Return the name of a country by its ISO code."""


class Provider(Protocol):
    """Where an organisation's people sign in. All of it raises Refused."""

    def discover(self) -> Mapping[str, Any]:
        """Return what the provider says of itself."""

    def entrance(self, state: str, nonce: str, verifier: str, language: str) -> str:
        """Return the address to send a browser to."""

    def email_of(self, code: str, nonce: str, verifier: str, now: datetime) -> str:
        """Return the verified address of who came back with a code."""


@dataclass(frozen=True)
class Site:
    """The console put together.

    `key` signs cookies, `link` makes an invitation's link, `draw` makes SVG of a picture, `paper`
    PDF of a report. `root` is the address people open the console by. With a `provider` they may
    sign in there; without `passwords` they must.
    """

    deps: HrDeps
    pages: Pages
    key: bytes
    clock: Callable[[], datetime]
    link: Callable[[str], str]
    zone: str
    draw: Callable[[dict[str, Any]], str]
    paper: Callable[[dict[str, Any]], bytes]
    root: str
    can_mail: bool = False
    provider: Provider | None = None
    passwords: bool = True

    def welcome(self, token: str) -> str:
        """Return the one-time link of somebody of HR."""
        return f"{self.root}/welcome/{token}"

    def signed(self, token: str) -> str:
        """Return a token with its signature."""
        return f"{token}.{self.signature(token)}"

    def opened(self, signed: str) -> str:
        """Return the token in a signed one, or nothing when somebody else made it."""
        token, _, signature = signed.rpartition(".")
        fits = hmac.compare_digest(signature.encode(), self.signature(token).encode())
        return token if fits else ""

    def signature(self, text: str) -> str:
        """Return what only this console can make of a text: 64 hexadecimal digits."""
        return hmac.digest(self.key, text.encode(), "sha256").hex()

    def proof(self, visit: str, session: str) -> str:
        """Return what a form has to bring along to be believed (CSRF)."""
        return self.signature(f"form:{visit}:{session}")


class Visit:
    """One request: who visits, in which language, with what form."""

    def __init__(self, site: Site, request: Request, form: FormData) -> None:
        self.site, self.request, self.form = site, request, form
        self.now = site.clock()
        self.session = site.opened(request.cookies.get(SESSION, ""))
        self.visit = site.opened(request.cookies.get(VISIT, "")) or secrets.token_urlsafe(24)
        self.actor: Actor | None = (
            sign_in.recognise(site.deps, self.session, self.now) if self.session else None
        )

    @property
    def who(self) -> Actor:
        """Return who is signed in; pages that need nobody do not ask."""
        assert self.actor is not None
        return self.actor

    @property
    def language(self) -> str:
        """Return `en` or `fr`."""
        if self.actor is not None:
            return self.actor.language
        return language_of(self.request)

    @property
    def address(self) -> str:
        """Return where the browser is."""
        return self.request.client.host if self.request.client else ""

    @property
    def by_htmx(self) -> bool:
        """Tell whether only a part of the page is asked for."""
        return self.request.headers.get("hx-request") == "true"

    def word(self, key: str, **values: Any) -> str:
        """Return words in the visitor's language."""
        return self.site.pages.word(self.language, key, **values)

    def refusal(self, refused: Refused) -> str:
        """Return why something was refused, in words."""
        return self.word(refused.key, **refused.values)

    def field(self, name: str) -> str:
        """Return a field of the form, without what no database takes."""
        value = self.form.get(name, "")
        return clean(value) if isinstance(value, str) else ""

    def numbers(self, name: str) -> list[int]:
        """Return the ids that were ticked."""
        ticked = [value for value in self.form.getlist(name) if isinstance(value, str)]
        return [int(value) for value in ticked if value.isdecimal() and len(value) < 19]

    def file(self, name: str) -> UploadFile | None:
        """Return the file that came with a form, or None."""
        value = self.form.get(name)
        return value if isinstance(value, UploadFile) and value.filename else None

    def number(self, name: str) -> int:
        """Return an id in the path. Raises HTTPException for one that cannot be."""
        number = int(self.request.path_params[name])
        if number > MAX_ID:
            raise HTTPException(404)
        return number

    # --- answers ----------------------------------------------------------------------------

    def page(self, name: str, status: int = 200, **values: Any) -> Response:
        """Return a page."""
        values = {"problem": None, **values}
        html = self.site.pages.page(
            self.language,
            name,
            actor=self.actor,
            at=self.request.url.path,
            hidden=self._hidden,
            **values,
        )
        response = HTMLResponse(html, status_code=status)
        self.remember(response, VISIT, self.site.signed(self.visit))
        return response

    def _hidden(self) -> Markup:
        proof = self.site.proof(self.visit, self.session)
        return Markup('<input type="hidden" name="csrf" value="{}">').format(proof)

    def problem(self, refused: Refused) -> Response:
        """Return the page that says why something was refused."""
        status = STATUS.get(refused.key, 400)
        if self.by_htmx:
            # htmx shows what came with success only.
            return self.page("preview", preview_problem=self.refusal(refused), preview=None)
        return self.page("error", status, problem=self.refusal(refused))

    def go(self, path: str) -> Response:
        """Send the browser to another page of ours."""
        if self.by_htmx:
            return Response(headers={"HX-Redirect": path})
        return RedirectResponse(path, status_code=303)

    def let_in(self, token: str) -> Response:
        """Open the console to who holds the token of a new session."""
        response = self.go("/cohorts")
        seconds = int(sign_in.SESSION_LASTS.total_seconds())
        self.remember(response, SESSION, self.site.signed(token), seconds)
        return response

    def remember(self, response: Response, name: str, value: str, seconds: int = YEAR_S) -> None:
        """Set a cookie that no script can read and no other site can use."""
        response.set_cookie(
            name,
            value,
            max_age=seconds,
            httponly=True,
            samesite="lax",
            secure=self.request.url.scheme == "https",
        )

    def proven(self) -> bool:
        """Tell whether the form came from a page of ours, made for this visitor."""
        given = self.field("csrf")
        expected = self.site.proof(self.visit, self.session)
        return hmac.compare_digest(given.encode(), expected.encode())


def language_of(request: Request) -> str:
    """Return the language that a browser asks for."""
    wanted = request.cookies.get(LANGUAGE) or request.headers.get("accept-language", "")
    return "fr" if wanted.lower().startswith("fr") else "en"


def clean(text: str) -> str:
    """Return text without NUL and lone surrogates."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def csv_file(name: str, content: str) -> Response:
    """Return a CSV file to save. A mark at its start tells Excel that it is UTF-8."""
    return saved(name, f"\ufeff{content}", "text/csv")


def saved(name: str, content: str, media_type: str) -> Response:
    """Return a file to save."""
    return Response(
        content.encode(),
        media_type=f"{media_type}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


type View = Callable[[Visit], Response]


def route(site: Site, path: str, view: View, method: str = "GET", *, anyone: bool = False) -> Route:
    """Return a route to a view. But for `anyone`, it is for those who are signed in."""

    async def handle(request: Request) -> Response:
        form = await request.form(max_files=1, max_fields=2_000) if method == "POST" else FormData()
        try:
            return await run_in_threadpool(_answer, site, request, form, view, anyone=anyone)
        finally:
            await form.close()

    return Route(path, handle, methods=[method])


def _answer(site: Site, request: Request, form: FormData, view: View, *, anyone: bool) -> Response:
    visit: Visit | None = None
    try:
        visit = Visit(site, request, form)
        if visit.actor is None and not anyone:
            return visit.go("/sign-in")
        if request.method == "POST" and not visit.proven():
            raise Refused("form_stale")
        return view(visit)
    except Refused as refused:
        assert visit is not None
        return visit.problem(refused)
    except HTTPException:
        raise
    except Exception as error:
        # What went wrong is for the log, by its place; the visitor reads a plain page.
        log.error("console.failed", path=request.url.path, error=where_it_failed(error))
        raise HTTPException(500) from None
