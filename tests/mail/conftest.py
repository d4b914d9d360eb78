"""A Leo with a cohort whose people have addresses, and a mail server."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.headerregistry import Address
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.mail.postman import Postman
from bot.service import mail_writer
from bot.store import database
from bot.store.figures import console_units
from bot.store.vault import Vault, new_key
from bot.texts.mail import MailTexts
from bot.usecases.cohorts import create, mails, roster
from bot.usecases.cohorts.mails import Post, Standing
from bot.usecases.hr import THE_SHELL, HrDeps
from tests.console.conftest import COHORT, PROGRAMMES, START, QuickPasswords
from tests.mail.server import MailServer, mail_server

LINK = "https://t.me/leo_bot?start="


@dataclass
class Desk:
    """HR at work with mails, and the postman."""

    deps: HrDeps
    engine: Engine
    server: MailServer
    now: datetime = START
    cohort_id: int = 0
    # What the postman signs in with, if anything.
    user: str | None = None
    password: str | None = None

    def enrols(self, *people: tuple[str, str, str]) -> None:
        """Put people with (name, address, language) on the list."""
        lines = [
            roster.Line(number, {"name": name, "email": email, "language": language})
            for number, (name, email, language) in enumerate(people, start=2)
        ]
        roster.enrol(self.deps, THE_SHELL, self.cohort_id, lines, self.now)

    def sends(self) -> int:
        """Queue a mail for each who needs one."""
        return mails.send_all(self.deps, THE_SHELL, self.cohort_id, LINK.__add__, self.now)

    def sends_one(self, name: str) -> None:
        mails.send_one(self.deps, THE_SHELL, self[name].member_id, LINK.__add__, self.now)

    def looks(self) -> Post:
        return mails.look(self.deps, THE_SHELL, self.cohort_id, self.now)

    def __getitem__(self, name: str) -> Standing:
        return next(one for one in self.looks().people if one.name == name)

    def postman(self) -> Postman:
        """Return a fresh postman, as after a restart."""
        return Postman(
            console_units(self.engine),
            replace(self.server.address, user=self.user, password=self.password),
            Address("Leo", "leo", "example.org"),
            mail_writer(MailTexts()),
            lambda: self.now,
        )

    def later(self, **passed: float) -> None:
        self.now += timedelta(**passed)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def desk(tmp_path: Path, server: MailServer) -> Iterator[Desk]:
    engine = database.connect(f"sqlite:///{tmp_path / 'leo.db'}")
    database.unlock(engine, Vault([new_key()]))
    database.upgrade(engine)
    deps = HrDeps(console_units(engine), QuickPasswords(), PROGRAMMES, 5)
    desk = Desk(deps, engine, server)
    desk.cohort_id = create.create(deps, THE_SHELL, create.Wanted(**COHORT), START)
    yield desk
    engine.dispose()
