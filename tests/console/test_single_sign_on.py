"""Signing in at an organisation's own OpenID provider: who gets in, and who does not."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx2 as httpx
import pytest
from structlog.testing import capture_logs

from bot.console.provider import OpenIdProvider
from bot.console.single_sign_on import BACK, BEGIN
from bot.usecases.accounts import invite
from bot.usecases.hr import THE_SHELL
from bot.usecases.records import HrRole
from tests.console.conftest import PASSWORD, Browser, Console
from tests.console.provider import CLIENT, SECRET, OpenIdDouble, a_key, provider

ROOT = "http://testserver"


@pytest.fixture
def company(console: Console) -> Iterator[OpenIdDouble]:
    """The organisation's provider, set up in the console; HR's Ada was invited."""
    with provider(lambda: console.now, f"{ROOT}{BACK}") as double:
        opened = OpenIdProvider(double.issuer, CLIENT, SECRET, double.redirect_uri)
        console.rebuild(provider=opened)
        role = HrRole.FACILITATOR
        double.email = "ada@example.org"
        invite.invite(console.deps, THE_SHELL, "ada@example.org", role, console.now)
        yield double


def leaves(browser: Browser) -> str:
    """Press the button; return where the browser is sent to."""
    assert f'href="{BEGIN}"' in browser.gets("/sign-in").text
    answer = browser.client.get(BEGIN, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def comes_back(browser: Browser, address: str) -> httpx.Response:
    return browser.gets(address.removeprefix(ROOT))


def goes(console: Console, company: OpenIdDouble) -> tuple[Browser, httpx.Response]:
    """Sign in by the button, there and back."""
    browser = console.browser()
    return browser, comes_back(browser, company.authorize(leaves(browser)))


def refused(browser: Browser, page: httpx.Response, status: int, words: str) -> None:
    assert page.status_code == status, page.text
    assert words in page.text
    assert browser.gets("/cohorts").url.path == "/sign-in"


def test_who_was_invited_gets_in(console: Console, company: OpenIdDouble) -> None:
    """A verified address that an administrator invited opens the console, in the role Leo keeps."""
    browser, page = goes(console, company)
    assert page.url.path == "/cohorts"
    assert browser.gets("/people").status_code == 403  # A facilitator's.
    cookie = page.history[-1].headers["set-cookie"]
    assert "leo_session" in cookie and "HttpOnly" in cookie and "SameSite=lax" in cookie
    browser.posts("/sign-out", form_on="/cohorts")
    assert browser.gets("/cohorts").url.path == "/sign-in"
    log = console.signed_in().gets("/audit").text
    assert "hr.sign_in" in log and "single-sign-on" in log


def test_capitals_do_not_matter(console: Console, company: OpenIdDouble) -> None:
    """An address is the same in whatever letters the provider writes it."""
    company.email = "Ada@Example.org"
    assert goes(console, company)[1].url.path == "/cohorts"


def test_nobody_else_gets_in(console: Console, company: OpenIdDouble) -> None:
    """Whom nobody invited, or who was removed, is told so, and whom to ask."""
    company.email = "max@example.org"
    refused(*goes(console, company), 403, "Nobody has given max@example.org access")
    console.signed_in()
    invite.remove(console.deps, THE_SHELL, "ada@example.org", console.now)
    company.email = "ada@example.org"
    refused(*goes(console, company), 403, "Nobody has given ada@example.org access")


def test_the_address_must_be_verified(console: Console, company: OpenIdDouble) -> None:
    """An address that the provider does not vouch for opens nothing."""
    for verified in (False, None, "no", 0):
        company.claims = {"email_verified": verified}
        refused(*goes(console, company), 403, "does not confirm your email address")


NOT_OURS: dict[str, list[dict[str, Any]]] = {
    "nonce": [{"nonce": "another"}, {"nonce": None}],
    "aud": [
        {"aud": "another-client"},
        {"aud": "another-client", "azp": CLIENT},
        {"aud": ["another-client", "a-third"]},
        {"aud": None},
    ],
    "azp": [
        {"aud": [CLIENT, "another-client"]},
        {"aud": [CLIENT, "another-client"], "azp": "another-client"},
    ],
    "iss": [{"iss": "https://elsewhere.example.org"}, {"iss": None}],
    "exp": [{"exp": None}, {"exp": 1_700_000_000}],
    "iat": [{"iat": 2_000_000_000}],
    "sub": [{"sub": None}],
}


@pytest.mark.parametrize("claim", NOT_OURS)
def test_a_token_that_is_not_ours(console: Console, company: OpenIdDouble, claim: str) -> None:
    """A token for another sign-in, client, issuer or time is not accepted, and not shown."""
    for claims in NOT_OURS[claim]:
        company.claims = claims
        with capture_logs() as logs:
            refused(*goes(console, company), 400, "could not be trusted")
        told = next(line for line in logs if line["event"] == "sign_on.failed")
        assert told["claim"] in (claim, None)
        assert "ada@" not in str(logs)


def test_two_audiences(console: Console, company: OpenIdDouble) -> None:
    """A token may be for others, too, as long as it was made for Leo."""
    company.claims = {"aud": [CLIENT, "another-client"], "azp": CLIENT}
    assert goes(console, company)[1].url.path == "/cohorts"


def test_a_token_expires(console: Console, company: OpenIdDouble) -> None:
    """A token that expired is not accepted; clocks may differ by two minutes."""
    stamp = int(console.now.timestamp())
    company.claims = {"exp": stamp - 121}
    refused(*goes(console, company), 400, "could not be trusted")
    company.claims = {"exp": stamp - 100}
    assert goes(console, company)[1].url.path == "/cohorts"


def test_a_foreign_signature(console: Console, company: OpenIdDouble) -> None:
    """A token signed by another key, with the secret, or not at all is not accepted."""
    company.forged = True
    refused(*goes(console, company), 400, "could not be trusted")
    company.forged = False
    for algorithm in ("HS256", "none"):
        company.algorithm = algorithm
        refused(*goes(console, company), 400, "could not be trusted")


def test_a_sign_on_comes_back_once(console: Console, company: OpenIdDouble) -> None:
    """The address somebody came back by is worth nothing a second time, in any browser."""
    browser = console.browser()
    back = company.authorize(leaves(browser))
    assert comes_back(browser, back).url.path == "/cohorts"
    browser.posts("/sign-out", form_on="/cohorts")
    refused(browser, comes_back(browser, back), 400, "was already used")
    thief = console.browser()
    refused(thief, comes_back(thief, back), 400, "began in another browser")


def test_a_sign_on_belongs_to_its_browser(console: Console, company: OpenIdDouble) -> None:
    """Nobody can be made to sign in as somebody else by a link from another browser."""
    other = console.browser()
    back = company.authorize(leaves(other))
    victim = console.browser()
    leaves(victim)
    refused(victim, comes_back(victim, back), 400, "began in another browser")
    assert comes_back(other, back).url.path == "/cohorts"


@pytest.mark.parametrize("query", ["", "?state=", "?state=x&code=y", "?code=y", "?error=x"])
def test_a_way_back_that_nobody_began(console: Console, company: OpenIdDouble, query: str) -> None:
    """Without a sign-on that was begun here the way back leads nowhere, and asks nobody."""
    browser = console.browser()
    browser.gets("/sign-in")
    refused(browser, browser.gets(f"{BACK}{query}"), 400, "Please sign in again")
    assert company.asked == []


def test_a_sign_on_takes_ten_minutes_at_most(console: Console, company: OpenIdDouble) -> None:
    """Who comes back after more than ten minutes begins anew."""
    browser = console.browser()
    back = company.authorize(leaves(browser))
    console.now += timedelta(minutes=11)
    refused(browser, comes_back(browser, back), 400, "more than ten minutes")


def test_a_code_that_is_not_one(console: Console, company: OpenIdDouble) -> None:
    """A code that the provider does not know opens nothing."""
    browser = console.browser()
    back = company.authorize(leaves(browser))
    company.codes.clear()
    refused(browser, comes_back(browser, back), 400, "could not be trusted")


def test_the_code_is_bound_to_who_began(console: Console, company: OpenIdDouble) -> None:
    """A stolen code is of no use: its proof (PKCE) is made from the own browser's state."""
    other = console.browser()
    stolen = company.authorize(leaves(other)).partition("code=")[2].partition("&")[0]
    browser = console.browser()
    own = company.authorize(leaves(browser))
    code = own.partition("code=")[2].partition("&")[0]
    page = comes_back(browser, own.replace(code, stolen))
    refused(browser, page, 400, "could not be trusted")


