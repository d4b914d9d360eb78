"""Each update is worked on once and in its turn, whoever else is at work."""

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from bot.usecases.answer import answer
from bot.usecases.arrive import arrive
from bot.usecases.deliver import Outcome, Parcel, hand_out
from bot.usecases.erase import erase_now, erase_on_request
from bot.usecases.messages import Incoming, Outgoing, Told
from bot.usecases.ports import OpenUnitOfWork
from bot.usecases.receive import receive
from bot.usecases.records import InboxState, OutboxState
from bot.usecases.start import start_test
from bot.usecases.turn import take
from tests.store import make
from tests.store.chat import Chat, deps_for
from tests.store.make import CHAT, NOW, ask, known, rows


@pytest.fixture
def chat(open_uow: OpenUnitOfWork) -> Chat:
    """Somebody at the first question in words of Greenleaf's test."""
    chat = Chat(deps_for(open_uow))
    chat.consent()
    chat.do(start_test, "start_test", Told.COMMAND)
    chat.do(answer, "Theo")
    run_id, _, step, _ = chat.question() or pytest.fail("no question")
    chat.do(answer, f"{run_id}.{step}.4", Told.PRESS)
    return chat


def test_same_update_twice_at_once(chat: Chat) -> None:
    """However often an update is handed in at once, it gives one answer and one reply."""
    open_uow = chat.deps.open
    run_id, _, step, _ = chat.question() or pytest.fail("no question")
    turns = ask(open_uow, lambda uow: uow.person(*CHAT)).turns
    number = chat.come_in("He decided without me.")
    work = partial(take, chat.deps, "telegram", number, answer, chat.clock)
    assert make.at_once(*[work] * 4) == [True] * 4
    with open_uow() as uow:
        mine = [a for a in uow.answers(run_id) if a.update_id == number]
        assert [(a.step, a.words) for a in mine] == [(step, "He decided without me.")]
        person = uow.person(*CHAT)
        assert person is not None
        assert person.turns == turns + 1
        keys = [item.key for item in uow.outbox_for(*CHAT)]
        done = uow.inbox("telegram", number)
        assert done is not None
        assert (done.state, done.payload, done.address) == (InboxState.DONE, None, None)
    assert keys == [f"telegram:{number}:{n}" for n in range(len(keys))]
    assert keys
    asked = chat.fetch()
    assert len([html for html in asked if html]) == 1


def test_same_update_again(chat: Chat) -> None:
    """An update that was worked on changes nothing when it comes again."""
    number = chat.come_in("First.")
    for _ in range(2):
        assert take(chat.deps, "telegram", number, answer, chat.clock)
    said = chat.fetch()
    receive(chat.deps.open, [Incoming("telegram", number, "42", Told.TEXT, "Changed.")], chat.clock)
    assert take(chat.deps, "telegram", number, answer, chat.clock)
    assert chat.fetch() == []
    assert len([html for html in said if html]) == 1


def test_unknown_update(chat: Chat) -> None:
    """Nothing is done for an update that was never stored."""
    assert not take(chat.deps, "telegram", 10**9, answer, chat.clock)
    assert chat.fetch() == []


def test_newcomer_twice_at_once(open_uow: OpenUnitOfWork) -> None:
    """Two first messages of somebody at once make one person, and lose neither message."""
    chat = Chat(deps_for(open_uow))
    numbers = [chat.come_in("hello"), chat.come_in("is anybody there?")]

    def work(number: int) -> bool:
        while True:
            try:
                return take(chat.deps, "telegram", number, arrive, chat.clock, always=True)
            except Exception as error:
                # The one who comes second tries again, as the lanes do.
                if "unique" not in str(error).lower():
                    raise

    assert make.at_once(*[partial(work, number) for number in numbers]) == [True, True]
    person = ask(open_uow, lambda uow: uow.person(*CHAT))
    assert person.turns == 2
    assert ask(open_uow, lambda uow: uow.inbox_pending(*CHAT)) is None


def test_different_chats_at_once(open_uow: OpenUnitOfWork) -> None:
    """Many people at once get each their own replies, all of them."""
    people = [Chat(deps_for(open_uow), address=str(n)) for n in range(4)]

    def talk(chat: Chat) -> list[str]:
        chat.consent()
        chat.do(start_test, "start_test", Told.COMMAND)
        chat.do(answer, f"Nickname of {chat.lane[1]}")
        number = chat.come_in("4")
        assert take(chat.deps, "telegram", number, answer, chat.clock)
        return chat.fetch()

    for chat, said in zip(people, make.at_once(*[partial(talk, c) for c in people]), strict=True):
        assert isinstance(said, list), said
        assert f"Nickname of {chat.lane[1]}" in said[-1]


