"""A small real OpenID provider in the test process: discovery, authorization, tokens, keys.

It signs people in without asking, and can be told to misbehave in one claim.
"""

import json
import secrets
import threading
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT, SECRET = "leo-console", "client-hush"


@cache
def a_key(_whose: str) -> RSAKey:
    """Return a key; to make one takes long."""
    return RSAKey.generate_key(2048, {"kid": "one"})


@dataclass
class OpenIdDouble:
    """The provider. `claims` change what it says; None takes a claim out."""

    now: Callable[[], datetime]
    redirect_uri: str
    email: str = "hr@example.org"
    claims: dict[str, Any] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)
    known: dict[str, Any] = field(default_factory=dict)
    error: str = ""
    down: bool = False
    forged: bool = False
    algorithm: str = "RS256"
    key: RSAKey = field(default_factory=lambda: a_key("own"))
    issuer: str = ""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    # --- what a browser does ------------------------------------------------------------------

    def authorize(self, address: str) -> str:
        """Follow Leo's redirect; return where the browser is sent back to."""
        given = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert address.startswith(f"{self.issuer}/authorize?")
        assert (given["client_id"], given["redirect_uri"]) == (CLIENT, self.redirect_uri)
        assert (given["response_type"], given["code_challenge_method"]) == ("code", "S256")
        assert {"openid", "email"} <= set(given["scope"].split())
        if self.error:
            back = {"error": self.error, "state": given["state"]}
        else:
            code = secrets.token_urlsafe(8)
            self.codes[code] = given
            back = {"code": code, "state": given["state"]}
        return f"{self.redirect_uri}?{urlencode(back)}"

    # --- what Leo asks ------------------------------------------------------------------------

    def answer(self, path: str, form: dict[str, str], authorization: str) -> tuple[int, Any]:
        self.asked.append(path)
        if self.down:
            return 500, {"error": "down"}
        match path:
            case "/.well-known/openid-configuration":
                return 200, self._discovery()
            case "/keys":
                return 200, {"keys": [self.key.as_dict(private=False)]}
            case "/token":
                return self._token(form, authorization)
            case "/about":
                assert authorization == "Bearer access"
                return 200, self.about
            case _:
                return 404, {}

    def _discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/about",
            **self.known,
        }

    def _token(self, form: dict[str, str], authorization: str) -> tuple[int, Any]:
        begun = self.codes.pop(form.get("code", ""), None)
        if authorization:
            user, _, secret = (
                b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
            )
            shown = unquote(user), unquote(secret)
        else:
            shown = form.get("client_id", ""), form.get("client_secret", "")
        digest = sha256(form.get("code_verifier", "").encode()).digest()
        challenge = urlsafe_b64encode(digest).decode().rstrip("=")
        if begun is None or challenge != begun["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        if shown != (CLIENT, SECRET):
            return 401, {"error": "invalid_client"}
        token = {"access_token": "access", "token_type": "Bearer", "id_token": self._signed(begun)}
        return 200, token

    def _signed(self, begun: dict[str, str]) -> str:
        now = self.now()
        claims = {
            "iss": self.issuer,
            "sub": "42",
            "aud": CLIENT,
            "iat": int(now.timestamp()),
            "exp": int((now + timedelta(minutes=5)).timestamp()),
            "nonce": begun["nonce"],
            "email": self.email,
            "email_verified": True,
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        key: Any = a_key("forged") if self.forged else self.key
        if self.algorithm == "HS256":
            key = OctKey.import_key(SECRET.ljust(32))
        if self.algorithm == "none":
            parts = ({"alg": "none", "kid": "one"}, claims)
            plain = [urlsafe_b64encode(json.dumps(part).encode()).decode() for part in parts]
            return f"{'.'.join(part.rstrip('=') for part in plain)}."
        header = {"alg": self.algorithm, "kid": "one"}
        return jwt.encode(header, claims, key, algorithms=[self.algorithm])


@contextmanager
def provider(now: Callable[[], datetime], redirect_uri: str) -> Iterator[OpenIdDouble]:
    """Run a provider on a port of its own."""
    double = OpenIdDouble(now, redirect_uri)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # As the library calls it.
            self._tell({})

        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._tell({name: values[0] for name, values in parse_qs(content).items()})

        def _tell(self, form: dict[str, str]) -> None:
            path = urlsplit(self.path).path
            status, said = double.answer(path, form, self.headers.get("Authorization", ""))
            content = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        double.issuer = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield double
        finally:
            server.shutdown()
            thread.join()
