"""The coach in the terminal: the same way of a message as in Telegram, without Telegram."""

import asyncio
import hashlib
import json
import shutil
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, TextIO

from bot.chat.commands import read_text, read_token
from bot.chat.lanes import Lanes
from bot.usecases.deliver import Outcome, Parcel
from bot.usecases.messages import Button, Incoming, Outgoing, Told
from bot.usecases.receive import receive
from bot.usecases.records import OutboxState
from bot.usecases.turn import Deps

CHANNEL = "terminal"

type Draw = Callable[[dict[str, Any]], bytes]


def address_of(name: str) -> str:
    """Return the address of a name: the same name comes back to the same person."""
    return hashlib.sha256(name.strip().casefold().encode()).hexdigest()[:32]


class TerminalMessenger:
    """Prints messages, as text or as one JSON object a line."""

    def __init__(self, out: TextIO, folder: Path, draw: Draw, *, as_json: bool) -> None:
        """Take where to print, where to put pictures and files, and what draws."""
        self._out, self._folder, self._draw, self._as_json = out, folder, draw, as_json
        self.buttons: list[Button] = []
        self._count = 0

    async def typing(self, address: str) -> None:
        """Show nothing: a terminal needs no hint."""

    async def send(self, parcel: Parcel) -> Outcome:
        """Print a message."""
        outgoing = parcel.outgoing
        if outgoing.settle is None:
            self._count += 1
            self._print(outgoing)
            if outgoing.buttons or outgoing.html:
                self.buttons = [button for row in outgoing.buttons for button in row]
        if outgoing.erased:
            shutil.rmtree(self._folder, ignore_errors=True)
        return Outcome(parcel, OutboxState.SENT, message_ref=self._count)

    def _print(self, outgoing: Outgoing) -> None:
        image = self._save_picture(outgoing.picture) if outgoing.picture else None
        document = self._save_document(outgoing) if outgoing.document else None
        text = plain(outgoing.html)
        if self._as_json:
            rows = [
                [{"title": b.title, "payload": b.payload} for b in row] for row in outgoing.buttons
            ]
            line = {"text": text, "buttons": rows, "image": image}
            if document:
                line["document"] = document
            self._out.write(json.dumps(line, ensure_ascii=False) + "\n")
        else:
            self._out.write(self._readable(outgoing, text, image, document))
        self._out.flush()

    def _readable(
        self, outgoing: Outgoing, text: str, image: str | None, document: str | None
    ) -> str:
        alt = outgoing.picture["alt"] if outgoing.picture else ""
        lines = [text, alt, *(f"→ {path}" for path in (image, document) if path)]
        lines += ["  ".join(f"[{b.title}]" for b in row) for row in outgoing.buttons]
        return "\n" + "\n".join(line for line in lines if line) + "\n"

    def _save_picture(self, picture: dict[str, Any]) -> str:
        return self._save(f"picture-{self._count}.png", self._draw(picture))

    def _save_document(self, outgoing: Outgoing) -> str:
        assert outgoing.document is not None
        return self._save(outgoing.document.name, outgoing.document.content.encode())

    def _save(self, name: str, content: bytes) -> str:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._folder / name
        path.write_bytes(content)
        return str(path)


class TerminalChat:
    """Reads lines, hands each one in as an update, and waits for the whole answer."""

    def __init__(
        self,
        deps: Deps,
        lanes: Lanes,
        messenger: TerminalMessenger,
        clock: Callable[[], datetime],
        *,
        name: str,
        language: str,
    ) -> None:
        """Take who talks, by name, and the language their terminal suggests."""
        self._deps, self._lanes, self._messenger, self._clock = deps, lanes, messenger, clock
        self._lane = (CHANNEL, address_of(name))
        self._template = Incoming(
            CHANNEL, 0, self._lane[1], Told.TEXT, name=name, language=language
        )
        self._last_id = 0

    async def hold(self, lines: TextIO, *, prompt: bool) -> None:
        """Talk until the input ends."""
        await self._hand_in(Told.COMMAND, "arrive")
        wanted = threading.Semaphore(0)
        arriving: asyncio.Queue[str] = asyncio.Queue()
        reader = (lines, wanted, arriving, asyncio.get_running_loop())
        # A daemon thread: Ctrl-C must not wait for a line that may never come.
        threading.Thread(target=_read_lines, args=reader, daemon=True).start()
        while line := await self._next_line(wanted, arriving, prompt):
            if text := line.strip():
                await self._hand_in(*self._read(text), read_token(text))

    async def _next_line(
        self, wanted: threading.Semaphore, arriving: asyncio.Queue[str], prompt: bool
    ) -> str:
        if prompt:
            sys.stdout.write("\n> ")
            sys.stdout.flush()
        wanted.release()
        return await arriving.get()

    def _read(self, text: str) -> tuple[Told, str]:
        same = text.casefold()
        pressed = next((b for b in self._messenger.buttons if b.title.casefold() == same), None)
        return (Told.PRESS, pressed.payload) if pressed else read_text(text)

    async def _hand_in(self, told: Told, text: str, token: str = "") -> None:
        update_id = self._next_id()
        incoming = replace(
            self._template,
            update_id=update_id,
            told=told,
            text=text,
            message_ref=update_id,
            token=token,
        )
        await asyncio.to_thread(receive, self._deps.open, [incoming], self._clock())
        self._lanes.wake(self._lane)
        await self._lanes.finish(self._lane)

    def _next_id(self) -> int:
        # Microseconds of the clock: increasing also from one chat to the next.
        self._last_id = max(self._last_id + 1, int(self._clock().timestamp() * 1_000_000))
        return self._last_id


def _read_lines(
    lines: TextIO,
    wanted: threading.Semaphore,
    arriving: asyncio.Queue[str],
    loop: asyncio.AbstractEventLoop,
) -> None:
    """Read a line each time one is wanted; an empty one says that the input has ended."""
    line = "begin"
    while line:
        wanted.acquire()
        line = lines.readline()
        with suppress(RuntimeError):  # The chat ended meanwhile, by Ctrl-C.
            loop.call_soon_threadsafe(arriving.put_nowait, line)


class _Plain(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""

    def handle_data(self, data: str) -> None:
        self.text += data


def plain(html: str) -> str:
    """Return a message's text without its tags."""
    parser = _Plain()
    parser.feed(html)
    parser.close()
    return parser.text
