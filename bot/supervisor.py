"""The supervisor: starts Leo's child processes, restarts one that dies, ends them all."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import structlog

from bot.errors import LeoError

log = structlog.get_logger()

# Tells a child whose child it is: one that finds another parent ends itself.
PARENT = "LEO_SUPERVISOR_PID"
GRACE_S = 10.0
# A child that ends sooner than this after its start counts as failing.
STEADY_S = 5.0
MAX_QUICK_FAILURES = 3
# The children of a Leo that was killed need a moment to notice and leave their ports.
PORT_PATIENCE_S = 3.0


class ChildFailed(LeoError):
    """A part of Leo does not stay up."""


@dataclass(frozen=True)
class Child:
    """A process to keep running. `ready` tells whether it answers."""

    name: str
    command: tuple[str, ...]
    cwd: Path
    env: Mapping[str, str]
    port: int
    ready: Callable[[], Awaitable[bool]]


class Supervisor:
    """Keeps children running until `stop`."""

    def __init__(self, children: list[Child], logs: Path) -> None:
        """Take the children, and the folder for what they print."""
        self._children, self._logs = children, logs
        self._keepers: list[asyncio.Task[None]] = []
        self._running: dict[str, asyncio.subprocess.Process] = {}

    async def start(self, patience_s: float) -> None:
        """Start every child and wait until all answer.

        Raises ChildFailed when a port is taken, a child does not stay up, or `patience_s`
        runs out.
        """
        await asyncio.gather(*map(_check_port, self._children))
        self._logs.mkdir(parents=True, exist_ok=True)
        self._keepers = [asyncio.create_task(self._keep(child)) for child in self._children]
        try:
            await asyncio.wait_for(self._all_ready(), patience_s)
        except TimeoutError:
            raise ChildFailed(
                f"Leo's parts did not answer in {patience_s:.0f} s. See the logs in {self._logs}."
            ) from None

    async def _all_ready(self) -> None:
        for child in self._children:
            while not await child.ready():
                self.check()
                await asyncio.sleep(0.1)

    def check(self) -> None:
        """Raise ChildFailed when the supervisor had to give up on a child."""
        for keeper in self._keepers:
            if keeper.done() and not keeper.cancelled():
                keeper.result()

    async def _keep(self, child: Child) -> None:
        quick_failures = 0
        while True:
            started = asyncio.get_running_loop().time()
            try:
                code = await self._run(child)
            except OSError as error:
                raise ChildFailed(
                    f"“{child.name}” cannot be started: {error.strerror}: {error.filename}."
                ) from None
            lasted = asyncio.get_running_loop().time() - started
            quick_failures = quick_failures + 1 if lasted < STEADY_S else 0
            log.warning("child.ended", child=child.name, code=code, lasted_s=round(lasted))
            if quick_failures >= MAX_QUICK_FAILURES:
                raise ChildFailed(
                    f"“{child.name}” ended {quick_failures} times just after its start. "
                    f"See {self._logs / child.name}.log."
                )

    async def _run(self, child: Child) -> int:
        with (self._logs / f"{child.name}.log").open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                *child.command,
                cwd=child.cwd,
                env={**os.environ, **child.env, PARENT: str(os.getpid())},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                # Ctrl-C in the terminal is ours to pass on, so that children end in order.
                start_new_session=True,
            )
        self._running[child.name] = process
        log.info("child.started", child=child.name, pid=process.pid)
        return await process.wait()

    async def stop(self) -> None:
        """End every child: politely first, then by force."""
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        await asyncio.gather(*(_end(process) for process in self._running.values()))


async def _end(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), GRACE_S)
        except TimeoutError:
            process.kill()
            await process.wait()


async def _check_port(child: Child) -> None:
    deadline = asyncio.get_running_loop().time() + PORT_PATIENCE_S
    while not _is_free(child.port):
        if asyncio.get_running_loop().time() > deadline:
            raise ChildFailed(
                f"Port {child.port} on this machine, which “{child.name}” needs, is in use. "
                f"Another Leo may be running; else set LEO_{child.name.upper()}_PORT."
            )
        await asyncio.sleep(0.1)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
