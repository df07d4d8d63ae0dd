"""A wire to a server on this machine, to be cut and mended where stopping the server would take longer."""

from __future__ import annotations

import socket
from contextlib import suppress
from threading import Thread

from streams.local.server import LOOPBACK


class Wire:
    """Carries what goes to one port and comes back; `taken` counts the connections that were made.

    `silent`: it goes on to take connections and bytes, and carries nothing.
    """

    def __init__(self, port: int) -> None:
        self._there = port
        self._open: set[socket.socket] = set()
        self.taken, self.silent = 0, False
        self.port = 0
        self.mend()

    def mend(self) -> None:
        """Take connections (again), at the same port."""
        self.silent = False
        self._listening = socket.create_server((LOOPBACK, self.port))
        self.port = self._listening.getsockname()[1]
        Thread(target=self._take, args=(self._listening,), daemon=True).start()

    def cut(self) -> None:
        """Break all connections, and refuse new ones."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for each in list(self._open):
            _close(each)

    @property
    def open(self) -> int:
        """How many connections there are now."""
        return len(self._open) // 2

    def _take(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listening.accept()
                self.taken += 1
                far = socket.create_connection((LOOPBACK, self._there))
                self._open |= {near, far}
                for ends in ((near, far), (far, near)):
                    Thread(target=self._carry, args=ends, daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while said := one.recv(1 << 16):
                if not self.silent:
                    other.sendall(said)
        self._open -= {one, other}
        for each in (one, other):
            _close(each)


def _close(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
