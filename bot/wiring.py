"""The one place where the parts are put together. Only entry points import it."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from sqlalchemy import Engine

from bot.coaching.practice import Form
from bot.coaching.programme import Programme
from bot.coaching.rhythm import OFF
from bot.errors import KeyMismatch, LeoError, SettingsError
from bot.nudges.public_holidays import is_holiday
from bot.settings import ROOT, Settings
from bot.store import database, private_files, trouble, vault
from bot.store.figures import console_units
from bot.store.grants import inspect_console
from bot.store.passwords import Argon2Passwords
from bot.store.unit_of_work import units_of_work
from bot.texts.catalogue import Catalogue
from bot.texts.places import load_places
from bot.texts.practices import load_library
from bot.texts.programmes import load_programmes
from bot.texts.support import load_support
from bot.usecases.accounts import invite
from bot.usecases.hr import THE_SHELL, HrDeps
from bot.usecases.ports import Library
from bot.usecases.records import HrRole, InboxItem
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


def house(settings: Settings, data: Path = DATA) -> House:
    """Open the database with its key and build what the use cases need, with the files in `data`.

    Raises DatabaseUnusable, KeyMismatch, PracticeError, SupportError or SettingsError, before
    anything is changed.
    """
    library = read_library(settings, data)
    programmes = load_programmes(data, library)
    support = load_support(DATA, settings.support_contacts)
    engine = open_database(settings)
    texts = Catalogue(minimum=settings.minimum_group)
    deps = Deps(
        units_of_work(engine),
        texts,
        library,
        settings.zone,
        programmes,
        support,
        settings.check_in,
        open_to_all=settings.open,
        minimum=settings.minimum_group,
        default_programme=_default_programme(settings, programmes),
        is_holiday=is_holiday,
        places=cache(partial(load_places, DATA)),
    )
    return House(settings, deps, texts, engine, loopback_token(settings))


def read_library(settings: Settings, data: Path = DATA) -> Library:
    """Return the practices below `data`, by id.

    Raises PracticeError, and SettingsError when the check-in that is set is none of them.
    """
    library = load_library(data)
    known = [practice.id for practice in library.values() if practice.form is Form.CHECK_IN]
    if settings.check_in not in known:
        raise SettingsError(
            f"LEO_CHECK_IN is “{settings.check_in}”, which is no file in data/check-ins. "
            f"There is: {', '.join(known)}."
        )
    return library


def hr(settings: Settings) -> HrDeps:
    """Return what HR's use cases work with, on the database as the settings name it."""
    return _hr(settings, open_database(settings))


def console(settings: Settings) -> HrDeps:
    """Return what the console works with: by its own role, if one is set, and no other."""
    own = settings.console_database_url
    if own is None:
        return hr(settings)
    engine = database.connect(own.get_secret_value())
    database.unlock(engine, open_vault(settings, engine))
    return _hr(settings, engine)


def _hr(settings: Settings, engine: Engine) -> HrDeps:
    library = load_library(DATA)
    return HrDeps(
        console_units(engine),
        Argon2Passwords(),
        load_programmes(DATA, library),
        settings.minimum_group,
        {practice.id: practice.title for practice in library.values()},
        load_support(DATA, settings.support_contacts),
    )


def _default_programme(settings: Settings, programmes: Mapping[str, Programme]) -> str | None:
    """Return the programme of those whom nobody enrolled. Raises SettingsError."""
    if settings.programme == OFF or not programmes:
        return None
    if settings.programme not in programmes:
        raise SettingsError(
            f"LEO_PROGRAMME: there is no programme “{settings.programme}”. "
            f"Choose one of {', '.join(programmes)}, or “{OFF}”."
        )
    return settings.programme


def open_database(settings: Settings) -> Engine:
    """Return the database, opened with the right key and with its tables up to date."""
    return _open(settings)[0]


def _open(settings: Settings, *, alone: bool = False) -> tuple[Engine, vault.Vault]:
    engine = database.connect(settings.database)
    try:
        database.make_room(engine)
        opened = open_vault(settings, engine, alone=alone)
        database.unlock(engine, opened)
        database.upgrade(engine)
        database.check_writable(engine)
    except LeoError:
        engine.dispose()
        raise
    return engine, opened


