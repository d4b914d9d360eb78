"""Who gets in, what they reach, and what a hostile browser, file or address can do: nothing."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.routing import Route

from bot import sheets
from bot.usecases.hr import Refused
from bot.usecases.records import HrRole
from tests.console.conftest import COHORT, PASSWORD, Browser, Console

OPEN = {
    *("/healthz", "/readyz", "/metrics", "/static", "/language"),
    *("/sign-in", "/sign-in/organisation", "/sign-in/back", "/welcome/{token}"),
}


def routes(console: Console) -> Iterator[tuple[str, str]]:
    for route in console.app.routes:
        if isinstance(route, Route):
            yield from ((method, route.path) for method in sorted(route.methods or ()))


def filled(path: str) -> str:
    return re.sub(r"{\w+:int}", "1", path).replace("{token}", "x")


def test_nothing_is_open_but_the_way_in(console: Console) -> None:
    """Without a session every route but sign-in, health and static files leads to sign-in."""
    console.signed_in().creates()
    stranger = console.browser().client
    closed = [(method, path) for method, path in routes(console) if path not in OPEN]
    assert len(closed) > 20
    for method, path in closed:
        answer = stranger.request(method, filled(path), follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in"), path


def test_a_facilitator_reaches_their_cohorts_only(console: Console, hr: Browser) -> None:
    """Another's cohort does not exist for a facilitator, by whatever route; theirs does."""
    theirs, other = hr.creates(), hr.creates(name="Paris")
    hr.imports(other, "name\nAna\n", confirm="yes")
    max_ = console.signed_in("max@example.org", HrRole.FACILITATOR, (theirs,))
    page = max_.gets("/cohorts").text
    assert "Lyon" in page and "Paris" not in page
    assert max_.gets(f"/cohorts/{theirs}").status_code == 200
    wanted = {"state": "paused", "as": "close"}
    for method, path in routes(console):
        if "_id:int" in path and method != "HEAD":
            fields = max_.with_proof("/cohorts", wanted) if method == "POST" else None
            path = re.sub(r"{cohort_id:int}", str(other), path).replace("{member_id:int}", "1")
            answer = max_.client.request(method, path, data=fields)
            assert answer.status_code == 404, path
            assert "Paris" not in answer.text and "Ana" not in answer.text
    for path in ("/people", "/audit", "/audit.csv", "/cohorts/new", "/erasures", "/support"):
        assert max_.gets(path).status_code == 403
    page = hr.gets("/cohorts").text
    assert "Paris" in page and ">closed<" not in page and ">paused<" not in page


@pytest.mark.parametrize("proof", [None, "", "0" * 64])
def test_a_form_of_another_site_does_nothing(hr: Browser, proof: str | None) -> None:
    """A form without the right token is refused, on every route that takes one."""
    fields = dict(COHORT) if proof is None else {**COHORT, "csrf": proof}
    for method, path in routes(hr.console):
        if method == "POST":
            answer = hr.client.post(filled(path), data=fields, follow_redirects=False)
            assert answer.status_code == 403, path
    assert "There is no cohort yet" in hr.gets("/cohorts").text


def test_the_token_of_a_form_is_for_one_visitor(console: Console, hr: Browser) -> None:
    """The token of one visitor's form is none of another's."""
    fields = hr.with_proof("/cohorts/new", dict(COHORT))
    other = console.signed_in("max@example.org")
    assert other.client.post("/cohorts", data=fields).status_code == 403


def test_cookies(console: Console, hr: Browser) -> None:
    """Cookies are out of a script's and other sites' reach, and a changed one is worth nothing."""
    page = hr.posts("/sign-out")
    page = hr.client.post(
        "/sign-in",
        data=hr.with_proof("/sign-in", {"email": "hr@example.org", "password": PASSWORD}),
        follow_redirects=False,
    )
    cookie = page.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie
    secure = console.browser()
    secure.client.base_url = "https://testserver"
    assert "Secure" in secure.gets("/sign-in").headers["set-cookie"]
    signed = hr.client.cookies["leo_session"]
    token, _, signature = signed.rpartition(".")
    for forged in (token, f"{token}.", f"{token}.{'0' * 64}", f"x{token}.{signature}", "."):
        thief = console.browser()
        thief.client.cookies.set("leo_session", forged)
        assert thief.gets("/cohorts").url.path == "/sign-in"


def test_a_session_ends(console: Console, hr: Browser) -> None:
    """A session ends by itself, and its cookie is worth nothing after signing out."""
    kept = hr.client.cookies["leo_session"]
    hr.posts("/sign-out")
    thief = console.browser()
    thief.client.cookies.set("leo_session", kept)
    assert thief.gets("/cohorts").url.path == "/sign-in"
    again = console.signed_in("ada@example.org")
    console.now += timedelta(hours=13)
    assert again.gets("/cohorts").url.path == "/sign-in"


