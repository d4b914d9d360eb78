"""An OpenID provider, found by its discovery page. The one home of Authlib.

Nothing is kept between two sign-ons: they are few, and a changed key or address counts at once.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from bot.usecases.hr import Refused

TIMEOUT_S = 10.0
# Clocks differ.
LEEWAY_S = 120
# Signed with a key that the provider alone has; never with our secret, never not at all.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class OpenIdProvider:
    """The provider that knows an organisation's people, by the code flow with PKCE."""

    def __init__(
        self,
        issuer: str,
        client_id: str,
        client_secret: str,
        redirect_uri: str,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        """Take the provider's address, Leo's own name and secret there, and the way back."""
        self._issuer, self._client_id, self._secret = issuer.rstrip("/"), client_id, client_secret
        self._redirect_uri, self._timeout_s = redirect_uri, timeout_s

    def discover(self) -> Mapping[str, Any]:
        """Return what the provider says of itself. Raises Refused when it does not."""
        with self._client() as client:
            return self._discover(client)

    def entrance(self, state: str, nonce: str, verifier: str, language: str) -> str:
        """Return the address to send a browser to. Raises Refused."""
        with self._client() as client:
            url, _ = client.create_authorization_url(
                self._discover(client)["authorization_endpoint"],
                state=state,
                code_verifier=verifier,
                nonce=nonce,
                ui_locales=language,
            )
            return str(url)

    def email_of(self, code: str, nonce: str, verifier: str, now: datetime) -> str:
        """Return the verified address of who came back with a code. Raises Refused."""
        with self._client() as client:
            known = self._discover(client)
            methods = known.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
            if "client_secret_basic" not in methods:
                client.token_endpoint_auth_method = "client_secret_post"  # noqa: S105  # A name.
            token = client.fetch_token(
                known["token_endpoint"],
                grant_type="authorization_code",
                code=code,
                code_verifier=verifier,
            )
            claims: Mapping[str, Any] = self._claims(client, known, token, nonce, now)
            if "email" not in claims and "userinfo_endpoint" in known:
                about = _json(client.get(known["userinfo_endpoint"]))
                if about.get("sub") != claims["sub"]:
                    raise Refused("sign_on_odd")
                claims = about
        email = claims.get("email")
        if not isinstance(email, str) or claims.get("email_verified") not in (True, "true"):
            raise Refused("sign_on_unverified")
        return email

    def _discover(self, client: OAuth2Client) -> Mapping[str, Any]:
        url = f"{self._issuer}/.well-known/openid-configuration"
        known = _json(client.request("GET", url, withhold_token=True))
        named = str(known.get("issuer", "")).rstrip("/") == self._issuer
        if not named or any(not isinstance(known.get(name), str) for name in ENDPOINTS):
            raise Refused("sign_on_unreachable")
        return known

    def _claims(
        self,
        client: OAuth2Client,
        known: Mapping[str, Any],
        token: Mapping[str, Any],
        nonce: str,
        now: datetime,
    ) -> Mapping[str, Any]:
        keys = _json(client.request("GET", known["jwks_uri"], withhold_token=True))
        opened = jwt.decode(
            str(token.get("id_token", "")),
            KeySet.import_key_set({"keys": keys["keys"]}),
            algorithms=ALGORITHMS,
        )
        claims = CodeIDToken(
            opened.claims,
            opened.header,
            {
                "iss": {"essential": True, "value": known["issuer"]},
                "aud": {"essential": True, "value": self._client_id},
            },
            {
                "nonce": nonce,
                "client_id": self._client_id,
                "access_token": token.get("access_token"),
            },
        )
        claims.validate(now=int(now.timestamp()), leeway=LEEWAY_S)
        return dict(claims)

    @contextmanager
    def _client(self) -> Iterator[OAuth2Client]:
        """Give a client of the provider. What goes wrong is Refused; its cause says more."""
        client = OAuth2Client(
            self._client_id,
            self._secret,
            scope="openid email",
            redirect_uri=self._redirect_uri,
            code_challenge_method="S256",
            timeout=self._timeout_s,
        )
        try:
            with client:
                yield client
        except httpx2.HTTPError as error:
            raise Refused("sign_on_unreachable") from error
        except (JoseError, OAuthError, ValueError, KeyError) as error:
            raise Refused("sign_on_odd") from error


def _json(answer: httpx2.Response) -> dict[str, Any]:
    answer.raise_for_status()
    content = answer.json()
    if not isinstance(content, dict):
        raise ValueError
    return content