def test_the_provider_says_no(console: Console, company: OpenIdDouble) -> None:
    """Who is turned away there, or turns back, is told so."""
    company.error = "access_denied"
    refused(*goes(console, company), 400, "did not let you through")


def test_the_provider_is_down(console: Console, company: OpenIdDouble) -> None:
    """While the provider does not answer, the page says so, before and after."""
    company.down = True
    browser = console.browser()
    refused(browser, browser.gets(BEGIN), 503, "does not answer right now")
    company.down = False
    back = company.authorize(leaves(browser))
    company.down = True
    refused(browser, comes_back(browser, back), 503, "does not answer right now")
    nowhere = OpenIdProvider("http://127.0.0.1:1", CLIENT, SECRET, company.redirect_uri)
    console.rebuild(provider=nowhere)
    other = console.browser()
    refused(other, other.gets(BEGIN), 503, "does not answer right now")


@pytest.mark.parametrize(
    "known", [{"issuer": "https://elsewhere.example.org"}, {"token_endpoint": None}]
)
def test_a_discovery_that_is_not_the_providers(
    console: Console, company: OpenIdDouble, known: dict[str, Any]
) -> None:
    """A discovery page of somebody else, or with a gap, is not followed."""
    company.known = known
    browser = console.browser()
    refused(browser, browser.gets(BEGIN), 503, "does not answer right now")