def test_sign_in_attempts_are_limited(console: Console, hr: Browser) -> None:
    """After five failures an account waits a quarter of an hour, also with the right password."""
    hr.posts("/sign-out")
    for _ in range(5):
        assert hr.posts("/sign-in", email="hr@example.org", password="x").status_code == 400
    page = hr.posts("/sign-in", email="hr@example.org", password=PASSWORD)
    assert page.status_code == 429
    console.now += timedelta(minutes=16)
    assert hr.posts("/sign-in", email="hr@example.org", password=PASSWORD).url.path == "/cohorts"


def test_sign_in_tells_nobody_who_is_known(console: Console, hr: Browser) -> None:
    """A wrong password and an unknown address are answered alike."""
    hr.posts("/sign-out")
    wrong = hr.posts("/sign-in", email="hr@example.org", password="x").text
    unknown = hr.posts("/sign-in", email="no@example.org", password="x").text
    assert wrong.replace("hr@", "no@") == unknown


def test_links_for_hr_work_once(console: Console, hr: Browser) -> None:
    """A link to choose a password works once, for three days."""
    page = hr.posts("/people", email="max@example.org", role="administrator")
    found = re.search(r"/welcome/([\w-]+)<", page.text)
    assert found
    stranger = console.browser()
    console.now += timedelta(hours=73)
    assert stranger.gets(f"/welcome/{found[1]}").status_code == 400
    console.now -= timedelta(hours=73)
    short = stranger.posts(f"/welcome/{found[1]}", password="short")
    assert short.status_code == 400 and "at least 12" in short.text
    stranger.posts(f"/welcome/{found[1]}", password=PASSWORD)
    assert stranger.gets(f"/welcome/{found[1]}").status_code == 400


def test_headers(console: Console, hr: Browser) -> None:
    """Every answer tells browsers to run nothing of others, to guess nothing, to frame nothing."""
    for path in ("/sign-in", "/cohorts", "/nothing", "/static/console.css", "/healthz"):
        headers = hr.gets(path).headers
        csp = headers["content-security-policy"]
        assert "unsafe" not in csp and "frame-ancestors 'none'" in csp
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
    assert hr.gets("/cohorts").headers["cache-control"] == "no-store"


def test_pages_hold_no_inline_script_or_style(console: Console, hr: Browser) -> None:
    """Nothing on a page needs what the policy forbids, and nothing comes from another host."""
    cohort_id = hr.creates()
    hr.imports(cohort_id, "name\n<script>alert(1)</script>\n", confirm="yes")
    pages = [hr.gets(path).text for path in ("/cohorts", f"/cohorts/{cohort_id}", "/people")]
    pages.append(hr.posts(f"/cohorts/{cohort_id}/invitations", **{"as": "sheet"}).text)
    for page in pages:
        assert not re.search(r"<script(?! src=\"/static/)|\son\w+=|\sstyle=|<style", page)
        assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", page)
    assert "&lt;script&gt;" in pages[1]


def test_uploads_are_bounded(hr: Browser) -> None:
    """Too large a file, or one that unpacks to too much, is refused in words."""
    cohort_id = hr.creates()
    large = hr.imports(cohort_id, b"name\n" + b"x" * (sheets.MAX_BYTES + 1))
    assert large.status_code == 400 and "too large" in large.text
    assert hr.imports(cohort_id, b"name\n" + b"x" * 7_000_000).status_code == 413
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        for n in range(12):
            packed.writestr(f"{n}.xml", b"0" * 10_000_000)
    with pytest.raises(Refused, match="file_too_large"):
        sheets.read("bomb.xlsx", bomb.getvalue())


HOSTILE = st.text(max_size=30) | st.sampled_from(
    ["\0", "\ud800", "' OR 1=1 --", "../../etc/passwd", "{{7*7}}", "9" * 40, "-1", "<b>", "é" * 500]
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_no_input_breaks_a_route(hr: Browser, data: st.DataObject) -> None:
    """Whatever is sent to any route, signed in or not, no answer is a 5xx or shows our inside."""
    if "Lyon" not in hr.gets("/cohorts").text:
        hr.creates()
    method, path = data.draw(st.sampled_from(list(routes(hr.console))))
    number = data.draw(st.sampled_from(["1", "0", "2", "9" * 18, "9" * 30]))
    path = re.sub(r"{\w+:int}", number, path)
    token = data.draw(st.text("abc-_.%", min_size=1, max_size=80))
    path = path.replace("{token}", token.replace("%", "%25"))
    if path in ("/sign-out", "/people/remove", "/language"):
        return
    names = st.sampled_from(
        [
            *(*COHORT, "email", "password", "state", "as", "confirm", "before", "search"),
            *("reference", "number", "name_en", "note_fr", "country", "contact_id", "cohort"),
        ]
    )
    fields = data.draw(st.dictionaries(names, HOSTILE, max_size=6))
    fields = {name: text.encode("utf-8", "replace").decode() for name, text in fields.items()}
    body = hr.with_proof("/cohorts", dict(fields)) if method == "POST" else None
    files = None
    if method == "POST" and data.draw(st.booleans()):
        files = {"list": (fields.get("name", "x.xlsx") or "x", data.draw(st.binary(max_size=200)))}
    answer = hr.client.request(method, path, data=body, files=files, params=fields)
    assert answer.status_code < 500, (method, path, fields)
    assert "Traceback" not in answer.text and ".py" not in answer.text
