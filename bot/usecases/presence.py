"""Blocked, unblocked, or in a group: what is not a word to Leo."""

from datetime import datetime

from bot.usecases.deliver import block
from bot.usecases.messages import Incoming, Outgoing, Told
from bot.usecases.records import OutboxItem
from bot.usecases.turn import Deps, close, hear


def notice(deps: Deps, incoming: Incoming, now: datetime) -> None:
    """Work on an update that tells where Leo stands with a chat."""
    with deps.open() as uow:
        item = uow.inbox(incoming.channel, incoming.update_id)
        if item is None or item.payload is None:
            return
        if incoming.told is Told.BLOCKED:
            block(uow, incoming.channel, incoming.address, now)
        if incoming.told is Told.UNBLOCKED:
            person = uow.person(incoming.channel, incoming.address)
            if person is not None:
                hear(person, now)
        if incoming.told is Told.GROUP:
            html = deps.texts.say(incoming.language, "group_leave", 0)
            uow.add(
                OutboxItem(
                    key=f"{incoming.channel}:{incoming.update_id}:leave",
                    channel=incoming.channel,
                    address=incoming.address,
                    due_at=now,
                    body=Outgoing(html, leave=True).to_json(),
                    keep=False,
                )
            )
        close(item, now)
