"""The console's pages, as somebody of HR walks them without a script."""

import csv
import io
import re
from functools import partial

import pytest

from bot.usecases import post
from bot.usecases.cohorts import invitations, mails
from bot.usecases.hr import THE_SHELL
from bot.usecases.post import TAKEN, Answer
from bot.usecases.records import Trouble
from tests.console.conftest import PASSWORD, Browser, Console

LIST = "name;email;language\nAna Ruiz;ana@example.org;fr\nTheo;theo@example.org;\n;x;\n"


def test_the_way_in(console: Console) -> None:
    """A link lets somebody choose a password once; then address and password let them in."""
    hr = console.signed_in("Ada@Example.org")
    hr.posts("/sign-out")
    assert hr.gets("/cohorts").url.path == "/sign-in"
    assert hr.posts("/sign-in", email="ada@example.org", password="wrong").status_code == 400
    page = hr.posts("/sign-in", email=" ADA@example.org", password=PASSWORD)
    assert page.url.path == "/cohorts"


def test_a_cohort_is_created_and_filled(hr: Browser) -> None:
    """A cohort is created, a list previewed, and only on confirming enrolled; twice is once."""
    cohort_id = hr.creates()
    page = hr.imports(cohort_id, LIST)
    assert "2 new, 0 known already, 0 from another cohort, 1 wrong" in page.text
    assert "There is no name." in page.text
    assert "0 of 0" in hr.gets("/cohorts").text
    hr.imports(cohort_id, LIST, confirm="yes")
    assert "0 of 2" in hr.gets("/cohorts").text
    assert "0 new, 2 known" in hr.imports(cohort_id, LIST).text
    hr.imports(cohort_id, LIST, confirm="yes")
    assert "0 of 2" in hr.gets("/cohorts").text


def test_the_calendar_is_shown_before_saving(hr: Browser) -> None:
    """The weeks that the form leads to are shown; nothing is kept by looking."""
    from tests.console.conftest import COHORT

    page = hr.posts("/cohorts/calendar", form_on="/cohorts/new", **COHORT)
    assert "Monday 30 November 2026" in page.text
    assert "There is no cohort yet" in hr.gets("/cohorts").text
    page = hr.posts("/cohorts/calendar", form_on="/cohorts/new", **{**COHORT, "zone": "Mars"})
    assert "is no time zone" in page.text


def test_invitations(hr: Browser) -> None:
    """Each who has not joined gets a link, with a code to print or as a file."""
    cohort_id = hr.creates()
    hr.imports(cohort_id, LIST.replace("Theo", "=HYPERLINK(1)"), confirm="yes")
    sheet = hr.posts(f"/cohorts/{cohort_id}/invitations", **{"as": "sheet"})
    links = re.findall(r"https://t\.me/leo_bot\?start=([A-Za-z0-9_-]{32,64})<", sheet.text)
    assert len(set(links)) == 2 and sheet.text.count("<svg") == 2
    given = hr.posts(f"/cohorts/{cohort_id}/invitations", **{"as": "csv"})
    rows = list(csv.DictReader(io.StringIO(given.text.removeprefix("\ufeff"))))
    assert [row["name"] for row in rows] == ["Ana Ruiz", "'=HYPERLINK(1)"]
    assert rows[0].keys() == {"name", "link", "expires"}


def test_states(hr: Browser) -> None:
    """A cohort can be paused, resumed, and closed for good."""
    cohort_id = hr.creates()
    for state in ("paused", "active"):
        page = hr.posts(f"/cohorts/{cohort_id}/state", form_on="/cohorts", state=state)
        assert f'<span class="state">{state}</span>' in page.text
    page = hr.posts(f"/cohorts/{cohort_id}/close", **{"as": "close"})
    assert '<span class="state">closed</span>' in page.text
    page = hr.posts(f"/cohorts/{cohort_id}/state", form_on="/cohorts", state="active")
    assert page.status_code == 400 and "is closed" in page.text


def test_the_log(hr: Browser) -> None:
    """What was done is in the log, to read and to take along."""
    hr.creates()
    assert "cohort.create" in hr.gets("/audit").text
    rows = list(csv.reader(io.StringIO(hr.gets("/audit.csv").text)))
    assert [row[2] for row in rows[1:]] == [
        "cohort.create",
        "hr.sign_in",
        "hr.password",
        "hr.invite",
    ]


