"""Settings of mail and single sign-on: what cannot be meant is refused in words."""

from collections.abc import Callable

import pytest

from bot.errors import SettingsError
from bot.logs import Redactor
from bot.settings import SmtpServer, load

type Given = Callable[..., None]

OIDC = {
    "OIDC_ISSUER": "https://login.example.org",
    "OIDC_CLIENT_ID": "leo",
    "OIDC_CLIENT_SECRET": "hush",
}
MAIL = {"SMTP_URL": "smtp://h", "MAIL_FROM": "leo@example.org"}


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Given:
    monkeypatch.chdir(tmp_path_factory.mktemp("empty"))

    def given(**settings: str) -> None:
        for name, value in settings.items():
            monkeypatch.setenv(f"LEO_{name}", value)

    return given


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://h.example.org", SmtpServer("h.example.org", 587, False)),
        ("smtps://h.example.org", SmtpServer("h.example.org", 465, True)),
        ("smtp://leo:p%40ss%3A@h:25", SmtpServer("h", 25, False, "leo", "p@ss:")),
        (
            "smtps://leo%40example.org:hush@[::1]:2525",
            SmtpServer("::1", 2525, True, "leo@example.org", "hush"),
        ),
    ],
)
def test_a_mail_server(given: Given, url: str, server: SmtpServer) -> None:
    """Host, port, encryption, user and password are read from the address."""
    given(SMTP_URL=url, MAIL_FROM="Leo <leo@example.org>")
    settings = load()
    assert settings.smtp == server
    assert str(settings.sender) == "Leo <leo@example.org>"
    if server.password:
        assert server.password not in repr(settings) + repr(settings.smtp)
        assert server.password not in Redactor(settings.secrets()).clean(f"x {server.password} x")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({**MAIL, "SMTP_URL": "mail.example.org"}, "LEO_SMTP_URL: this names no mail server"),
        ({**MAIL, "SMTP_URL": "http://h"}, "LEO_SMTP_URL: this names no mail server"),
        ({**MAIL, "SMTP_URL": "smtp://leo:ab/cd@h"}, "write @ as %40"),
        ({**MAIL, "SMTP_URL": "smtp://h:70000"}, "LEO_SMTP_URL: this names no mail server"),
        ({**MAIL, "MAIL_FROM": "Leo"}, "LEO_MAIL_FROM: this is no sender"),
        ({**MAIL, "MAIL_FROM": "a@x.org, b@x.org"}, "LEO_MAIL_FROM: this is no sender"),
        ({"SMTP_URL": "smtp://h"}, "without LEO_MAIL_FROM"),
        ({**OIDC, "OIDC_ISSUER": "http://login.example.org"}, "LEO_OIDC_ISSUER: this is no https"),
        ({**OIDC, "OIDC_ISSUER": "login"}, "LEO_OIDC_ISSUER: this is no https"),
        ({**OIDC, "OIDC_CLIENT_SECRET": ""}, "Single sign-on takes all of"),
        ({"PASSWORD_SIGN_IN": "false"}, "nobody could sign in"),
    ],
)
def test_what_cannot_be_meant(given: Given, settings: dict[str, str], words: str) -> None:
    """A wrong or half setting is named, with how to mend it, and without a part of a secret."""
    given(**settings)
    with pytest.raises(SettingsError) as refused:
        load()
    assert words in str(refused.value)
    assert "ab/cd" not in str(refused.value) and "'ab'" not in str(refused.value)


def test_single_sign_on_alone(given: Given) -> None:
    """With single sign-on set up, passwords may be turned off."""
    given(**OIDC, PASSWORD_SIGN_IN="false")
    settings = load()
    assert settings.password_sign_in is False
    assert "hush" not in repr(settings) and "hush" in settings.secrets()