def test_the_secret_in_the_form(console: Console, company: OpenIdDouble) -> None:
    """Where the provider wants the secret in the form, it gets it there."""
    company.known = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert goes(console, company)[1].url.path == "/cohorts"


def test_the_address_may_come_apart(console: Console, company: OpenIdDouble) -> None:
    """A token without the address is completed from the provider's page about the person."""
    company.claims = {"email": None, "email_verified": None}
    company.about = {"sub": "42", "email": "ada@example.org", "email_verified": True}
    assert goes(console, company)[1].url.path == "/cohorts"
    company.about["sub"] = "43"
    refused(*goes(console, company), 400, "could not be trusted")
    company.about = {"sub": "42", "email": "ada@example.org"}
    refused(*goes(console, company), 403, "does not confirm")


def test_keys_may_change(console: Console, company: OpenIdDouble) -> None:
    """A provider that changes its keys is believed at once."""
    assert goes(console, company)[1].url.path == "/cohorts"
    company.key = a_key("next")
    assert goes(console, company)[1].url.path == "/cohorts"


def test_without_a_provider(console: Console) -> None:
    """Where none is set up there is no button, and the addresses lead nowhere."""
    browser = console.browser()
    assert BEGIN not in browser.gets("/sign-in").text
    assert browser.gets(BEGIN).status_code == 404
    assert browser.gets(BACK).status_code == 404


def test_passwords_turned_off(console: Console, company: OpenIdDouble) -> None:
    """With passwords off there is no form for one, and none opens the console."""
    console.signed_in("hr@example.org")
    token = invite.invite(
        console.deps, THE_SHELL, "max@example.org", HrRole.ADMINISTRATOR, console.now
    )
    console.rebuild(passwords=False)
    browser = console.browser()
    assert 'type="password"' not in browser.gets("/sign-in").text
    fields = {"email": "hr@example.org", "password": PASSWORD}
    refused(browser, browser.posts("/sign-in", **fields), 400, "passwords are not used")
    refused(browser, browser.gets(f"/welcome/{token}"), 400, "passwords are not used")
    page = browser.posts(f"/welcome/{token}", form_on="/sign-in", password=PASSWORD)
    refused(browser, page, 400, "passwords are not used")
    company.email = "hr@example.org"
    administrator, page = goes(console, company)
    assert page.url.path == "/cohorts"
    page = administrator.posts("/people", email="kim@example.org", role="administrator")
    assert "kim@example.org can now sign in" in page.text and "/welcome/" not in page.text


def test_in_french(console: Console, company: OpenIdDouble) -> None:
    """The button and what went wrong are told in French, too."""
    browser = console.browser("fr")
    assert "compte de votre organisation" in browser.gets("/sign-in").text
    company.down = True
    assert "ne répond pas en ce moment" in browser.gets(BEGIN).text
