"""An erasure on request: every row goes, it is counted anew, and the receipt names nobody."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Engine, select

from bot.store import database
from bot.store.figures import console_units
from bot.store.tables import erasure as erasure_table
from bot.store.tables import metadata
from bot.store.types import Sealed
from bot.store.unit_of_work import SqlUnitOfWork, units_of_work
from bot.store.vault import Vault, new_key
from bot.usecases.cohorts import erasure
from bot.usecases.deliver import Outcome, hand_out
from bot.usecases.erase import NotErased, erase_asked
from bot.usecases.hr import THE_SHELL, HrDeps
from bot.usecases.ports import OpenUnitOfWork, UnitOfWork
from bot.usecases.records import Invitation, Member, OutboxState, Person
from tests.console.conftest import PROGRAMMES, QuickPasswords
from tests.store import make
from tests.store.chat import deps_for
from tests.store.make import CHAT, HOUR, NOW, known, rows
from tests.store.test_unit_of_work import everything

ROOT = Path(__file__).parents[2]
# What is HR's, the operator's or nobody's: none of it leads to a person.
NOBODYS = {
    *("audit", "cohort", "contact", "erasure", "lease", "seal", "tally"),
    *("letter", "letter_test"),
    *("hr_user", "hr_access", "hr_link", "hr_session", "hr_attempt", "hr_sign_on"),
}


def hr(engine: Engine) -> HrDeps:
    return HrDeps(console_units(engine), QuickPasswords(), PROGRAMMES, 5)


def enrolled(uow: UnitOfWork, *, address: str, number: int, cohort: str = "Lyon") -> Member:
    """Somebody with a row in every table that leads to a person."""
    member = make.member(uow, everything(uow, address=address, number=number), cohort=cohort)
    member.email = f"{address}@example.org"
    make.keep(uow, Invitation(known(member.id), f"hash {number}", NOW, NOW + HOUR))
    return member


def ask(engine: Engine, member: Member, reference: str = "L-1") -> int:
    return erasure.ask(hr(engine), THE_SHELL, known(member.id), "ana ruiz", reference, NOW)


def test_nothing_is_left(open_uow: OpenUnitOfWork, engine: Engine) -> None:
    """All rows that lead to somebody go; of everybody else, and of ended weeks, all stays."""
    with open_uow() as uow:
        enrolled(uow, address="7", number=1)
    before = rows(engine)
    with open_uow() as uow:
        member = enrolled(uow, address="42", number=2)
    number = ask(engine, member)
    assert erase_asked(deps_for(open_uow), NOW + HOUR) == 1
    after = rows(engine)
    farewell = after.pop("outbox") - before.pop("outbox")
    audit, receipts = after.pop("audit"), after.pop("erasure")
    left = after.pop("tally")
    assert (after, farewell, audit, receipts, left) == (before, 1, 2, 1, 1)
    receipt = erasure.receipt(hr(engine), THE_SHELL, number)
    assert (receipt.done_at, receipt.member_id) == (NOW + HOUR, None)
    assert receipt.removed == {"member": 1, "invitation": 1, "mail": 0}
    assert erase_asked(deps_for(open_uow), NOW + HOUR) == 0


def test_every_table_is_looked_through(open_uow: OpenUnitOfWork, engine: Engine) -> None:
    """The receipt lists each table that can lead to a person, and has words for it."""
    with open_uow() as uow:
        member = make.member(uow)
    number = ask(engine, member)
    erase_asked(deps_for(open_uow), NOW)
    checked = set(erasure.receipt(hr(engine), THE_SHELL, number).checked)
    assert checked == {table.name for table in metadata.sorted_tables} - NOBODYS
    for language in ("en", "fr"):
        file = ROOT / "bot" / "texts" / language / "console.yml"
        words = yaml.safe_load(file.read_text(encoding="utf-8"))
        assert {f"rows_{name}" for name in checked} <= words.keys()


@pytest.mark.parametrize("broken", ["erase_person", "erase_entries"])
def test_what_is_left_is_found(
    open_uow: OpenUnitOfWork, engine: Engine, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    """Were anything left, nothing is changed and no receipt written; others are still erased."""
    with open_uow() as uow:
        first = enrolled(uow, address="42", number=1)
        second = make.member(uow, cohort="Nice")
        second.email = "other@example.org"
    numbers = [ask(engine, first), ask(engine, second)]
    before = rows(engine)

    def forget(uow: SqlUnitOfWork, what: Any) -> None:
        """Leave the first one’s rows where they are."""
        if isinstance(what, Person):
            return uow._session.expunge(what)
        if what[0].id != first.id:
            kept(uow, what)

    kept = getattr(SqlUnitOfWork, broken)
    with monkeypatch.context() as patch:
        patch.setattr(SqlUnitOfWork, broken, forget)
        with pytest.raises(NotErased, match=f"Erasure {numbers[0]}: rows are left"):
            erase_asked(deps_for(open_uow), NOW)
    deps_of = hr(engine)
    done = [erasure.receipt(deps_of, THE_SHELL, one).done_at for one in numbers]
    assert done == [None, NOW]
    after = rows(engine)
    assert (after["answer"], after["person"], after["member"]) == (
        before["answer"],
        before["person"],
        before["member"] - 1,
    )
    assert erase_asked(deps_for(open_uow), NOW) == 1
    assert "answer" not in rows(engine)


def test_all_entries_of_one_person_go(open_uow: OpenUnitOfWork, engine: Engine) -> None:
    """Where somebody was moved, came twice by one address or by one chat, each entry goes."""
    with open_uow() as uow:
        ana = make.person(uow)
        member = make.member(uow, ana)
        former = make.member(uow, cohort="Nice")
        former.email, former.left_at, member.former_id = None, NOW, known(former.id)
        by_chat = make.member(uow, ana, cohort="Paris")
        by_chat.email = "another@example.org"
        by_address = make.member(uow, cohort="Metz")
        by_address.email = "another@example.org"
        other = make.member(uow, cohort="Metz")
        other.email = "else@example.org"
    deps_of = hr(engine)
    asked = erasure.consider(deps_of, THE_SHELL, known(member.id))
    assert [cohort for cohort, _ in asked.entries] == ["Lyon", "Nice", "Paris", "Metz"]
    number = ask(engine, by_address)
    erase_asked(deps_for(open_uow), NOW)
    assert rows(engine)["member"] == 1
    assert erasure.receipt(deps_of, THE_SHELL, number).removed["member"] == 4


def test_who_only_followed_the_link(open_uow: OpenUnitOfWork, engine: Engine) -> None:
    """Somebody who has a link and has not yet agreed is gone, too, with their chat number."""
    with open_uow() as uow:
        member = make.member(uow)
        link = make.keep(uow, Invitation(known(member.id), "hash", NOW, NOW + HOUR))
        make.keep(uow, Person(*CHAT, consent_version="1-fr", invitation_id=link.id))
    ask(engine, member)
    erase_asked(deps_for(open_uow), NOW)
    assert "person" not in rows(engine) and "invitation" not in rows(engine)


def test_who_is_told(open_uow: OpenUnitOfWork, engine: Engine) -> None:
    """One message is written, with what went and the receipt's number; none to who blocked Leo."""
    with open_uow() as uow:
        ana = enrolled(uow, address="42", number=1)
        bo = make.person(uow, address="43", blocked_at=NOW, language="fr")
        blocked = make.member(uow, bo, cohort="Nice")
        blocked.email = "bo@example.org"
        make.update(uow, 9, address="42")
    numbers = [ask(engine, ana), ask(engine, blocked)]
    erase_asked(deps_for(open_uow), NOW)
    with open_uow() as uow:
        [farewell] = uow.outbox_for(*CHAT)
        assert farewell.body is not None and farewell.person_id is None and not farewell.keep
        html = farewell.body["html"]
        assert farewell.body["erased"]
        assert f"number {numbers[0]}," in html and "answers: 1, steps: 1, nicknames: 1" in html
        assert uow.outbox_for("telegram", "43") == []
        # What they wrote before is not answered any more.
        assert uow.inbox_pending(*CHAT) is None


