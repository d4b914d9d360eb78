"""The settings: `LEO_*` in the environment or in `.env`."""

import re
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path
from typing import Annotated
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SettingsError
from bot.privacy.groups import DEFAULT_MINIMUM, LEAST_MINIMUM

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "LEO_"

type Port = Annotated[int, Field(ge=1, le=65535)]


@dataclass(frozen=True)
class SmtpServer:
    """A mail server. With `encrypted`, the connection is so from its first byte on."""

    host: str
    port: int
    encrypted: bool
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @property
    def is_here(self) -> bool:
        """Tell whether it is on this machine."""
        return self.host in _HERE


_HERE = ("localhost", "127.0.0.1", "::1")


def _address(text: str) -> Address:
    mail = EmailMessage()
    try:
        mail["From"] = text
        [address] = mail["From"].addresses
    except (HeaderParseError, ValueError):
        address = Address()
    if not (address.username and "." in address.domain) or mail["From"].defects:
        raise ValueError("this is no sender, such as Leo <leo@example.org>")
    domain = address.domain.encode("idna").decode()
    return Address(address.display_name, address.username, domain)


def _smtp_server(url: str) -> SmtpServer:
    try:
        parts = urlsplit(url)
        named = parts.scheme in ("smtp", "smtps") and parts.hostname
        given_port = parts.port
    except ValueError:  # Its words may hold a part of the password.
        named = None
    if not named:
        raise ValueError(
            "this names no mail server, such as smtp://user:password@host:587 "
            "(in user and password, write @ as %40, : as %3A, / as %2F)"
        )
    encrypted = parts.scheme == "smtps"
    port = given_port or (465 if encrypted else 587)
    user, password = (unquote(part) if part else None for part in (parts.username, parts.password))
    return SmtpServer(str(parts.hostname), port, encrypted, user, password)


