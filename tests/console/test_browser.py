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
from bot.usecases.cohorts import create, invitations, roster
from bot.usecases.erase import erase_asked
from bot.usecases.hr import THE_SHELL
from bot.usecases.post import Answer
from bot.usecases.records import HrRole, Trouble
from tests.console.conftest import COHORT, PASSWORD, Console
from tests.console.manager import Manager
from tests.console.test_growth import tokens
from tests.stack import free_port, wait_until

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = ["--no-sandbox", "--headless", "--disable-gpu", "--disable-background-networking"]
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
PEOPLE = "name;email\r\n" + "".join(f"Zoé {n};zoe{n}@example.org\r\n" for n in range(30))


def installed() -> str | None:
    """The Chromium of this machine, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    """A Chromium of this machine. Without one the test fails, and says what to do."""
    found = installed()
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
    page.wait_for_load_state("networkidle")
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
    pictured(page, tmp_path, "cohort")
    shows_its_charts(page, 6)
    page.get_by_role("link", name="Report").click()
    page.get_by_text("Nobody’s words are in this report").wait_for()
    pictured(page, tmp_path, "report")
    page.emulate_media(media="print")
    (tmp_path / "report-printed.pdf").write_bytes(page.pdf())
    page.emulate_media(media="screen")
    shows_its_charts(page, 5)
    page.get_by_role("button", name="Français").click()
    page.get_by_text("Les mots de personne ne figurent").wait_for()
    pictured(page, tmp_path, "rapport")
    shows_its_charts(page, 5)
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF en français").click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
    page.get_by_role("link", name="Revenir à la cohorte").click()
    page.get_by_role("heading", name="Les six signes de croissance").wait_for()
    pictured(page, tmp_path, "cohorte")
    shows_its_charts(page, 6)


def shows_its_charts(page: Page, number: int) -> None:
    """Each chart is drawn and says in words what it is; the tables behind them are sound, too."""
    page.wait_for_load_state("networkidle")
    widths = page.evaluate("[...document.images].map((image) => image.naturalWidth)")
    assert len(widths) == number and all(widths)
    assert page.evaluate("[...document.images].every((image) => image.alt.length > 20)")
    is_sound(page)
    for summary in page.locator("details > summary").all():
        summary.focus()
        page.keyboard.press("Enter")
    assert page.locator("details:not([open])").count() == 0
    is_sound(page)


def signs_in(console: Console, root: str, page: Page) -> None:
    page.context.clear_cookies()
    page.goto(f"{root}/sign-in")
    page.get_by_label("Email address").fill("hr@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{root}/cohorts")


@pytest.mark.parametrize("path", ["/people", "/audit", "/cohorts/new", "/support", "/nothing"])
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
    envelope = post.take(console.deps.open, console.now)
    assert envelope is not None
    gone = Answer(Trouble.NO_SUCH_ADDRESS, "550 5.1.1", for_good=True)
    post.note_answer(console.deps.open, envelope, gone, console.now)
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


@pytest.mark.parametrize("language", ["English", "Français"])
def test_writing_to_a_cohort(
    console: Console, root: str, page: Page, language: str, tmp_path: Path
) -> None:
    """HR writes a text, looks at it, makes a test, sends it, and looks at what closing means."""
    welcome(console, root, page)
    cohort_id = create.create(console.deps, THE_SHELL, create.Wanted(**COHORT), console.now)
    roster.enrol(console.deps, THE_SHELL, cohort_id, [roster.Line(2, {"name": "Ana"})], console.now)
    [ana] = invitations.invite_all(console.deps, THE_SHELL, cohort_id, console.now)
    Manager(console, 1).joins(ana.token)
    if language == "Français":
        page.get_by_role("button", name="Français").click()
    page.goto(f"{root}/cohorts/{cohort_id}/letters")
    is_sound(page)
    page.locator("#text_fr").fill("Bonjour {{ name }},\n\nà vendredi.")
    page.locator("button[value=preview]").click()
    page.locator(".bubble", has_text="Bonjour Ana,").wait_for()
    page.locator("button[value=test]").click()
    page.locator(".code svg").wait_for()
    is_sound(page)
    pictured(page, tmp_path, "letter")
    page.locator("button[value=send]").click()
    page.locator("#sent ~ .wide table").wait_for()
    assert page.locator("button[value=send]").count() == 0
    is_sound(page)
    pictured(page, tmp_path, "sent")
    page.goto(f"{root}/cohorts/{cohort_id}/close")
    page.locator("button[value=preview]").click()
    page.locator(".bubble").wait_for()
    is_sound(page)
    pictured(page, tmp_path, "close")
    page.locator("button[value=close]").click()
    page.wait_for_url(f"{root}/cohorts/{cohort_id}")
    is_sound(page)


def focused(page: Page) -> Any:
    return page.evaluate("document.activeElement.textContent.trim()")


def test_somebody_asks_to_be_gone(console: Console, root: str, page: Page, tmp_path: Path) -> None:
    """HR finds a person by name, moves them, erases them on request, and holds the receipt."""
    hr = console.signed_in("ada@example.org")
    lyon, _ = hr.creates(), hr.creates(name="Nice")
    hr.imports(lyon, PEOPLE.encode("utf-8"), confirm="yes")
    kim = Manager(console, 1)
    kim.joins(tokens(hr, lyon)[7])
    welcome(console, root, page)
    page.get_by_role("link", name="Lyon").click()
    page.get_by_role("link", name="People", exact=True).click()
    page.get_by_label("Name or address").fill("zoé 7")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelectorAll('tbody tr').length === 1")
    is_sound(page)
    pictured(page, tmp_path, "people")
    page.get_by_role("link", name="Zoé 7").click()
    is_sound(page)
    pictured(page, tmp_path, "person")
    page.get_by_label("Cohort", exact=True).select_option(label="Nice")
    page.get_by_role("button", name="Move").click()
    page.get_by_role("link", name="People in “Nice”").wait_for()
    page.get_by_role("link", name="Erase …").click()
    page.get_by_label("Your reference").fill("Letter 12")
    page.get_by_label("To be sure, type the name").fill("Zoé 7")
    is_sound(page)
    pictured(page, tmp_path, "erase")
    page.get_by_role("button", name="Erase for good").click()
    page.get_by_text("Leo carries it out within seconds").wait_for()
    erase_asked(kim.deps, console.now)
    page.get_by_role("link", name="Look again").click()
    page.get_by_role("heading", name="What was removed").wait_for()
    assert "Zoé" not in page.content() and "Letter 12" in page.content()
    is_sound(page)
    pictured(page, tmp_path, "receipt")
    assert len(page.pdf()) > 10_000
    with page.expect_download() as download:
        page.get_by_role("link", name="As plain text").click()
    assert "Letter 12" in download.value.path().read_text(encoding="utf-8")
    page.goto(f"{root}/support")
    for label, text in {
        "Name (English)": "Works doctor",
        "Name (French)": "Médecin du travail",
        "Phone number or link": "+33 1 23 45 67 89",
        "What for (English)": "Confidential.",
        "What for (French)": "Confidentiel.",
    }.items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="Preview").click()
    page.locator(".said", has_text="Works doctor: +33 1 23 45 67 89. Confidential.").wait_for()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Works doctor").wait_for()
    is_sound(page)
    pictured(page, tmp_path, "support")
