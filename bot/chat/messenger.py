"""What a channel of the chat must be able to do."""

from typing import Protocol

from bot.usecases.deliver import Outcome, Parcel


class Messenger(Protocol):
    """Sends to the people of one channel."""

    async def send(self, parcel: Parcel) -> Outcome:
        """Send a parcel and return what became of it; what a channel answers is never raised."""

    async def typing(self, address: str) -> None:
        """Show that Leo is at work, where the channel can."""
