"""The console's pages, as somebody of HR walks them without a script."""

import csv
import io
import re

import pytest

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
