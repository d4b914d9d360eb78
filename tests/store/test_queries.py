"""Every question the use cases ask of the store."""

from dataclasses import asdict
from datetime import date

from bot.coaching.run import RunState
from bot.usecases.ports import OpenUnitOfWork
from bot.usecases.records import (
    Answer,
    Consent,
    InboxItem,
    InboxState,
    OutboxItem,
    OutboxState,
    Person,
    Plan,
    Run,
    Served,
)
from tests.store import make
from tests.store.make import CHAT, HOUR, NOW, ask, known


def test_every_field_comes_back(open_uow: OpenUnitOfWork) -> None:
    """What is written into a record is what is read from it, field by field."""
    with open_uow() as uow:
        person = make.keep(
            uow,
            Person(
                *CHAT,
                name="Zoé O’Neil",
                language="fr",
                zone="Europe/Paris",
                consent_version="1-fr",
                consented_at=NOW,
                refused_at=NOW - HOUR,
                blocked_at=NOW + HOUR,
                turns=9,
                question_id=5,
            ),
        )
        of = known(person.id)
        served = make.keep(uow, Served(of, "Théo 🌱", NOW))
        run = make.keep(
            uow,
            Run(
                of,
                "best-test",
                "plan",
                NOW,
                NOW + HOUR,
                state=RunState.FINISHED,
                about_id=served.id,
                asks=2,
                ended_at=NOW + HOUR,
            ),
        )
        within = known(run.id)
        written = [
            person,
            served,
            run,
            make.keep(
                uow,
                Answer(
                    within,
                    "grown",
                    3,
                    NOW,
                    number=4,
                    choice="better",
                    words="« Ça va »\n\0",
                    day=date(2026, 3, 4),
                    message_ref=77,
                ),
            ),
            make.keep(uow, Plan(of, within, "If …, then …", NOW, due=date(2026, 3, 9))),
            make.keep(uow, Consent(of, "1-fr", "yes", NOW)),
            make.keep(
                uow,
                InboxItem(
                    "telegram",
                    8,
                    NOW,
                    address="42",
                    payload={"text": "é", "nested": [1, None, True]},
                    state=InboxState.FAILED,
                    attempts=5,
                    done_at=NOW,
                ),
            ),
            make.keep(
                uow,
                OutboxItem(
                    "telegram:8:0",
                    *CHAT,
                    NOW,
                    person_id=of,
                    body={"html": "<b>é</b>"},
                    state=OutboxState.UNSURE,
                    attempts=2,
                    sent_at=NOW,
                    message_ref=78,
                    keep=False,
                ),
            ),
        ]
        before = [asdict(record) for record in written]
    with open_uow() as uow:
        [message] = [uow.outbox(known(written[7].id))]
        read = [
            uow.person(*CHAT),
            *uow.served(of),
            *uow.runs(of),
            *uow.answers(within),
            *uow.plans(of),
            *uow.consents(of),
            *uow.inbox_failed(),
            message,
        ]
        after = [asdict(record) for record in read if record is not None]
    assert after == before


# --- inbox ------------------------------------------------------------------------------


def test_inbox(open_uow: OpenUnitOfWork) -> None:
    """An update is found by its channel and number."""
    with open_uow() as uow:
        make.update(uow, 1, payload={"text": "one"})
        make.update(uow, 2)
        make.keep(uow, InboxItem("terminal", 1, NOW, payload={"text": "another channel"}))
    assert ask(open_uow, lambda uow: uow.inbox("telegram", 1)).payload == {"text": "one"}
    assert ask(open_uow, lambda uow: uow.inbox("telegram", 3)) is None


def test_inbox_pending_keeps_the_order(open_uow: OpenUnitOfWork) -> None:
    """A chat's updates come by their numbers, in whatever order they were stored."""
    with open_uow() as uow:
        for number in (30, 10, 20):
            make.update(uow, number)
        make.update(uow, 1, address="another")
        make.update(uow, 2, state=InboxState.DONE)
        make.update(uow, 3, state=InboxState.FAILED)
        make.keep(uow, InboxItem("terminal", 4, NOW, address="42"))
    seen = []
    while item := ask(open_uow, lambda uow: uow.inbox_pending(*CHAT)):
        seen.append(item.update_id)
        with open_uow() as uow:
            done = uow.inbox(item.channel, item.update_id)
            assert done is not None
            done.state = InboxState.DONE
    assert seen == [10, 20, 30]


def test_inbox_failed(open_uow: OpenUnitOfWork) -> None:
    """What was set aside is listed by number; nothing else is."""
    with open_uow() as uow:
        make.update(uow, 3, state=InboxState.FAILED)
        make.update(uow, 1, state=InboxState.FAILED, address="another")
        make.update(uow, 2)
    failed = ask(open_uow, lambda uow: uow.inbox_failed())
    assert [item.update_id for item in failed] == [1, 3]