def test_who_erased_themselves_before_looks_the_same(
    open_uow: OpenUnitOfWork, engine: Engine
) -> None:
    """The receipt does not tell whether somebody was silent, or had deleted all themselves."""
    with open_uow() as uow:
        talkative = enrolled(uow, address="42", number=1)
        gone = enrolled(uow, address="43", number=2, cohort="Nice")
        person = uow.person("telegram", "43")
        assert person is not None
        uow.erase_person(person)
    numbers = [ask(engine, talkative), ask(engine, gone)]
    erase_asked(deps_for(open_uow), NOW)
    one, other = (erasure.receipt(hr(engine), THE_SHELL, number) for number in numbers)
    assert (one.removed, one.checked) == (other.removed, other.checked)


def test_the_receipt_names_nobody(open_uow: OpenUnitOfWork, engine: Engine) -> None:
    """Of what stays, neither receipt nor log holds name, address, chat or entry of the person."""
    with open_uow() as uow:
        member = enrolled(uow, address="4242424242", number=1)
    ask(engine, member)
    erase_asked(deps_for(open_uow), NOW)
    with engine.connect() as connection:
        [row] = connection.execute(select(erasure_table)).mappings()
    kept = json.dumps(dict(row), default=str).casefold()
    for trace in ("ana", "ruiz", "4242424242"):
        assert trace not in kept
    assert row["member_id"] is None


def test_not_a_byte_is_left(tmp_path: Path) -> None:
    """On SQLite neither a sealed word nor the address is in a file once the farewell is sent."""
    engine = database.connect(f"sqlite:///{tmp_path / 'leo.db'}")
    database.unlock(engine, Vault([new_key()]))
    database.upgrade(engine)
    open_uow, address = units_of_work(engine), "chat-" + "9" * 30
    with open_uow() as uow:
        member = enrolled(uow, address=address, number=1)
    traces = [address.encode(), *sealed(engine)]
    engine.dispose()
    written = (tmp_path / "leo.db").read_bytes()
    assert len(traces) > 6 and all(trace in written for trace in traces)
    number = ask(engine, member)
    erase_asked(deps_for(open_uow), NOW)
    outcomes: list[Outcome] = []
    while parcels := hand_out(open_uow, "telegram", address, outcomes, NOW):
        outcomes = [Outcome(one, OutboxState.SENT, message_ref=1) for one in parcels]
    assert erasure.receipt(hr(engine), THE_SHELL, number).done_at == NOW
    engine.dispose()
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert [trace for trace in traces if trace in left] == []


def sealed(engine: Engine) -> list[bytes]:
    """Return every sealed value but the proof of the key, as it is written."""
    with engine.connect() as connection:
        return [
            bytes(value)
            for table in metadata.sorted_tables
            for column in table.columns
            if isinstance(column.type, Sealed) and table.name != "seal"
            for value in connection.exec_driver_sql(
                f"SELECT {column.name} FROM {table.name} WHERE {column.name} IS NOT NULL"
            ).scalars()
        ]