def test_order_is_kept(chat: Chat) -> None:
    """A chat's replies go out in the order of its messages, one after the other."""
    numbers = [chat.come_in(words) for words in ("One.", "4", "Two.", "5", "Three.")]
    for number in numbers:
        pending = ask(chat.deps.open, lambda uow: uow.inbox_pending(*CHAT))
        assert pending.update_id == number
        assert take(chat.deps, "telegram", number, answer, chat.clock)
    keys = [item.key for item in ask(chat.deps.open, lambda uow: uow.outbox_for(*CHAT))]
    of = [int(key.split(":")[1]) for key in keys]
    assert of == sorted(of)
    assert set(of) == set(numbers)
    sent: list[int] = []
    outcomes: list[Outcome] = []
    while parcels := hand_out(chat.deps.open, *CHAT, outcomes, chat.clock):
        sent += [parcel.outbox_id for parcel in parcels]
        outcomes = [Outcome(p, OutboxState.SENT, message_ref=p.outbox_id) for p in parcels]
    assert sent == sorted(sent)
    assert len(sent) == len(keys)


def test_nothing_overtakes_a_message_that_waits(open_uow: OpenUnitOfWork) -> None:
    """A message that Telegram put off is sent again before those behind it, not after."""
    with open_uow() as uow:
        first, second = (
            known(make.message(uow, key, body=Outgoing(key).to_json()).id)
            for key in ("first", "second")
        )
    [parcel] = hand_out(open_uow, *CHAT, [], NOW)
    later = NOW + timedelta(seconds=30)
    put_off = Outcome(parcel, OutboxState.PENDING, due_at=later)
    assert hand_out(open_uow, *CHAT, [put_off], NOW) == []
    [again] = hand_out(open_uow, *CHAT, [], later)
    assert (again.outbox_id, again.attempts) == (first, 2)
    [last] = hand_out(open_uow, *CHAT, [Outcome(again, OutboxState.SENT, message_ref=1)], later)
    assert last.outbox_id == second


def test_two_senders_at_once(open_uow: OpenUnitOfWork) -> None:
    """No message is handed out to two senders."""
    with open_uow() as uow:
        for number in range(6):
            make.message(uow, f"{number}", body=Outgoing(f"{number}").to_json())

    def send() -> list[Parcel]:
        return [p for _ in range(3) for p in hand_out(open_uow, *CHAT, [], NOW)]

    handed = Counter(
        parcel.outbox_id
        for parcels in make.at_once(send, send)
        for parcel in (parcels if isinstance(parcels, list) else pytest.fail(str(parcels)))
    )
    assert len(handed) == 6
    assert set(handed.values()) == {1}


def test_same_update_received_twice_at_once(open_uow: OpenUnitOfWork) -> None:
    """An update that comes in twice at once is stored once: the second is known, or refused."""
    incoming = Incoming("telegram", 5, "42", Told.TEXT, "hello")
    done = make.at_once(*[partial(receive, open_uow, [incoming], NOW)] * 3)
    assert None in done
    assert {type(outcome) for outcome in done} <= {type(None), IntegrityError}
    item = ask(open_uow, lambda uow: uow.inbox("telegram", 5))
    assert item.payload["text"] == "hello"


@pytest.mark.parametrize("how", ["in the chat", "by the operator"])
def test_erased_while_others_are_at_work(engine: Engine, chat: Chat, how: str) -> None:
    """Erasing somebody while their message is worked on leaves nothing of them."""
    number = chat.come_in("My last words.")
    wish = chat.come_in("delete everything")

    def erase() -> bool:
        if how == "by the operator":
            return erase_on_request(chat.deps.open, *CHAT)
        return take(chat.deps, "telegram", wish, erase_now, chat.clock)

    work = partial(take, chat.deps, "telegram", number, answer, chat.clock)
    erased, _ = make.at_once(erase, work)
    assert erased is True
    assert not {"consent", "run", "answer", "served", "plan"} & set(rows(engine))
    person = ask(chat.deps.open, lambda uow: uow.person(*CHAT))
    assert person is None or (person.name is None and not person.consented)
