"""The way to the organisation's own sign-in, and back."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from starlette.responses import RedirectResponse, Response

from bot.console.site import VISIT, Provider, Visit
from bot.logs import where_it_failed
from bot.usecases.accounts import sign_on
from bot.usecases.hr import Refused
from bot.usecases.tokens import new_token

log = structlog.get_logger()

BEGIN, BACK = "/sign-in/organisation", "/sign-in/back"


def leave(visit: Visit) -> Response:
    """Send the browser to the provider."""
    provider = _provider(visit)
    if visit.actor is not None:
        return visit.go("/cohorts")
    state = new_token()
    with _logged():
        address = provider.entrance(state, *_secrets(visit, state), visit.language)
    sign_on.begin(visit.site.deps, _key(visit, state), visit.now)
    response = RedirectResponse(address, status_code=303)
    visit.remember(response, VISIT, visit.site.signed(visit.visit))
    return response


def come_back(visit: Visit) -> Response:
    """Let in who comes back from the provider with a verified address that was invited."""
    provider, given = _provider(visit), visit.request.query_params
    state = given.get("state", "")
    sign_on.come_back(visit.site.deps, _key(visit, state), visit.now)
    if "error" in given:
        raise Refused("sign_on_declined")
    with _logged():
        email = provider.email_of(given.get("code", ""), *_secrets(visit, state), visit.now)
    return visit.let_in(sign_on.enter(visit.site.deps, email, visit.now))


@contextmanager
def _logged() -> Iterator[None]:
    """Log what is wrong with a provider, by its place and the claim; never what it said."""
    try:
        yield
    except Refused as refused:
        cause = refused.__cause__
        claim = getattr(cause, "claim", None)
        error = where_it_failed(cause) if cause else None
        log.warning("sign_on.failed", why=refused.key, claim=claim, error=error)
        raise


def _provider(visit: Visit) -> Provider:
    if visit.site.provider is None:
        raise Refused("sign_on_off")
    return visit.site.provider


def _key(visit: Visit, state: str) -> str:
    """Return what only this browser brings together: its cookie and the state."""
    return f"{visit.visit}:{state}"


def _secrets(visit: Visit, state: str) -> tuple[str, str]:
    """Return nonce and PKCE verifier. Both follow from the state by our key; none is kept."""
    key = _key(visit, state)
    return visit.site.signature(f"nonce:{key}"), visit.site.signature(f"verifier:{key}")
