"""Take in an update: store it before anything is done with it."""

from datetime import datetime

from bot.usecases.messages import Incoming
from bot.usecases.ports import OpenUnitOfWork
from bot.usecases.records import InboxItem


def receive(open_uow: OpenUnitOfWork, updates: list[Incoming], now: datetime) -> None:
    """Store updates in their order; one that is known already is left as it is."""
    with open_uow() as uow:
        for incoming in updates:
            if uow.inbox(incoming.channel, incoming.update_id) is None:
                uow.add(
                    InboxItem(
                        incoming.channel,
                        incoming.update_id,
                        now,
                        address=incoming.address,
                        payload=incoming.to_json(),
                    )
                )
                uow.flush()
