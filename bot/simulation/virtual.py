"""An event loop whose clock jumps to the next moment at which something is due."""

import asyncio
import selectors
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any


class _Jumping(selectors.DefaultSelector):
    """Waits for nobody: what would be waited for has come by then."""

    jump: Callable[[float], None]

    def select(self, timeout: float | None = None) -> list[Any]:
        """Look at what is ready; where nothing is, let the time pass."""
        ready = super().select(0)
        if timeout and not ready:
            self.jump(timeout)
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """Work takes no time here, and waiting none of ours. It waits for no other program."""

    def __init__(self) -> None:
        """Begin at second 0."""
        selector = _Jumping()
        selector.jump = self.pass_over
        self._seconds = 0.0
        super().__init__(selector)

    def time(self) -> float:
        """Return the virtual seconds since the beginning."""
        return self._seconds

    def pass_over(self, seconds: float) -> None:
        """Let seconds pass."""
        self._seconds += seconds

    def run_in_executor(  # type: ignore[override]
        self, executor: Executor | None, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        """Do it at once: a thread would work while the clock jumps."""
        done: asyncio.Future[Any] = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as error:
            done.set_exception(error)
        return done
