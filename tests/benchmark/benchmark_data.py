"""What the benchmark burdens an app with: years of past sessions in its folder, thirty tablets on the line. Seeded."""

import asyncio
import contextlib
import json
import random
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2 as httpx
from tinydb import TinyDB

from core import clock, protocols
from core.engine import events
from core.store import Store
from core.store import folder as store_folder

Json = dict[str, Any]
Entry = tuple[float, str, Json]  # seconds after the opening, kind, data
LUMBAR, TEXT = protocols.shipped()["lumbar-nusinersen"]
OPENED = {"protocol": LUMBAR.id, "version": LUMBAR.version, "hash": protocols.text_hash(TEXT), "drill": False}
DEVICE = "tablet0001"
FEWEST, MOST = 60, 150  # entries of a session
COURSES = 200  # different courses; the past sessions take one each
YEARS_MS = 5 * 365 * 24 * 3600 * 1000
WAY_MS = 40  # from tablet to disk
SITES = [option.id for option in LUMBAR.options("interspace")]
WARD_S = 30  # for all tablets to connect
PULL_S, TAP_S = 15, 10  # how often a quiet board asks by itself (sync.js: POLL_MS); a tablet's taps, on average


def course(rng: random.Random) -> list[Entry]:
    """A procedure that ended well, after 0 to 8 failures, with every check, and readings of the monitor in between."""
    team = {"operator": rng.choice(["AK", "BL", "CM"]), "recorder": rng.choice(["RR", "SV"])}
    entries: list[Entry] = [(0, "opened", OPENED | team)]
    values = {
        "weight_kg": rng.randint(20, 80),
        "age_y": rng.randint(4, 40),
        "spine": "severe scoliosis",
        "cobb_deg": rng.randint(30, 130),
        "platelets": rng.randint(90, 400),
        "interspace": SITES[1],
        "approach": "parasagittal oblique",
    }
    entries += [(5 + n, "value", {"value": key, "is": content}) for n, (key, content) in enumerate(values.items())]
    entries += [(60 + 20 * n, "check", {"check": check}) for n, check in enumerate(LUMBAR.check)]
    at = 600.0

    def mark(name: str, after: float, **carried: Any) -> None:
        nonlocal at
        at += after * rng.uniform(0.7, 1.4)
        entries.append((at, "mark", {"mark": name} | carried))

    mark("scan_started", 5)
    mark("lidocaine_given", 300, lidocaine_ml=3)
    mark("drug_drawn", 60)
    failures = rng.choice([0, 0, 1, 1, 2, 3, 5, 8])
    for n in range(failures + 1):
        if n and n % 3 == 0:
            mark("interspace_changed", 20, interspace=SITES[1 + n // 3])
        mark("skin_puncture", 60, interspace=SITES[1 + n // 3], approach="parasagittal oblique")
        mark("withdrawn" if n < failures else "csf_outflow", 90)
    for name, after in (
        ("csf_collected", 60),
        ("injection_started", 30),
        ("injection_completed", 90),
        ("needle_removed", 15),
        ("compression_started", 10),
        ("compression_ended", 1300),
        ("supine_started", 2),
        ("supine_ended", 22000),
    ):
        mark(name, after)
    entries.append((at - 600, "note", {"text": "Leg movement as before; drank, no headache on sitting up."}))
    for n in range(rng.randint(FEWEST, MOST) - len(entries)):
        what, low, high = ("pulse", 70, 120) if n % 2 else ("spo2", 93, 100)
        entries.append((rng.uniform(300, at), "value", {"value": what, "is": rng.randint(low, high)}))
    return sorted(entries, key=lambda entry: entry[0])


def _entries(session: str, start: int, patient: str, dose: int, course_entries: list[Entry]) -> list[Json]:
    return [
        {
            "id": f"{session}-{seq}",
            "session": session,
            "kind": kind,
            "at": (at := start + int(1000 * after)),
            "tapped": at,
            "device": DEVICE,
            "seq": seq,
            "by": "RR",
            "received": at + WAY_MS,
            "data": data if seq else data | {"patient": patient, "dose": dose},
        }
        for seq, (after, kind, data) in enumerate(course_entries)
    ]


def sessions(count: int, seed: int) -> Iterator[tuple[str, int, list[Json]]]:
    """(id, opened, entries) of `count` past sessions over the last five years; the same seed tells the same courses."""
    rng = random.Random(seed)
    courses = [course(rng) for _ in range(COURSES)]
    last = clock.now_ms() - 24 * 3600 * 1000
    for n in range(count):
        start = last - int(YEARS_MS * (1 - (n + 1) / count))
        session = f"{datetime.fromtimestamp(start / 1000, UTC):%Y%m%d}-past{n:06d}"
        yield session, start, _entries(session, start, f"P-{n // 8:04}", n % 8 + 1, courses[n % COURSES])


def _create(store: Store, session: str, start: int, entries: list[Json]) -> str:
    head = {"session": session, "protocol": LUMBAR.id, "hash": protocols.text_hash(TEXT), "opened": start}
    return store.create(head, entries)


def _store(folder: Path) -> Store:
    store = Store(folder)
    store.keep_protocol(protocols.text_hash(TEXT), TEXT)
    return store


def fill(folder: Path, count: int, seed: int) -> None:
    """Past sessions in Interspace's own store."""
    store = _store(folder)
    for n, (session, start, entries) in enumerate(sessions(count, seed)):
        if n < COURSES:
            events.read_stored(entries)  # they are what the app would have taken
        _create(store, session, start, entries)


def fill_naive(path: Path, count: int, seed: int) -> None:
    """The same sessions in the naive peer's one file, and one more that is under way (the last)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    past: list[Json] = [
        {"session": session, "opened": at, "events": entries} for session, at, entries in sessions(count, seed)
    ]
    with TinyDB(path) as db:
        db.insert_multiple([*past, {"session": "live", "opened": clock.now_ms(), "events": []}])


def begin(folder: Path, patient: str, alarm: bool = False) -> str:
    """A procedure under way, both clocks running, three insertions failed; `alarm`: its prompt is not answered yet."""
    start = clock.now_ms()
    session = store_folder.new_session_id(start)
    plan = {"interspace": SITES[1], "approach": "parasagittal oblique"}
    entries: list[Entry] = [(0, "opened", OPENED | {"operator": "AK", "recorder": "RR"})]
    entries += [(0, "value", {"value": key, "is": chosen}) for key, chosen in plan.items()]
    entries += [(0, "mark", {"mark": "scan_started"}), (0, "mark", {"mark": "lidocaine_given", "lidocaine_ml": 3})]
    entries += 3 * [(0, "mark", {"mark": "skin_puncture"} | plan), (0, "mark", {"mark": "withdrawn"})]
    if not alarm:
        entries.append((0, "answer", {"prompt": "change_interspace", "of": f"{session}-{len(entries) - 1}"}))
    return _create(_store(folder), session, start, _entries(session, start, patient, 1, entries))


def appends(folder: Path, count: int) -> list[float]:
    """How long the store takes for each of `count` appends of one tap, no server near (ms)."""
    store = _store(folder)
    took, session = [], ""
    for n in range(count):
        if n % (MOST - FEWEST) == 0:  # as long as a real session gets, then the next
            session = store_folder.new_session_id(clock.now_ms())
            start = clock.now_ms()
            entries = course(random.Random(n))[:FEWEST]
            _create(store, session, start, _entries(session, start, "P-0001", 1, entries))
        entry = _tap(session, f"{session}-tap-{n}", n)
        began = time.perf_counter()
        store.append(session, [entry])
        took.append(1000 * (time.perf_counter() - began))
    return took


def _tap(session: str, name: str, seq: int) -> Json:
    now = clock.now_ms()
    return {
        "id": name,
        "session": session,
        "kind": "value",
        "at": now,
        "tapped": now,
        "device": DEVICE,
        "seq": seq,
        "by": "RR",
        "data": {"value": "pulse", "is": 90},
    }


class Ward:
    """Tablets as the server sees them: an event stream each, a question when their session changed and every 15 s.

    While `tapping`, each also taps at a ward's pace.
    """

    def __init__(self, url: str, watched: list[str], tablets: int) -> None:
        self.tapping = False
        self.connected = self.taps = 0
        self._url, self._watched, self._count = url, watched, tablets
        self._thread = threading.Thread(target=lambda: asyncio.run(self._all()), daemon=True)
        self._end = threading.Event()

    def __enter__(self) -> "Ward":
        """Returns when all are connected; RuntimeError if they are not within WARD_S."""
        self._thread.start()
        ends = time.monotonic() + WARD_S
        while self.connected < self._count:
            if time.monotonic() > ends:
                self.__exit__()
                raise RuntimeError(f"only {self.connected} of {self._count} tablets could connect within {WARD_S} s")
            time.sleep(0.05)
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join(timeout=10)

    async def _all(self) -> None:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._tablet(n)) for n in range(self._count)]
            while not self._end.is_set():
                await asyncio.sleep(0.1)
            for task in tasks:
                task.cancel()

    async def _tablet(self, n: int) -> None:
        session = self._watched[n % len(self._watched)]
        # No certificates to read: that alone would take seconds for thirty, and nothing here is https.
        async with httpx.AsyncClient(base_url=self._url, verify=False, timeout=httpx.Timeout(10, read=60)) as line:
            with contextlib.suppress(httpx.HTTPError):
                jobs = self._listen(line, session), self._ask(line, session, n), self._touch(line, session, n)
                await asyncio.gather(*jobs)

    async def _listen(self, line: httpx.AsyncClient, session: str) -> None:
        async with line.stream("GET", "/api/events") as stream:
            self.connected += 1
            try:
                async for text in stream.aiter_lines():
                    if text.startswith("data: ") and (change := json.loads(text[6:]))["session"] == session:
                        await line.get(f"/api/sessions/{session}?after={change['version'] - 1}")
            finally:
                self.connected -= 1

    async def _ask(self, line: httpx.AsyncClient, session: str, n: int) -> None:
        await asyncio.sleep(PULL_S * n / self._count)
        while True:
            await line.get(f"/api/sessions/{session}?after=1000")
            await asyncio.sleep(PULL_S)

    async def _touch(self, line: httpx.AsyncClient, session: str, n: int) -> None:
        rng, seq = random.Random(n), 0
        await asyncio.sleep(TAP_S * rng.random())
        while True:
            await asyncio.sleep(TAP_S * rng.uniform(0.3, 1.7) if seq else 0.1)
            if self.tapping:
                seq += 1
                entry = _tap(session, f"ward-{n}-{seq}-{clock.now_ms()}", seq) | {"device": f"ward{n:06}"}
                await line.post(f"/api/sessions/{session}/taps", json={"events": [entry]})
                self.taps += 1