def test_the_team(console: Console, hr: Browser) -> None:
    """An administrator lets others in and out; who is out is signed out at once."""
    page = hr.posts("/people", email="Max@example.org", role="administrator")
    token = re.search(r"/welcome/([A-Za-z0-9_-]{43})<", page.text)
    assert token
    other = console.browser()
    other.posts(f"/welcome/{token[1]}", password=PASSWORD)
    assert other.gets("/people").status_code == 200
    hr.posts("/people/remove", form_on="/people", email="max@example.org")
    assert other.gets("/people").url.path == "/sign-in"
    page = hr.posts("/people/remove", form_on="/people", email="hr@example.org")
    assert "last administrator" in page.text


@pytest.mark.parametrize(
    ("language", "title"), [("en", "Sign in"), ("fr-CH,fr;q=0.9", "Se connecter")]
)
def test_both_languages(console: Console, language: str, title: str) -> None:
    """The console speaks the browser's language."""
    assert f"<h1>{title}</h1>" in console.browser(language).gets("/sign-in").text


def test_the_language_is_kept(hr: Browser) -> None:
    """Who switches the language reads on in it, on the same page."""
    page = hr.posts("/language", form_on="/cohorts/new", language="fr", back="/cohorts/new")
    assert page.url.path == "/cohorts/new" and "<h1>Nouvelle cohorte</h1>" in page.text


def test_invitations_by_mail(console: Console, hr: Browser) -> None:
    """The page sends mails and shows where each stands, with the reason when one came back."""
    cohort_id = hr.creates()
    hr.imports(cohort_id, LIST + "Kim;kim@example.org;\n", confirm="yes")
    hr.imports(cohort_id, "name\nZoe\n", confirm="yes")
    page = hr.gets(f"/cohorts/{cohort_id}/invitations").text
    assert "Mails to send now: 3." in page
    assert "Zoe</th>\n  <td>no address" in page
    page = hr.posts(f"/cohorts/{cohort_id}/mails", form_on="/cohorts").text
    assert "On their way: 3. Sent: 0. Came back: 0. Without an address: 1." in page
    assert "Nobody needs a mail now" in page
    for answer in (Answer(Trouble.NO_SUCH_ADDRESS, "550 5.1.1", for_good=True), TAKEN):
        envelope = post.take(console.deps.open, console.now)
        assert envelope is not None
        post.note_answer(console.deps.open, envelope, answer, console.now)
    page = hr.gets(f"/cohorts/{cohort_id}/invitations").text
    assert "On their way: 1. Sent: 1. Came back: 1." in page
    assert "knows no such address" in page and "(550 5.1.1)" in page
    assert "sent on Wednesday 25 November 2026" in page
    again = re.search(r"/members/(\d+)/mail", page)
    assert again
    page = hr.posts(f"/members/{again[1]}/mail", form_on="/cohorts").text
    assert "On their way: 2. Sent: 1. Came back: 0." in page
    assert "cohort.mail" in hr.gets("/audit").text
    assert "https://t.me" not in page


def test_no_mail_server(console: Console, hr: Browser) -> None:
    """Without a mail server, or without a bot for the link, the page says what is missing."""
    cohort_id = hr.creates()
    hr.imports(cohort_id, LIST, confirm="yes")
    for changes, words in (
        ({"link": partial(invitations.link, None)}, "Mails need a Telegram bot"),
        ({"can_mail": False}, "No mail server is set up"),
    ):
        console.rebuild(**changes)
        other = console.signed_in("ada@example.org")
        page = other.posts(f"/cohorts/{cohort_id}/mails", form_on="/cohorts")
        assert page.status_code == 400 and words in page.text
        assert mails.look(console.deps, THE_SHELL, cohort_id, console.now).waiting == 0
    page = other.gets(f"/cohorts/{cohort_id}/invitations")
    assert "No mail server is set up" in page.text and "/mails" not in page.text


def test_the_team_by_mail(console: Console, hr: Browser) -> None:
    """An administrator lets somebody in by mail; the link is in the mail alone."""
    page = hr.posts("/people", email="max@example.org", role="administrator", by="mail")
    assert "on its way to max@example.org" in page.text and "/welcome/" not in page.text
    envelope = post.take(console.deps.open, console.now)
    assert envelope is not None and envelope.address == "max@example.org"
    token = envelope.link.removeprefix("http://testserver/welcome/")
    other = console.browser()
    other.posts(f"/welcome/{token}", password=PASSWORD)
    assert other.gets("/people").status_code == 200
