"""A practice tried in the terminal: no Rasa server, and nothing that outlives it."""

import asyncio
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot import logs, wiring
from bot.charts import draw
from bot.chat.lanes import Lanes
from bot.chat.terminal import CHANNEL, TerminalChat, TerminalMessenger, address_of
from bot.coaching.practice import Practice
from bot.errors import PracticeError
from bot.service import now, until_first
from bot.settings import Settings
from bot.texts.practices import load_practice
from bot.usecases.answer import answer, pass_over
from bot.usecases.explain import explain
from bot.usecases.go_back import go_back
from bot.usecases.records import Person
from bot.usecases.rest import rest
from bot.usecases.start import begin, go_on
from bot.usecases.turn import Deps, Turn, Verb, take

NAME = "preview"
# What may be said beside an answer, as the chat's commands stand for it.
ASIDES: dict[str, Verb] = {
    "/ask_why": explain,
    "/skip": pass_over,
    "/go_back": go_back,
    "/resume": go_on,
    "/stop": rest,
}


async def preview(
    practice_id: str, language: str, file: Path | None, tell: Callable[[str], None]
) -> None:
    """Walk a practice until it ends or the input does. Raises PracticeError for one unknown."""
    with TemporaryDirectory(prefix="leo-preview-") as folder:
        settings = _apart(Path(folder))
        logs.configure(settings, (Path(folder) / "leo.log").open("w"))
        house = wiring.house(settings)
        deps = _deps(house.deps, practice_id, file)
        _consent(deps, language)
        walk = _Walk(deps, practice_id)
        messenger = TerminalMessenger(sys.stdout, Path(folder), draw, as_json=False)
        lanes = Lanes(deps, walk, {CHANNEL: messenger}, now)
        chat = TerminalChat(deps, lanes, messenger, now, name=NAME, language=language)
        with suppress(KeyboardInterrupt):
            talk = chat.hold(sys.stdin, prompt=sys.stdin.isatty())
            await until_first([talk, walk.end(lanes)])
        await lanes.close()
        house.engine.dispose()
        tell("Nothing of this was kept.")


def _apart(folder: Path) -> Settings:
    """Return settings that lead to nobody's data, whatever the environment says."""
    return Settings(data_dir=folder, database_url=None, encryption_keys=None, telegram_token=None)


def _deps(deps: Deps, practice_id: str, file: Path | None) -> Deps:
    library: dict[str, Practice] = dict(deps.library)
    if file is not None:
        practice = load_practice(file)
        library[practice.id] = practice
    if practice_id not in library or library[practice_id].dialogue:
        raise PracticeError(
            f"There is no practice “{practice_id}”. `leo practices page` lists all."
        )
    return Deps(deps.open, deps.texts, library, deps.zone, deps.programmes)


def _consent(deps: Deps, language: str) -> None:
    person = Person(
        CHANNEL, address_of(NAME), language=language, zone=deps.zone, consented_at=now()
    )
    with deps.open() as uow:
        uow.add(person)


@dataclass
class _Walk:
    """Does what the Rasa server and the action server do for one practice, and knows its end."""

    deps: Deps
    practice_id: str

    def __post_init__(self) -> None:
        self._ended = asyncio.Event()
        self._over = False

    async def send(self, sender: str, message: str, metadata: dict[str, Any]) -> bool:
        """Work on the update named in the metadata."""
        done = await asyncio.to_thread(self._take, message, metadata["update"]["id"])
        if self._over:
            self._ended.set()
        return done

    async def end(self, lanes: Lanes) -> None:
        """Return when the practice has ended and its last words are said."""
        await self._ended.wait()
        await lanes.finish((CHANNEL, address_of(NAME)))

    def _take(self, message: str, update_id: int) -> bool:
        verb = ASIDES.get(message, answer)
        if message == "/arrive":
            verb = partial(begin, practice_id=self.practice_id)
        return take(self.deps, CHANNEL, update_id, partial(self._watched, verb), now())

    def _watched(self, verb: Verb, turn: Turn) -> None:
        verb(turn)
        self._over = turn.run is None