def open_vault(settings: Settings, engine: Engine, *, alone: bool = False) -> vault.Vault:
    """Return the vault with the keys of the settings or of the key file; make a first key.

    Raises KeyMismatch when the database was sealed and no key is at hand, and SettingsError
    when a key is no key, or when a running Leo holds the key file and it is wanted `alone`.
    """
    if settings.encryption_keys:
        return vault.Vault(settings.encryption_keys.get_secret_value().replace(",", " ").split())
    # Asked before the file is looked for: a first start next door makes the file, then the seal.
    sealed, file = database.is_sealed(engine), settings.key_file
    if not file.exists():
        if sealed:
            raise KeyMismatch(
                f"The database holds encrypted words, but the key file {file} is missing and "
                "LEO_ENCRYPTION_KEYS is not set. Put the key file back from your backup. "
                "Nothing was changed."
            )
        vault.make_first_key(file)
    return vault.Vault.at(file, alone=alone)


def inspect_database(settings: Settings) -> str:
    """Return in a line how the database is; changes nothing. Raises what `house` raises."""
    engine = database.connect(settings.database)
    try:
        return f"{trouble.place(engine)} {_state_of(settings, engine)}"
    finally:
        engine.dispose()


def _state_of(settings: Settings, engine: Engine) -> str:
    if not database.exists(engine):
        return "will be made on the first start"
    if settings.encryption_keys or settings.key_file.exists() or database.is_sealed(engine):
        database.unlock(engine, open_vault(settings, engine))
    if not database.is_current(engine):
        return "will be brought up to date on the next start (or by `leo db upgrade`)"
    database.check_writable(engine)
    failed = len(_failed_updates(engine))
    aside = f"; {failed} messages set aside: `leo inbox retry`" if failed else ""
    return f"opens with the key and is up to date{aside}"


def _failed_updates(engine: Engine) -> list[InboxItem]:
    with units_of_work(engine)() as uow:
        return uow.inbox_failed()


def inspect_administrators(settings: Settings) -> str:
    """Return in a line who may sign in to the console; changes nothing. Raises as `house` does."""
    engine = database.connect(settings.database)
    try:
        if not database.exists(engine) or not database.is_current(engine):
            return "nobody can sign in yet; once Leo has started: `leo hr invite EMAIL`"
        # Accounts are not sealed: no key is asked for.
        users = invite.users(_hr(settings, engine), THE_SHELL)
    finally:
        engine.dispose()
    administrators = [user for user in users if user.role is HrRole.ADMINISTRATOR]
    if not administrators:
        return "there is no administrator; `leo hr invite EMAIL` lets the first one in"
    waiting = sum(user.password_hash is None for user in administrators)
    without = f", {waiting} of them without a password yet" if waiting else ""
    return f"{len(administrators)} administrators{without}; {len(users)} people in all"


def inspect_console_role(settings: Settings) -> str:
    """Return in a line how the console reaches the database; raises as `house` does."""
    own = settings.console_database_url
    engine = database.connect(own.get_secret_value() if own else settings.database)
    try:
        if own is not None:
            return inspect_console(engine)
        if engine.dialect.name == "postgresql":
            return "Leo's own role; `leo db grant-console` gives it one that cannot read words"
        return "SQLite has no roles; the code alone keeps the console from words"
    finally:
        engine.dispose()


def rotate_keys(settings: Settings) -> str:
    """Encrypt every word anew with the newest key; return what was done.

    With a key file, a fresh key is made, and the old ones go once nothing needs them. With
    LEO_ENCRYPTION_KEYS the first key there is the newest. Raises SettingsError while a Leo runs
    with the key file: it would go on to write with a key that is gone afterwards.
    """
    engine, opened = _open(settings, alone=True)
    try:
        if settings.encryption_keys:
            count = database.reseal(engine, opened)
            return f"{count} values are encrypted with the first key; the other keys can go."
        fresh = [vault.new_key(), *opened.keys]
        vault.write_keys(settings.key_file, fresh)
        count = database.reseal(engine, vault.Vault(fresh))
        vault.write_keys(settings.key_file, fresh[:1])
        return f"{count} values are encrypted with a fresh key; {settings.key_file} holds it alone."
    finally:
        engine.dispose()


def loopback_token(settings: Settings) -> str:
    """Return what Leo's parts show each other; made on the first start, readable by its owner."""
    if settings.loopback_token:
        return settings.loopback_token.get_secret_value()
    path = settings.data_dir / "loopback.token"
    if not path.exists():
        private_files.create(path, secrets.token_urlsafe(32))
    return path.read_text().strip()