def test_forget_done_updates(open_uow: OpenUnitOfWork) -> None:
    """Only what was done before the time is forgotten, and it is counted."""
    with open_uow() as uow:
        make.update(uow, 1, state=InboxState.DONE, done_at=NOW - HOUR)
        make.update(uow, 2, state=InboxState.DONE, done_at=NOW)
        make.update(uow, 3, state=InboxState.FAILED, done_at=NOW - HOUR)
        make.update(uow, 4)
    assert ask(open_uow, lambda uow: uow.forget_done_updates(NOW)) == 1
    left = [n for n in range(1, 5) if ask(open_uow, lambda uow, n=n: uow.inbox("telegram", n))]
    assert left == [2, 3, 4]


# --- people and what they said ----------------------------------------------------------


def test_person(open_uow: OpenUnitOfWork) -> None:
    """A person is found by channel and address together."""
    with open_uow() as uow:
        make.person(uow)
        make.keep(uow, Person("terminal", "42", name="Kim"))
    assert ask(open_uow, lambda uow: uow.person("telegram", "42")).name == "Ana"
    assert ask(open_uow, lambda uow: uow.person("terminal", "42")).name == "Kim"
    assert ask(open_uow, lambda uow: uow.person("telegram", "43")) is None


def test_served(open_uow: OpenUnitOfWork) -> None:
    """The one named last comes first; of two at the same time, the newer."""
    with open_uow() as uow:
        person = make.person(uow)
        make.served(uow, person, nickname="Ida", at=NOW + HOUR)
        make.served(uow, person, nickname="Theo")
        make.served(uow, person, nickname="Maya")
        make.served(uow, make.person(uow, address="7"), nickname="Somebody else’s")
    found = ask(open_uow, lambda uow: uow.served(known(person.id)))
    assert [served.nickname for served in found] == ["Ida", "Maya", "Theo"]


def test_runs(open_uow: OpenUnitOfWork) -> None:
    """The open run is the one opened last; the latest of some states is the one touched last."""
    with open_uow() as uow:
        person = make.person(uow)
        of = known(person.id)
        open_one = make.run(uow, person)
        rested = make.run(uow, person, state=RunState.RESTED, at=NOW + HOUR)
        over = make.run(uow, person)
        dropped = make.run(uow, person, state=RunState.DROPPED, at=NOW + 2 * HOUR)
        make.run(uow, make.person(uow, address="7"))
    with open_uow() as uow:
        assert known(uow.active_run(of).id) == over.id
        assert [run.id for run in uow.runs(of)] == [open_one.id, rested.id, over.id, dropped.id]
        assert uow.latest_run(of, (RunState.OPEN, RunState.RESTED)).id == rested.id
        assert uow.latest_run(of, (RunState.OPEN,)).id == over.id
        assert uow.latest_run(of, (RunState.FINISHED,)) is None
        assert uow.run(known(dropped.id)).state is RunState.DROPPED
        assert uow.run(10**9) is None
        assert uow.active_run(10**9) is None
        assert uow.runs(10**9) == []


def test_runs_about(open_uow: OpenUnitOfWork) -> None:
    """The finished runs about somebody, the one that ended last first."""
    with open_uow() as uow:
        person = make.person(uow)
        theo, maya = make.served(uow, person), make.served(uow, person, nickname="Maya")

        def finished(about: Served, hours: int) -> Run:
            return make.run(
                uow,
                person,
                state=RunState.FINISHED,
                about_id=about.id,
                ended_at=NOW + hours * HOUR,
            )

        late, early = finished(theo, 2), finished(theo, 1)
        finished(maya, 3)
        make.run(uow, person, about_id=theo.id)
    found = ask(open_uow, lambda uow: uow.runs_about(known(theo.id)))
    assert [run.id for run in found] == [late.id, early.id]


def test_answers(open_uow: OpenUnitOfWork) -> None:
    """A run's answers come in the order they were first given, also after one was changed."""
    with open_uow() as uow:
        run = make.run(uow, make.person(uow))
        for number, step in enumerate(("person", "grown", "grown-seen"), 1):
            make.answer(uow, run, step=step, update_id=number, words="first")
    with open_uow() as uow:
        changed = uow.answers(known(run.id))[0]
        changed.words, changed.update_id = "second", 9
    found = ask(open_uow, lambda uow: uow.answers(known(run.id)))
    assert [(answer.step, answer.words) for answer in found] == [
        ("person", "second"),
        ("grown", "first"),
        ("grown-seen", "first"),
    ]


def test_answer_from(open_uow: OpenUnitOfWork) -> None:
    """An answer is found by the person's own message; the newest where two came from one."""
    with open_uow() as uow:
        person, other = make.person(uow), make.person(uow, address="7")
        first, second = make.run(uow, person), make.run(uow, person)
        make.answer(uow, first, message_ref=5, words="older")
        make.answer(uow, second, message_ref=5, words="newer")
        make.answer(uow, make.run(uow, other), message_ref=5, words="another’s")
        make.answer(uow, second, step="wiser", update_id=2)
    assert ask(open_uow, lambda uow: uow.answer_from(known(person.id), 5)).words == "newer"
    assert ask(open_uow, lambda uow: uow.answer_from(known(person.id), 6)) is None


