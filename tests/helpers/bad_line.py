"""A wireless line between tablet and app that fails as such lines do: a small TCP proxy."""

import copy
import select
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from tests.helpers.app import App

GOOD, DROPPED, SLOW, HALF_OPEN, FLAPPING = "good", "dropped", "slow", "half-open", "flapping"
SLOW_S = 2
CHUNK = 1 << 16


class Line:
    """Passes everything on while it is good.

    dropped: nothing connects, what was connected is cut. slow: every answer takes two seconds. half-open: connects,
    takes what is sent, passes nothing on and never answers; a connection from before or from then stays so. flapping:
    every second answer is lost and its connection cut, although the app has done what it was asked.
    """

    def __init__(self, app: App) -> None:
        self._to = (urlsplit(app.url).hostname, urlsplit(app.url).port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._lost: list[threading.Event] = []  # one for each connection
        self._answers = 0
        self._fault = GOOD
        self.app = copy.copy(app)  # the same app at this line's address
        self.app.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def turn(self, fault: str) -> None:
        self._fault = fault
        if fault == DROPPED:
            self._cut(*self._open)
        if fault == HALF_OPEN:
            for lost in self._lost:
                lost.set()

    def close(self) -> None:
        self._listener.close()
        self._cut(*self._open)

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return  # closed
            if self._fault == DROPPED:
                near.close()
                continue
            try:
                far = socket.create_connection(self._to)
            except OSError:
                near.close()
                continue
            with self._lock:
                self._open |= {near, far}
            lost = threading.Event()
            self._lost.append(lost)
            if self._fault == HALF_OPEN:
                lost.set()
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=self._pump, args=(source, target, source is far, lost), daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket, answers: bool, lost: threading.Event) -> None:
        """Passes on what comes from one end, as well as the line does at that moment."""
        try:
            while True:
                select.select([source], [], [])
                if answers and self._fault == SLOW:
                    time.sleep(SLOW_S)  # the fault itself
                chunk = source.recv(CHUNK)
                if not chunk:
                    break
                if lost.is_set():
                    continue
                if answers and self._fault == FLAPPING:
                    self._answers += 1
                    if self._answers % 2:
                        break
                target.sendall(chunk)
        except (OSError, ValueError):
            pass  # cut
        self._cut(source, target)

    def _cut(self, *ends: socket.socket) -> None:
        with self._lock:
            self._open -= set(ends)
        for end in ends:
            with suppress(OSError):  # cut already
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@contextmanager
def line_to(app: App) -> Iterator[Line]:
    line = Line(app)
    yield line
    line.close()
