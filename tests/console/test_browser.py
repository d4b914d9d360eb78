"""The console in a real browser: the whole path, by keyboard, in both languages, on a phone."""

import re
import shutil
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, sync_playwright

from bot.usecases import post
from bot.usecases.accounts import invite
from bot.usecases.hr import THE_SHELL
from bot.usecases.post import Answer
from bot.usecases.records import HrRole, Trouble
from tests.console.conftest import PASSWORD, Console
from tests.console.manager import Manager
from tests.stack import free_port, wait_until

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = ["--no-sandbox", "--headless", "--disable-gpu", "--disable-background-networking"]
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
PEOPLE = "name;email\r\n" + "".join(f"Zoé {n};zoe{n}@example.org\r\n" for n in range(30))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    """A Chromium of this machine. Without one the test fails, and says what to do."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail(
            "No Chromium is installed, so the console was not tried in a browser. "
            "On Debian: apt-get install chromium"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def root(console: Console) -> Iterator[str]:
    """The address of the console, served over HTTP."""
    port = free_port()
    config = uvicorn.Config(console.app, port=port, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_until(lambda: server.started, 20, "the console")
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(20)


@pytest.fixture
def page(chromium: Chromium) -> Iterator[Page]:
    """A page that fails the test when a script of ours fails or the policy stops something."""
    context = chromium.new_context(viewport=DESK, locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(20_000)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
    yield page
    context.close()
    assert wrong == []


def welcome(console: Console, root: str, page: Page) -> None:
    """Follow the first administrator's link and choose a password, by keyboard."""
    token = invite.invite(
        console.deps, THE_SHELL, "hr@example.org", HrRole.ADMINISTRATOR, console.now
    )
    page.goto(f"{root}/welcome/{token}")
    page.get_by_label("Password").focus()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{root}/cohorts")


def is_sound(page: Page, *, phone: bool = True) -> None:
    """Nothing serious stands in the way of people with screen readers, nor out of a phone."""
    found = Axe().run(page).response["violations"]
    serious = [
        (one["id"], one["nodes"][0]["html"])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
    assert serious == []
    if phone:
        page.set_viewport_size(PHONE)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        page.set_viewport_size(DESK)


def pictured(page: Page, folder: Path, name: str) -> None:
    page.screenshot(path=folder / f"{name}.png", full_page=True)
    page.set_viewport_size(PHONE)
    page.screenshot(path=folder / f"{name}-phone.png", full_page=True)
    page.set_viewport_size(DESK)


def test_from_the_spreadsheet_to_the_figure(
    console: Console, root: str, page: Page, tmp_path: Path
) -> None:
    """HR enrols thirty people and prints the sheet; five join and check in; the figure appears."""
    welcome(console, root, page)
    is_sound(page)
    page.get_by_role("link", name="New cohort").click()
    page.get_by_label("Name").fill("Lyon")
    page.get_by_label("First day").fill("2026-11-30")
    page.get_by_role("button", name="Show the calendar").click()
    page.get_by_role("heading", name="The calendar this leads to").wait_for()
    is_sound(page)
    pictured(page, tmp_path, "calendar")
    page.get_by_role("button", name="Create the cohort").click()
    page.get_by_label("List of people").set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": PEOPLE.encode("cp1252")}
    )
    page.get_by_role("button", name="Look at the list").click()
    page.get_by_text("30 new").wait_for()
    is_sound(page)
    pictured(page, tmp_path, "import")
    page.get_by_role("button", name="Enrol them").click()
    page.get_by_text("Done: 30 enrolled").wait_for()
    page.get_by_role("link", name="Invite").click()
    page.get_by_role("button", name="Make links and show").click()
    page.get_by_role("heading", name="Zoé 29").wait_for()
    is_sound(page)
    pictured(page, tmp_path, "sheet")
    assert len(page.pdf()) > 10_000
    links = re.findall(r"\?start=([\w-]+)<", page.content())
    assert len(set(links)) == 30
    console.now += timedelta(days=5)
    people = [Manager(console, n) for n in range(5)]
    for n, (one, token) in enumerate(zip(people, links, strict=False)):
        one.joins(token)
        one.checks_in(*[2 + n % 3] * 6)
        if n == 3:
            signs_in(console, root, page)
            assert page.get_by_role("heading", name="The six marks").count() == 0
    console.now += timedelta(days=7)
    signs_in(console, root, page)
    page.get_by_role("link", name="Lyon").click()
    page.get_by_role("heading", name="The six marks").wait_for()
    assert "2.8 (2–3)" in page.content()
    page.wait_for_load_state("networkidle")
    widths = page.evaluate("[...document.images].map((image) => image.naturalWidth)")
    assert len(widths) == 2 and all(widths)
    is_sound(page)
    pictured(page, tmp_path, "cohort")
    page.get_by_role("button", name="Français").click()
    page.get_by_role("heading", name="Les six signes de croissance").wait_for()
    page.wait_for_load_state("networkidle")
    is_sound(page)
    pictured(page, tmp_path, "cohorte")


def signs_in(console: Console, root: str, page: Page) -> None:
    page.context.clear_cookies()
    page.goto(f"{root}/sign-in")
    page.get_by_label("Email address").fill("hr@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{root}/cohorts")


@pytest.mark.parametrize("path", ["/people", "/audit", "/cohorts/new", "/nothing"])
@pytest.mark.parametrize("language", ["English", "Français"])
def test_each_page_is_for_everybody(
    console: Console, root: str, page: Page, path: str, language: str, tmp_path: Path
) -> None:
    """axe finds nothing serious, and nothing is out of a phone's sight, in either language."""
    welcome(console, root, page)
    if language == "Français":
        page.get_by_role("button", name="Français").click()
    if path == "/nothing":
        page.context.clear_cookies()
        path = "/sign-in"
    page.goto(f"{root}{path}")
    is_sound(page)
    pictured(page, tmp_path, path.strip("/").replace("/", "-"))


def test_the_page_of_mails_is_for_everybody(
    console: Console, root: str, page: Page, tmp_path: Path
) -> None:
    """Mails are sent by a button; where each stands is sound to look at, in either language."""
    hr = console.signed_in()
    cohort_id = hr.creates()
    hr.imports(cohort_id, PEOPLE, confirm="yes")
    signs_in(console, root, page)
    page.goto(f"{root}/cohorts/{cohort_id}/invitations")
    page.get_by_role("button", name="Send the links by mail").click()
    page.get_by_text("On their way: 30.").wait_for()
    letter = post.take(console.deps.open, console.now)
    assert letter is not None
    gone = Answer(Trouble.NO_SUCH_ADDRESS, "550 5.1.1", for_good=True)
    post.note_answer(console.deps.open, letter, gone, console.now)
    page.reload()
    page.get_by_text("knows no such address").wait_for()
    is_sound(page)
    page.get_by_role("button", name="Français").click()
    page.get_by_text("ne connaît pas cette adresse").wait_for()
    is_sound(page)
    pictured(page, tmp_path, "mails")


def test_the_keyboard_alone_suffices(console: Console, root: str, page: Page) -> None:
    """Without a mouse: past the menu, to a new cohort, through its form, and saved."""
    welcome(console, root, page)
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focused(page) == "New cohort"
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="New cohort").wait_for()
    page.get_by_label("Name").focus()
    page.keyboard.type("Lyon")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("12122026")  # the same in every order of day and month
    for _ in range(15):
        page.keyboard.press("Tab")
        if focused(page) == "Create the cohort":
            break
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Add people").wait_for()


def focused(page: Page) -> Any:
    return page.evaluate("document.activeElement.textContent.trim()")
