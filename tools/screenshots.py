"""Make the pictures of the console in `docs/images/` anew.

    .venv/bin/python -m tools.screenshots

A cohort of people without names lives three weeks through the real use cases, on a store of its
own; then a Chromium of this machine looks at the console. It takes some minutes.
"""

import io
import random
import re
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import uvicorn
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from bot.coaching.practice import Kind, Step
from bot.texts.catalogue import Catalogue
from bot.usecases.answer import answer, pass_over
from bot.usecases.check_in import check_in
from bot.usecases.reflect import reflect
from bot.usecases.start import begin
from bot.usecases.turn import Turn
from tests.console.conftest import COHORT, LIBRARY, PASSWORD, Browser, Console, opened
from tests.console.manager import Manager
from tests.console.test_browser import ARGUMENTS, installed
from tests.stack import free_port, wait_until

TEXTS = Catalogue()
IMAGES = Path(__file__).parents[1] / "docs" / "images"
WIDTH, HEIGHT = 1000, 760
COLOURS = 96
MOST_BYTES = 120_000
SEED, PEOPLE, JOINED = 7, 48, 45
DAY_H = 8  # from the first answers of a day to the last
# What the programme has for the first weeks.
PRACTICES = ("best-test", "pebble-in-the-shoe", "promises-kept")
LIST = "name;email;timezone\n" + "".join(
    f"P{n:02};p{n:02}@example.org;Europe/Paris\n" for n in range(1, PEOPLE + 1)
)
# A list with what goes wrong in lists.
SECOND_LIST = (
    "name;email;timezone\n"
    "P49;p49@example.org;Europe/Paris\n"
    "P50;p50@example;Europe/Paris\n"
    ";p51@example.org;Europe/Paris\n"
    "P52;p52@example.org;Paris time\n"
    "P01;p01@example.org;Europe/Paris\n"
)


def main() -> None:
    """Let the weeks pass, then take the pictures."""
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder)) as console:
        cohort_id = live(console)
        with served(console) as root, sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=installed(), args=ARGUMENTS)
            page = chromium.new_page(
                viewport={"width": WIDTH, "height": HEIGHT}, locale="en-GB", color_scheme="light"
            )
            take(page, root, cohort_id)
            chromium.close()


def live(console: Console) -> int:
    """Enrol people, let most of them join, and let them walk through some weeks."""
    hr = console.signed_in()
    hr.creates(**{**COHORT, "name": "Lille, autumn", "language": "en", "start": "2026-12-07"})
    cohort_id = hr.creates(**{**COHORT, "name": "Lyon, winter", "language": "en"})
    hr.imports(cohort_id, LIST, confirm="yes")
    people = join(console, hr, cohort_id)
    chance = random.Random(SEED)  # noqa: S311
    for week, practice in enumerate(PRACTICES):
        hr.later(days=7 if week else 6, hours=-DAY_H if week else 0)
        for number, one in enumerate(people):
            if number and number % (JOINED // 3) == 0:
                console.now += timedelta(hours=DAY_H / 2)
            if chance.random() < 0.68:
                does(one, practice, week, chance)
    hr.later(weeks=1)
    return cohort_id


def join(console: Console, hr: Browser, cohort_id: int) -> list[Manager]:
    """Let people follow their links and agree."""
    sheet = hr.posts(f"/cohorts/{cohort_id}/invitations", **{"as": "sheet"}).text
    tokens = re.findall(r"\?start=([A-Za-z0-9_-]+)<", sheet)
    people = [Manager(console, 100 + n) for n in range(JOINED)]
    for one, token in zip(people, tokens, strict=False):
        one.joins(token)
    return people


def does(one: Manager, practice: str, week: int, chance: random.Random) -> None:
    """Let somebody do what people do in a week: some of it."""
    some = ((0.8, check_in), (0.6, lambda turn: begin(turn, practice)), (0.5, reflect))
    for likely, verb in some:
        if chance.random() < likely:
            walk(one, verb, week, chance)


def walk(one: Manager, verb: Callable[[Turn], None], week: int, chance: random.Random) -> None:
    """Let somebody begin something and answer all that is asked."""
    one.does(verb, "go on")
    while step := open_step(one):
        words = words_for(step, week, chance)
        one.does(answer if words else pass_over, words or "skip")


def open_step(one: Manager) -> Step | None:
    """Return the open question of somebody, or None."""
    with one.deps.open() as uow:
        person = uow.person("telegram", str(one.address))
        run = uow.active_run(person.id) if person and person.id else None
        return LIBRARY[run.practice].step(run.step) if run else None


def words_for(step: Step, week: int, chance: random.Random) -> str:
    """Return an answer to a question, or nothing to pass it over."""
    match step.kind:
        case Kind.RATING:
            return str(min(5, max(1, round(chance.gauss(2.8 + week / 3, 0.9)))))
        case Kind.REVIEW:
            return chance.choices(("done", "partly", "not done"), (5, 4, 3))[0]
        case Kind.DATE:
            return "tomorrow"
        case Kind.PERSON:
            return "Ana"
        case Kind.TEXT | Kind.PLAN:
            return chance.choice(TEXTS.simulated("en", step.kind))
    return ""


@contextmanager
def served(console: Console) -> Iterator[str]:
    """Serve the console over HTTP."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(console.app, port=port, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_until(lambda: server.started, 20, "the console")
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(20)


def take(page: Page, root: str, cohort_id: int) -> None:
    """Walk the console as somebody of HR does, and keep what they see."""
    page.goto(f"{root}/sign-in")
    keep(page, "sign-in")
    page.get_by_label("Email address").fill("hr@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{root}/cohorts")
    keep(page, "cohorts")
    cohort = f"{root}/cohorts/{cohort_id}"
    page.goto(cohort)
    keep(page, "cohort", whole=True)
    page.goto(f"{cohort}/report")
    keep(page, "report", whole=True)
    page.goto(f"{cohort}/import")
    page.get_by_label("List of people").set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": SECOND_LIST.encode()}
    )
    page.get_by_role("button", name="Look at the list").click()
    page.get_by_text("1 new").wait_for()
    keep(page, "import", whole=True)
    page.goto(f"{cohort}/invitations")
    page.get_by_role("button", name="Make links and show").click()
    page.get_by_role("heading", name="P48").wait_for()
    keep(page, "invitations")


def keep(page: Page, name: str, *, whole: bool = False) -> None:
    """Keep what is to be seen as a small PNG. Raises AssertionError for one too large."""
    page.wait_for_load_state("networkidle")
    image = Image.open(io.BytesIO(page.screenshot(full_page=whole)))
    out = io.BytesIO()
    image.convert("RGB").quantize(
        COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
    ).save(out, "PNG", optimize=True)
    assert len(out.getvalue()) <= MOST_BYTES, f"{name}: {len(out.getvalue())} bytes"
    (IMAGES / f"console-{name}.png").write_bytes(out.getvalue())


if __name__ == "__main__":
    main()
