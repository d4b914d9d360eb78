"""The one place where the parts are put together. Only entry points import it."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from bot.errors import KeyMismatch
from bot.settings import ROOT, Settings
from bot.store import database, vault
from bot.store.unit_of_work import units_of_work
from bot.texts.catalogue import Catalogue
from bot.texts.practices import load_library
from bot.usecases.records import InboxItem
from bot.usecases.turn import Deps

DATA = ROOT / "data"


@dataclass(frozen=True)
class House:
    """A Leo put together: its use cases' dependencies, its texts, its loopback token."""

    settings: Settings
    deps: Deps
    texts: Catalogue
    engine: Engine
    loopback_token: str


def house(settings: Settings) -> House:
    """Open the database with its key and build what the use cases need.

    Raises DatabaseUnusable, KeyMismatch, PracticeError or SettingsError, before anything is
    changed.
    """
    library = load_library(DATA)
    engine = open_database(settings)
    texts = Catalogue()
    deps = Deps(units_of_work(engine), texts, library, settings.zone)
    return House(settings, deps, texts, engine, loopback_token(settings))


def open_database(settings: Settings) -> Engine:
    """Return the database, opened with the right key and with its tables up to date."""
    engine = database.connect(settings.database)
    database.make_room(engine)
    database.unlock(engine, open_vault(settings, engine))
    database.upgrade(engine)
    return engine


def open_vault(settings: Settings, engine: Engine) -> vault.Vault:
    """Return the vault with the keys of the settings or of the key file; make a first key.

    Raises KeyMismatch when the database was sealed and no key is at hand.
    """
    if settings.encryption_keys:
        return vault.Vault(settings.encryption_keys.get_secret_value().replace(",", " ").split())
    if settings.key_file.exists():
        return vault.Vault.at(settings.key_file)
    if database.is_sealed(engine):
        raise KeyMismatch(
            f"The database holds encrypted words, but the key file {settings.key_file} is missing "
            "and LEO_ENCRYPTION_KEYS is not set. Put the key file back from your backup. "
            "Nothing was changed."
        )
    vault.write_keys(settings.key_file, [vault.new_key()])
    return vault.Vault.at(settings.key_file)


def inspect_database(settings: Settings) -> str:
    """Return in a line how the database is; changes nothing. Raises what `house` raises."""
    engine = database.connect(settings.database)
    where = engine.url.render_as_string(hide_password=True)
    if not database.exists(engine):
        return f"{where} will be made on the first start"
    if settings.encryption_keys or settings.key_file.exists() or database.is_sealed(engine):
        database.unlock(engine, open_vault(settings, engine))
    if not database.is_current(engine):
        return f"{where} will be brought up to date on the next start (or by `leo db upgrade`)"
    failed = len(_failed_updates(engine))
    aside = f"; {failed} messages set aside: `leo inbox retry`" if failed else ""
    return f"{where} opens with the key and is up to date{aside}"


def _failed_updates(engine: Engine) -> list[InboxItem]:
    with units_of_work(engine)() as uow:
        return uow.inbox_failed()


def rotate_keys(settings: Settings) -> str:
    """Encrypt every word anew with the newest key; return what was done.

    With a key file, a fresh key is made, and the old ones go once nothing needs them. With
    LEO_ENCRYPTION_KEYS the first key there is the newest.
    """
    engine = open_database(settings)
    if settings.encryption_keys:
        count = database.reseal(engine, open_vault(settings, engine))
        return f"{count} values are encrypted with the first key; the other keys can go."
    known = settings.key_file.read_text().split()
    fresh = [vault.new_key(), *known]
    vault.write_keys(settings.key_file, fresh)
    count = database.reseal(engine, vault.Vault(fresh))
    vault.write_keys(settings.key_file, fresh[:1])
    return f"{count} values are encrypted with a fresh key; {settings.key_file} holds it alone."


def loopback_token(settings: Settings) -> str:
    """Return what Leo's parts show each other; made on the first start, readable by its owner."""
    if settings.loopback_token:
        return settings.loopback_token.get_secret_value()
    path = settings.data_dir / "loopback.token"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_private(path, secrets.token_urlsafe(32))
    return path.read_text().strip()


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
