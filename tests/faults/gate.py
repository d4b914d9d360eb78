"""The way from the Rasa server to the action server, where an answer can get lost."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self


class Gate:
    """Passes connections on from one port of this machine to another."""

    def __init__(self, port: int, to: int) -> None:
        self._to = to
        self._door = socket.create_server(("127.0.0.1", port))
        self._losing = False
        self._open = threading.Event()
        self._open.set()
        # Set once a request has passed, and once an answer was lost.
        self.asked, self.lost = threading.Event(), threading.Event()

    def __enter__(self) -> Self:
        threading.Thread(target=self._admit, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()

    @contextmanager
    def losing_answers(self) -> Iterator[None]:
        """Let requests pass, but no answer: the connection is closed instead."""
        self._losing = True
        self.lost.clear()
        yield
        self._losing = False

    @contextmanager
    def holding_answers(self) -> Iterator[None]:
        """Let requests pass, and answers only after the block."""
        self._open.clear()
        try:
            yield
        finally:
            self._open.set()

    def _admit(self) -> None:
        while True:
            try:
                client, _ = self._door.accept()
            except OSError:
                return
            threading.Thread(target=self._connect, args=(client,), daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        with client:
            try:
                server = socket.create_connection(("127.0.0.1", self._to))
            except OSError:
                return
            with server:
                threading.Thread(target=self._ask, args=(client, server), daemon=True).start()
                self._answer(client, server)

    def _ask(self, client: socket.socket, server: socket.socket) -> None:
        with _until_closed():
            while request := client.recv(65536):
                server.sendall(request)
                self.asked.set()
            server.shutdown(socket.SHUT_WR)

    def _answer(self, client: socket.socket, server: socket.socket) -> None:
        with _until_closed():
            while answer := server.recv(65536):
                self._open.wait()
                if self._losing:
                    self.lost.set()
                    break
                client.sendall(answer)
        with _until_closed():
            client.shutdown(socket.SHUT_RDWR)


@contextmanager
def _until_closed() -> Iterator[None]:
    try:
        yield
    except OSError:
        return
