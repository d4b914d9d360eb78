"""Somebody asks by mail for what Leo keeps of them, or to be gone from it."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.chat.terminal import address_of
from bot.store import database
from bot.usecases.arrive import arrive
from bot.usecases.inbox import MAX_ATTEMPTS, count_failure
from bot.usecases.messages import Incoming, Told
from tests.operator.conftest import WORDS, Operator
from tests.store.chat import Chat
from tests.store.make import rows

TITLE = {"en": "The best test", "fr": "Le meilleur test"}


def rows_of(operator: Operator) -> dict[str, int]:
    """Return how many rows the tables of this Leo have."""
    engine: Engine = database.connect(f"sqlite:///{operator.database}")
    try:
        return rows(engine)
    finally:
        engine.dispose()


@pytest.mark.parametrize(
    ("who", "channel", "name", "language"),
    [("42", "telegram", "Ana", "en"), (" kim ", "terminal", "Kim", "fr")],
)
def test_export(in_use: Operator, who: str, channel: str, name: str, language: str) -> None:
    """The page is in the person's language, the JSON file complete, and both are private."""
    to = in_use.folder / "for them"
    told = in_use.leo("person", "export", who, "--channel", channel, "--to", str(to)).success()
    page, data = to / "leo.html", to / "leo.json"
    assert told.splitlines() == [f"Written: {page}", f"Written: {data}"]
    html = page.read_text()
    assert f'lang="{language}"' in html
    assert TITLE[language] in html
    assert name in html
    everything = json.loads(data.read_text())
    assert everything["person"]["name"] == name
    assert everything["person"]["channel"] == channel
    assert everything["plans"][0]["words"] == WORDS[language]
    [run] = [run for run in everything["runs"] if run["practice"] == "best-test"]
    assert sum(answer["words"] == WORDS[language] for answer in run["answers"]) > 5
    others = WORDS["fr" if language == "en" else "en"]
    assert others not in html + data.read_text()
    assert {path.stat().st_mode & 0o777 for path in (page, data)} == {0o600}


def test_export_changes_nothing(in_use: Operator) -> None:
    """Nobody is told, and nothing is added, by an export."""
    before = rows_of(in_use)
    in_use.leo("person", "export", "42", "--channel", "telegram").success()
    assert rows_of(in_use) == before


def test_export_overwrites_nothing(in_use: Operator) -> None:
    """A file of an earlier export stays: it may be another person's."""
    in_use.leo("person", "export", "42", "--channel", "telegram").success()
    before = (in_use.folder / "leo.html").read_bytes()
    said = in_use.leo("person", "export", "Kim", "--channel", "terminal").refusal()
    assert "leo.html is there already" in said
    assert "--to" in said
    assert (in_use.folder / "leo.html").read_bytes() == before


def test_export_to_where_nobody_may_write(in_use: Operator) -> None:
    """A folder that cannot be written is named."""
    to = in_use.folder / "closed"
    to.mkdir(0o500)
    command = ["person", "export", "42", "--channel", "telegram", "--to", str(to)]
    assert str(to) in in_use.leo_as_anybody(*command).refusal()


@pytest.mark.parametrize("command", ["export", "erase"])
@pytest.mark.parametrize(
    ("who", "channel"), [("43", "telegram"), ("Kim", "telegram"), ("42", "terminal")]
)
def test_nobody(in_use: Operator, command: str, who: str, channel: str) -> None:
    """Somebody whom Leo does not know there is not made up."""
    before = rows_of(in_use)
    yes = ["--yes"] if command == "erase" else []
    said = in_use.leo("person", command, who, "--channel", channel, *yes).refusal()
    assert said == f"Leo knows nobody called “{who}” in {channel}."
    assert rows_of(in_use) == before
    assert not list(in_use.folder.glob("leo.*"))


@pytest.mark.parametrize(
    ("who", "channel", "other"),
    [
        ("42", "telegram", ("terminal", address_of("Kim"))),
        ("KIM", "terminal", ("telegram", "42")),
    ],
)
def test_erase(in_use: Operator, who: str, channel: str, other: tuple[str, str]) -> None:
    """After a yes nothing is left of the person, and the other one keeps everything."""
    done = in_use.leo("person", "erase", who, "--channel", channel, stdin="y\n")
    assert "Leo keeps nothing" in done.success()
    with in_use.inside() as deps, deps.open() as uow:
        person = uow.person(*other)
        assert person is not None
        assert person.id is not None
        assert len(uow.plans(person.id)) == 1
    assert rows_of(in_use)["person"] == 1
    assert rows_of(in_use)["plan"] == 1


@pytest.mark.parametrize("answer", ["n\n", "\n", ""])
def test_erase_not_confirmed(in_use: Operator, answer: str) -> None:
    """Without a yes nothing is removed."""
    before = in_use.files()
    done = in_use.leo("person", "erase", "42", "--channel", "telegram", stdin=answer)
    assert done.status == 1
    assert "Traceback" not in done.err
    assert in_use.files() == before


def test_erase_everything_at_the_address(operator: Operator) -> None:
    """What waits, what was set aside and what is on its way out go, too."""
    with operator.inside() as deps:
        chat = Chat(deps, address="987654321")
        chat.walk()
        failed = chat.come_in("This was set aside.")
        for _ in range(MAX_ATTEMPTS):
            count_failure(deps, Incoming("telegram", failed, "987654321", Told.TEXT), chat.clock)
        chat.come_in("This still waits.")
    left = {"inbox", "outbox", "person"} & set(rows_of(operator))
    assert left == {"inbox", "outbox", "person"}
    command = ["person", "erase", "987654321", "--channel", "telegram", "--yes"]
    operator.leo(*command).success()
    numbers_only = rows_of(operator)
    assert set(numbers_only) <= {"inbox"}
    raw = b"".join(Path(path).read_bytes() for path in operator.var.glob("leo.db*"))
    assert b"987654321" not in raw
    assert "knows nobody" in operator.leo(*command).refusal()


def test_export_before_consent(operator: Operator) -> None:
    """Of somebody who has not consented there is next to nothing, in the language they were met."""
    with operator.inside() as deps:
        Chat(deps, name="Ana", language="fr").do(arrive, "arrive", Told.COMMAND)
    operator.leo("person", "export", "42", "--channel", "telegram").success()
    everything = json.loads((operator.folder / "leo.json").read_text())
    assert everything["person"]["name"] is None
    assert everything["person"]["address"] == "42"
    assert [everything[part] for part in ("consents", "people_served", "runs", "plans")] == [[]] * 4
    assert 'lang="fr"' in (operator.folder / "leo.html").read_text()
