"""A real writer: threads that tap without pause and print each event once it is acknowledged, until killed.

    python store_writer.py FOLDER TAG THREADS COUNT SESSION...

COUNT is how many events each thread adds (0: no end). Thread n writes to the n-th session, turning round; at every
eighth event it also opens a session of its own, as a ward does. One line for each acknowledgement: session, event id.
"""

import os
import sys
import threading
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from core.store import Store


def tap(store: Store, session: str, tag: str, thread: int, taps: int) -> None:
    """Add numbered events to one session, and open others on the way."""
    for number in range(taps) if taps else count():
        event = f"{tag}-{thread}-{number}"
        if event in store.append(session, [{"id": event, "kind": "mark", "at": number}]).accepted:
            acknowledge(session, event)
        if number % 8 == 0:
            opened = store.create({"session": f"20261119-{tag}T{thread}N{number}"}, [{"id": event, "kind": "mark"}])
            acknowledge(opened, event)


def acknowledge(session: str, event: str) -> None:
    """One write, so that lines of several threads never mix and none waits in a buffer when the kill comes."""
    os.write(1, f"{session} {event}\n".encode())


def main() -> None:
    """Start the threads and wait for them."""
    folder, tag, threads, taps, *sessions = sys.argv[1:]
    store = Store(Path(folder))
    for session in sessions:
        store.create({"session": session, "patient": "P-001"})
    writers = [
        threading.Thread(target=tap, args=(store, sessions[n % len(sessions)], tag, n, int(taps)))
        for n in range(int(threads))
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()


if __name__ == "__main__":
    main()
