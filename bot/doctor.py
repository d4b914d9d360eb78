"""What is set, what is missing, and how to mend it."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pydantic import SecretStr

from bot import service, wiring
from bot.console.single_sign_on import BACK
from bot.dialogue import model
from bot.errors import LeoError, SettingsError
from bot.mail.postman import greet
from bot.settings import PREFIX, ROOT, Settings, load
from bot.usecases.hr import Refused
from bot.usecases.records import Trouble

# Seconds for each step of asking a mail server.
PATIENCE_S = 5.0


@dataclass(frozen=True)
class Line:
    """One finding."""

    sound: bool
    text: str

    def __str__(self) -> str:
        """Return the finding with its mark."""
        return f"{'✓' if self.sound else '✗'} {self.text}"


def examine() -> Iterator[Line]:
    """Yield one finding after the other; nothing is changed."""
    try:
        settings = load()
    except LeoError as error:
        yield Line(False, str(error))
        return
    yield from _settings(settings)
    checks: dict[str, Callable[[Settings], str]] = {
        "Practices": lambda settings: f"{len(wiring.read_library(settings))} in order",
        "Rasa environment": lambda _: str(model.python(ROOT).relative_to(ROOT)),
        "Language model": _model,
        "Database": wiring.inspect_database,
        "Console": _console,
        "HR": wiring.inspect_administrators,
        "Console's database": wiring.inspect_console_role,
        "Mail": _mail,
        "Single sign-on": _single_sign_on,
    }
    for name, check in checks.items():
        yield _finding(name, check, settings)


def _settings(settings: Settings) -> Iterator[Line]:
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        shown = "set" if isinstance(value, SecretStr) else "not set" if value is None else value
        origin = "" if name in settings.model_fields_set else " (default)"
        yield Line(True, f"{PREFIX}{name.upper()} = {shown}{origin}: {field.description}")


def _model(settings: Settings) -> str:
    name = settings.sentence_model
    path = model.model_path(ROOT, model.find_sentences(ROOT, name) if name else None)
    return f"{path.name} is trained" if path.exists() else "will be trained on the next start"


def _console(settings: Settings) -> str:
    try:
        service.check_port(settings)
    except SettingsError:
        here = "127.0.0.1" if settings.console_host == "0.0.0.0" else settings.console_host  # noqa: S104
        if not asyncio.run(service.answers(f"http://{here}:{settings.console_port}/healthz")):
            raise
        return f"Leo answers at {settings.console_root}"
    return f"will be at {settings.console_root} while Leo runs"


def _mail(settings: Settings) -> str:
    server, sender = settings.smtp, settings.sender
    if server is None or sender is None:
        return "not set up; links are passed on by hand (LEO_SMTP_URL and LEO_MAIL_FROM change it)"
    answer = asyncio.run(greet(server, PATIENCE_S))
    place = f"{server.host}:{server.port}"
    if answer.trouble is Trouble.UNREACHABLE:
        raise SettingsError(
            f"{place} does not answer as a mail server that Leo can trust. Check host and port in "
            "LEO_SMTP_URL (smtps:// is for port 465), its certificate, and the network."
        )
    if answer.trouble is not None:
        raise SettingsError(
            f"{place} does not let Leo in{f' ({answer.code})' if answer.code else ''}. Check user "
            "and password in LEO_SMTP_URL, and that the server offers STARTTLS."
        )
    signed_in = " and lets Leo in" if server.user else ""
    return f"{place} answers{signed_in}; mails come from {sender.addr_spec}"


def _single_sign_on(settings: Settings) -> str:
    provider = service.provider(settings)
    if provider is None:
        return "not set up; HR signs in by password (LEO_OIDC_ISSUER changes it)"
    try:
        provider.discover()
    except Refused as refused:
        page = f"{settings.oidc_issuer}/.well-known/openid-configuration"
        found = (
            f"cannot be read ({type(refused.__cause__).__name__})"
            if refused.__cause__
            else "names another issuer, or lacks an address that Leo needs"
        )
        raise SettingsError(f"{page} {found}. Check LEO_OIDC_ISSUER, and the network.") from None
    return f"{settings.oidc_issuer} answers; the way back is {settings.console_root}{BACK}"


def _finding(name: str, check: Callable[[Settings], str], settings: Settings) -> Line:
    try:
        return Line(True, f"{name}: {check(settings)}")
    except LeoError as error:
        return Line(False, f"{name}: {error}")
    except OSError as error:
        return Line(False, f"{name}: {error.filename} cannot be used: {error.strerror}.")