class Settings(BaseSettings):
    """Everything an operator can set. The descriptions are what `leo doctor` prints."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_ignore_empty=True, extra="ignore"
    )

    telegram_token: SecretStr | None = Field(
        None, description="The bot's token from @BotFather; without it Leo talks in the terminal."
    )
    telegram_api_url: str = Field(
        "https://api.telegram.org", description="The root of the Bot API server."
    )
    telegram_webhook_url: str | None = Field(
        None, description="Public https address that leads to this Leo; without it Leo polls."
    )
    telegram_webhook_secret: SecretStr | None = Field(
        None, description="What Telegram proves itself with; needed with the webhook."
    )
    telegram_rate: Annotated[float, Field(gt=0)] = Field(
        28.5, description="Messages a second that Leo sends at most; Telegram allows about 30."
    )
    database_url: SecretStr | None = Field(
        None, description="SQLite or PostgreSQL; default: leo.db in the data folder."
    )
    data_dir: Path = Field(
        Path("var"), description="Where the database, keys, models and logs lie."
    )
    encryption_keys: SecretStr | None = Field(
        None, description="Keys for the words, newest first, with commas; default: a key file."
    )
    console_host: str = Field(
        "127.0.0.1", description="Where the console, /healthz and the webhook listen."
    )
    console_port: Port = Field(8080, description="Their port.")
    console_url: str | None = Field(
        None, description="The address people open the console by; default: host and port."
    )
    console_database_url: SecretStr | None = Field(
        None, description="The database by the console's own role (`leo db grant-console`)."
    )
    dialogue_port: Port = Field(5005, description="The Rasa server's port, on loopback.")
    actions_port: Port = Field(5055, description="The action server's port, on loopback.")
    loopback_token: SecretStr | None = Field(
        None, description="What the parts of Leo show each other; default: made in the data folder."
    )
    sentence_model: str | None = Field(
        None,
        description="A sentence-transformers model, as a folder or a hub's name, to understand "
        "more; needs `make sentences`.",
    )
    support_contacts: Path | None = Field(
        None, description="YAML file of your organisation's contacts for people in distress."
    )
    check_in: str = Field(
        "weekly", description="The weekly check-in: the id of a file in data/check-ins."
    )
    programme: str = Field(
        "first-eight-weeks",
        description="The programme of people whom nobody enrolled; off: they get no nudges.",
    )
    zone: str = Field("UTC", description="The time zone of people who have named none (IANA name).")

    smtp_url: SecretStr | None = Field(
        None,
        description="The mail server for invitations, smtp://user:password@host:587 or smtps://….",
    )
    mail_from: str | None = Field(
        None, description="The sender of Leo's mails, such as Leo <leo@example.org>."
    )

    oidc_issuer: str | None = Field(
        None, description="Your organisation's OpenID provider, for single sign-on of HR."
    )
    oidc_client_id: str | None = Field(None, description="What that provider calls Leo.")
    oidc_client_secret: SecretStr | None = Field(
        None, description="What Leo proves itself with there."
    )
    password_sign_in: bool = Field(
        True, description="Whether HR may sign in by password; false: by single sign-on only."
    )

    minimum_group: Annotated[int, Field(ge=LEAST_MINIMUM)] = Field(
        DEFAULT_MINIMUM, description="Of fewer people HR is shown no figure; never below 3."
    )
    open: bool = Field(True, description="Whether people without an invitation may use Leo.")

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, OSError, ValueError):
            raise ValueError("this is no IANA time zone, such as Europe/Paris") from None
        return zone

    @field_validator("smtp_url")
    @classmethod
    def _names_a_mail_server(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None:
            _smtp_server(url.get_secret_value())
        return url

    @field_validator("oidc_issuer")
    @classmethod
    def _safe_to_ask(cls, issuer: str | None) -> str | None:
        parts = urlsplit(issuer or "https://none")
        if not parts.hostname or not (
            parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)
        ):
            raise ValueError("this is no https address, such as https://login.example.org")
        return issuer

    @field_validator("mail_from")
    @classmethod
    def _can_be_written_to(cls, sender: str | None) -> str | None:
        if sender is not None:
            _address(sender)
        return sender

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _usable_secret(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret.get_secret_value()):
            raise ValueError("Telegram takes 1 to 256 of A-Z a-z 0-9 _ - only")
        return secret

    @property
    def database(self) -> str:
        """Return the database's URL, with its password."""
        if self.database_url:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.data_dir.resolve() / 'leo.db'}"

    @property
    def smtp(self) -> SmtpServer | None:
        """Return the mail server, or None."""
        return _smtp_server(self.smtp_url.get_secret_value()) if self.smtp_url else None

    @property
    def sender(self) -> Address | None:
        """Return who Leo's mails come from, or None."""
        return _address(self.mail_from) if self.mail_from else None

    @property
    def console_root(self) -> str:
        """Return the address people open the console by, without a slash at its end."""
        own = f"http://{self.console_host}:{self.console_port}"
        return (self.console_url or own).rstrip("/")

    @property
    def key_file(self) -> Path:
        """Return where the encryption keys lie when no setting gives them."""
        return self.data_dir / "encryption.keys"

    @property
    def logs_dir(self) -> Path:
        """Return where the children write their logs."""
        return self.data_dir / "logs"

    def secrets(self) -> list[str]:
        """Return every secret value that is set, to keep it out of logs."""
        values = (getattr(self, name) for name in type(self).model_fields)
        return [value.get_secret_value() for value in values if isinstance(value, SecretStr)]


def load() -> Settings:
    """Read the settings. Raises SettingsError naming each wrong one and how to mend it."""
    try:
        settings = Settings()
    except ValidationError as error:
        lines = [
            f"{PREFIX}{'_'.join(str(part) for part in problem['loc']).upper()}: "
            f"{problem['msg'].removeprefix('Value error, ')}."
            for problem in error.errors()
        ]
        raise SettingsError("\n".join(lines)) from None
    except UnicodeDecodeError:
        raise SettingsError("The file .env is not readable text (UTF-8).") from None
    if settings.telegram_webhook_url and not settings.telegram_webhook_secret:
        raise SettingsError(
            "LEO_TELEGRAM_WEBHOOK_URL is set without LEO_TELEGRAM_WEBHOOK_SECRET. "
            "Choose a long random secret (A-Z a-z 0-9 _ -), so that only Telegram is believed."
        )
    oidc = (settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret)
    if any(oidc) and not all(oidc):
        raise SettingsError(
            "Single sign-on takes all of LEO_OIDC_ISSUER, LEO_OIDC_CLIENT_ID and "
            "LEO_OIDC_CLIENT_SECRET; set what is missing, or none of them."
        )
    if not settings.password_sign_in and not all(oidc):
        raise SettingsError(
            "LEO_PASSWORD_SIGN_IN is false, and single sign-on is not set up: nobody could sign "
            "in. Set LEO_OIDC_ISSUER and its two companions, or leave passwords on."
        )
    if settings.smtp_url and not settings.mail_from:
        raise SettingsError(
            "LEO_SMTP_URL is set without LEO_MAIL_FROM. Set it to the sender of Leo's mails, such "
            "as Leo <leo@example.org>; a mailbox that somebody reads, for what comes back later."
        )
    return settings
