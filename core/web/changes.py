"""Who listens: every open event stream hears of each write, and a session's devices of each other."""

import asyncio
import json
from collections.abc import AsyncIterator

from core.records import sessions

PULSE_S = 15  # a comment on a quiet event stream, so that both ends notice a dead line


class Changes:
    """Hears of every write and tells every open event stream, and how many devices watch a session.

    `stop` ends the streams, or they hold up a shutdown.
    """

    def __init__(self) -> None:
        self._streams: dict[asyncio.Queue[str | None], tuple[str, str]] = {}  # → (session, device), "" for none
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Call inside the running loop, once."""
        self._loop = asyncio.get_running_loop()
        sessions.store().listen(self._told)

    def stop(self) -> None:
        """Ends every stream; safe from a signal handler."""
        if self._loop:
            self._loop.call_soon_threadsafe(self._put, None)

    def _told(self, session: str, version: int) -> None:
        if self._loop:
            self._loop.call_soon_threadsafe(self._put, json.dumps({"session": session, "version": version}))

    def _put(self, message: str | None) -> None:
        for queue in self._streams:
            queue.put_nowait(message)

    def _count(self, session: str) -> None:
        """Tells all devices at a session how many they are."""
        there = {queue: device for queue, (watched, device) in self._streams.items() if session and watched == session}
        message = json.dumps({"session": session, "present": len(set(there.values()))})
        for queue in there:
            queue.put_nowait(message)

    async def stream(self, session: str, device: str) -> AsyncIterator[str]:
        """Server-sent events: one message a change, a comment when it is quiet."""
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        self._streams[queue] = (session, device)
        self._count(session)
        try:
            yield ": open\n\n"
            while True:
                try:
                    message = await asyncio.wait_for(queue.get(), PULSE_S)
                except TimeoutError:
                    yield ": quiet\n\n"
                    continue
                if message is None:
                    return
                yield f"data: {message}\n\n"
        finally:
            del self._streams[queue]
            self._count(session)
