"""What `leo doctor` says of the console: its port, who may sign in, mail, single sign-on."""

import http.server
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import doctor, wiring
from bot.settings import load
from bot.usecases.accounts import invite
from bot.usecases.hr import THE_SHELL
from bot.usecases.records import HrRole
from tests.console.provider import CLIENT, SECRET, provider
from tests.mail.server import PASSWORD, USER, MailServer, mail_server
from tests.stack import free_port

type Examine = Callable[..., dict[str, str]]


@pytest.fixture
def examine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Examine:
    """Examine a Leo in an empty folder, with more settings; return each finding by its topic."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LEO_CONSOLE_PORT", str(free_port()))
    # Looked at elsewhere, and slow.
    monkeypatch.setattr(wiring, "read_library", lambda _: {})
    monkeypatch.setattr(doctor, "_model", lambda _: "")

    def examine(**settings: str) -> dict[str, str]:
        for name, value in settings.items():
            monkeypatch.setenv(f"LEO_{name}", value)
        lines = [str(line) for line in doctor.examine()]
        assert not any(secret in line for line in lines for secret in (PASSWORD, SECRET))
        return {line[2:].partition(":")[0]: line for line in lines if "LEO_" not in line[:6]}

    return examine


@pytest.fixture
def strict() -> Iterator[MailServer]:
    with mail_server(signed_in=True) as server:
        yield server


def test_all_is_well(examine: Examine, strict: MailServer) -> None:
    """With a mail server and a provider that answer, each has a line that says so."""
    with provider(lambda: datetime.now(UTC), "") as double:
        found = examine(
            SMTP_URL=f"smtp://{USER}:{PASSWORD}@127.0.0.1:{strict.address.port}",
            MAIL_FROM="Leo <leo@example.org>",
            OIDC_ISSUER=double.issuer,
            OIDC_CLIENT_ID=CLIENT,
            OIDC_CLIENT_SECRET=SECRET,
            CONSOLE_URL="https://leo.example.org/",
        )
    place = f"127.0.0.1:{strict.address.port}"
    assert found["Mail"] == f"✓ Mail: {place} answers and lets Leo in; mails come from " + (
        "leo@example.org"
    )
    assert found["Single sign-on"].startswith(f"✓ Single sign-on: {double.issuer} answers")
    assert found["Single sign-on"].endswith("https://leo.example.org/sign-in/back")
    assert found["Console"].startswith("✓ Console: will be at https://leo.example.org while")
    assert strict.asked == []
    assert list(Path.cwd().iterdir()) == []


def test_what_is_wrong(examine: Examine, strict: MailServer) -> None:
    """What does not work has a cross, and words on how to mend it."""
    with provider(lambda: datetime.now(UTC), "") as double:
        double.known = {"issuer": "https://elsewhere.example.org"}
        found = examine(
            SMTP_URL=f"smtp://{USER}:wrong@127.0.0.1:{strict.address.port}",
            MAIL_FROM="leo@example.org",
            OIDC_ISSUER=double.issuer,
            OIDC_CLIENT_ID=CLIENT,
            OIDC_CLIENT_SECRET=SECRET,
        )
    assert found["Mail"].startswith("✗ Mail: ") and "does not let Leo in (535)" in found["Mail"]
    assert found["Single sign-on"].startswith("✗ ") and "names another" in found["Single sign-on"]
    nowhere = free_port()
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        found = examine(
            SMTP_URL=f"smtp://127.0.0.1:{nowhere}",
            OIDC_ISSUER=f"http://127.0.0.1:{nowhere}",
            CONSOLE_PORT=str(other.getsockname()[1]),
            CONSOLE_DATABASE_URL="postgresql://leo_console:hush@127.0.0.1:1/leo",
        )
    assert found["Mail"].startswith("✗ ") and "LEO_SMTP_URL" in found["Mail"]
    assert "cannot be read (ConnectError)" in found["Single sign-on"]
    assert found["Console"].startswith("✗ ") and "LEO_CONSOLE_PORT" in found["Console"]
    role = found["Console's database"]
    assert role.startswith("✗ ") and "LEO_CONSOLE_DATABASE_URL" in role and "hush" not in role


def test_a_running_console(examine: Examine) -> None:
    """A port that is taken by Leo itself is no fault."""

    class Healthy(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/healthz" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Healthy) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        found = examine(CONSOLE_PORT=str(server.server_port))
        server.shutdown()
        thread.join()
    assert found["Console"].startswith("✓ Console: Leo answers at http://127.0.0.1:")


def test_who_may_sign_in(examine: Examine) -> None:
    """Without an administrator the line says how to let one in; then, how many there are."""
    assert "leo hr invite EMAIL" in examine()["HR"]
    deps = wiring.hr(load())
    assert examine()["HR"].startswith("✓ HR: there is no administrator; `leo hr invite EMAIL`")
    now = datetime.now(UTC)
    invite.invite(deps, THE_SHELL, "ada@example.org", HrRole.ADMINISTRATOR, now)
    assert "1 administrators, 1 of them without a password yet" in examine()["HR"]