def test_plans(open_uow: OpenUnitOfWork) -> None:
    """Plans are found by person, oldest first, and by run."""
    with open_uow() as uow:
        person = make.person(uow)
        first, second, third = (make.run(uow, person) for _ in range(3))
        make.plan(uow, person, second, words="the second run’s")
        make.plan(uow, person, first, words="the first run’s")
    with open_uow() as uow:
        words = [plan.words for plan in uow.plans(known(person.id))]
        assert words == ["the second run’s", "the first run’s"]
        assert uow.plan_of(known(first.id)).words == "the first run’s"
        assert uow.plan_of(known(third.id)) is None


def test_consents(open_uow: OpenUnitOfWork) -> None:
    """Every decision stays, in the order they were taken."""
    with open_uow() as uow:
        of = known(make.person(uow).id)
        for decision in ("no", "no", "yes"):
            make.keep(uow, Consent(of, "1-en", decision, NOW))
    found = ask(open_uow, lambda uow: uow.consents(of))
    assert [consent.decision for consent in found] == ["no", "no", "yes"]


# --- outbox -----------------------------------------------------------------------------


def test_outbox(open_uow: OpenUnitOfWork) -> None:
    """A message is found by its number, and its key stays known once it is sent."""
    with open_uow() as uow:
        message = make.message(uow, "a")
        make.message(uow, "b", state=OutboxState.SENT, body=None)
    assert ask(open_uow, lambda uow: uow.outbox(known(message.id))).key == "a"
    assert ask(open_uow, lambda uow: uow.outbox(10**9)) is None
    exists = [ask(open_uow, lambda uow, k=k: uow.outbox_key_exists(k)) for k in ("a", "b", "c")]
    assert exists == [True, True, False]


def test_outbox_for(open_uow: OpenUnitOfWork) -> None:
    """What waits for a chat comes in the order it was written; on request also what is sent now."""
    with open_uow() as uow:
        make.message(uow, "late", due_at=NOW + HOUR)
        make.message(uow, "now")
        make.message(uow, "sending", state=OutboxState.SENDING)
        for state in (OutboxState.SENT, OutboxState.UNSURE, OutboxState.FAILED):
            make.message(uow, state, state=state)
        make.message(uow, "another’s", address="7")
        make.keep(uow, OutboxItem("terminal’s", "terminal", "42", NOW))
    waiting = ask(open_uow, lambda uow: uow.outbox_for(*CHAT))
    assert [item.key for item in waiting] == ["late", "now"]
    under_way = ask(open_uow, lambda uow: uow.outbox_for(*CHAT, and_sending=True))
    assert [item.key for item in under_way] == ["late", "now", "sending"]


def test_outbox_for_knows_what_was_just_noted(open_uow: OpenUnitOfWork) -> None:
    """A message put back to wait is found waiting in the same transaction, in its old place."""
    with open_uow() as uow:
        first = make.message(uow, "first", state=OutboxState.SENDING)
        make.message(uow, "second")
    with open_uow() as uow:
        again = uow.outbox(known(first.id))
        assert again is not None
        again.state = OutboxState.PENDING
        assert [item.key for item in uow.outbox_for(*CHAT)] == ["first", "second"]


def test_interrupted(open_uow: OpenUnitOfWork) -> None:
    """What was being sent is found again, in order."""
    with open_uow() as uow:
        make.message(uow, "first", state=OutboxState.SENDING)
        make.message(uow, "second", state=OutboxState.SENDING, address="7")
        make.message(uow, "waiting")
    found = ask(open_uow, lambda uow: uow.interrupted())
    assert [item.key for item in found] == ["first", "second"]


def test_waiting(open_uow: OpenUnitOfWork) -> None:
    """A chat waits with an update to work on, or with a message that is due: once, whatever."""
    with open_uow() as uow:
        make.update(uow, 1)
        make.update(uow, 2)
        make.message(uow, "a", address="42")
        make.message(uow, "b", address="due")
        make.message(uow, "c", address="later", due_at=NOW + HOUR)
        make.message(uow, "d", address="under way", state=OutboxState.SENDING)
        make.update(uow, 3, address="done", state=InboxState.DONE)
        make.update(uow, 4, address="set aside", state=InboxState.FAILED)
    waiting = ask(open_uow, lambda uow: uow.waiting(NOW))
    assert waiting == {("telegram", "42"), ("telegram", "due")}
    later = ask(open_uow, lambda uow: uow.waiting(NOW + HOUR))
    assert later == waiting | {("telegram", "later")}
