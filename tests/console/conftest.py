"""The console over a real SQLite store, walked by a client without a browser."""

import hmac
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot.charts import draw_pdf, draw_svg
from bot.console.app import build_app
from bot.console.site import Site
from bot.store import database
from bot.store.figures import console_units
from bot.store.vault import Vault, new_key
from bot.texts.console import ConsoleTexts
from bot.texts.practices import load_library
from bot.texts.programmes import load_programmes
from bot.usecases.accounts import invite
from bot.usecases.cohorts import invitations
from bot.usecases.hr import THE_SHELL, HrDeps
from bot.usecases.records import HrRole

DATA = Path(__file__).parents[2] / "data"
LIBRARY = load_library(DATA)
PROGRAMMES = load_programmes(DATA, LIBRARY)
# The Wednesday before the cohorts of these tests start.
START = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
PASSWORD = "four words make one"
COHORT = {
    "name": "Lyon",
    "programme": "first-eight-weeks",
    "start": "2026-11-30",
    "zone": "Europe/Paris",
    "language": "fr",
    "daily": "",
    "weekly": "",
    "practice": "",
}


class QuickPasswords:
    """Passwords without the cost of a real hash: tests sign in often."""

    def hash(self, password: str) -> str:
        return hmac.digest(b"salt", password.encode(), "sha256").hex()

    def fits(self, password: str, password_hash: str | None) -> bool:
        return self.hash(password) == password_hash


@dataclass
class Console:
    """The console of a Leo, its clock, and what works beneath."""

    engine: Engine
    deps: HrDeps
    site: Site
    app: Starlette
    clock: list[datetime] = field(default_factory=lambda: [START])

    @property
    def now(self) -> datetime:
        return self.clock[0]

    @now.setter
    def now(self, value: datetime) -> None:
        self.clock[0] = value

    def rebuild(self, **changes: Any) -> None:
        """Put the console together anew, with something else in its site."""
        self.site = replace(self.site, **changes)
        self.app = build_app({}, None, self.site)

    def browser(self, language: str = "en") -> "Browser":
        return Browser(self, language)

    def signed_in(
        self,
        email: str = "hr@example.org",
        role: HrRole = HrRole.ADMINISTRATOR,
        cohort_ids: tuple[int, ...] = (),
    ) -> "Browser":
        """Somebody of HR who came by a link of the shell."""
        token = invite.invite(self.deps, THE_SHELL, email, role, self.now, cohort_ids)
        browser = self.browser()
        page = browser.posts(f"/welcome/{token}", password=PASSWORD)
        assert page.url.path == "/cohorts", page.text
        browser.email = email
        return browser


class Browser:
    """A browser without scripts: keeps cookies, follows redirects, fills in forms."""

    def __init__(self, console: Console, language: str) -> None:
        self.console, self.email = console, ""
        self.client = TestClient(
            console.app, raise_server_exceptions=False, headers={"accept-language": language}
        )

    def gets(self, path: str, **headers: str) -> httpx.Response:
        return self.client.get(path, headers=headers)

    def later(self, **passed: float) -> None:
        """Let time pass, and sign in again: sessions end after half a day."""
        self.console.now += timedelta(**passed)
        self.client.cookies.clear()
        page = self.posts("/sign-in", email=self.email, password=PASSWORD)
        assert page.url.path == "/cohorts"

    def posts(
        self, path: str, files: Any = None, form_on: str | None = None, **fields: Any
    ) -> httpx.Response:
        """Send a form as the page that holds it would."""
        return self.client.post(path, data=self.with_proof(form_on or path, fields), files=files)

    def with_proof(self, path: str, fields: dict[str, Any]) -> dict[str, Any]:
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', self.gets(path).text)
        if found is None:
            found = re.search(r'name="csrf" value="([0-9a-f]+)"', self.gets("/cohorts").text)
        assert found
        return {"csrf": found[1], **fields}

    def creates(self, **fields: str) -> int:
        """Create a cohort and return its id."""
        page = self.posts("/cohorts", **{**COHORT, **fields})
        found = re.fullmatch(r"/cohorts/(\d+)/import", page.url.path)
        assert found, page.text
        return int(found[1])

    def imports(
        self, cohort_id: int, content: bytes | str, name: str = "people.csv", **fields: str
    ) -> httpx.Response:
        content = content.encode() if isinstance(content, str) else content
        return self.posts(f"/cohorts/{cohort_id}/import", files={"list": (name, content)}, **fields)


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Console]:
    with opened(tmp_path) as console:
        yield console


@contextmanager
def opened(folder: Path) -> Iterator[Console]:
    """The console over a store in a folder."""
    engine = database.connect(f"sqlite:///{folder / 'leo.db'}")
    database.unlock(engine, Vault([new_key()]))
    database.upgrade(engine)
    titles = {practice.id: practice.title for practice in LIBRARY.values()}
    deps = HrDeps(console_units(engine), QuickPasswords(), PROGRAMMES, 5, titles)
    clock = [START]
    site = Site(
        deps=deps,
        pages=ConsoleTexts(),
        key=b"key",
        clock=lambda: clock[0],
        link=partial(invitations.link, "leo_bot"),
        zone="Europe/Paris",
        draw=draw_svg,
        paper=draw_pdf,
        root="http://testserver",
        can_mail=True,
    )
    yield Console(engine, deps, site, build_app({}, None, site), clock)
    engine.dispose()


@pytest.fixture
def hr(console: Console) -> Browser:
    """An administrator."""
    return console.signed_in()
