"""How quick Interspace is, beside the platform's floor and a naive peer, and against its targets (DESIGN.md, 5).

    python tests/benchmark/benchmark.py [--quick] [--folder FOLDER]      (on two busy cores 11 minutes; quick: 3)

Taps are real touches in Chromium; a probe in the page reads when the finger lifted, when the page had changed, when
that was painted, when the outbox was empty; the other tablet is a second browser context, and one machine has one
clock. All servers are on 127.0.0.1 and end with the benchmark. Nothing here passes or fails: it prints a table.
"""

import argparse
import os
import platform
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[2]))

import streamlit
from playwright.sync_api import Browser, Error, Page, sync_playwright

from tests.benchmark import benchmark_data as data
from tests.benchmark.benchmark_table import Table
from tests.benchmark.benchmark_touch import BOARD, FLAGS, PEER, Server, Tapped, running
from tests.helpers.app import chromium

LONGEST_S = 12 * 60  # then it ends, whatever it is doing
SEED = 2
BEGAN = time.perf_counter()
FEW, MANY, MANY_QUICK, NAIVE_MANY, TABLETS = 10, 10_000, 2_000, 1_000, 30
NAIVE_S = 75  # no longer than this on each naive peer

PEERS = "tests/benchmark/benchmark_peer.py"
FRAME_MS = 16.7
NAMES = {"painted": "tap → own screen", "acked": "tap → on disk", "other": "tap → other tablet"}
ONE_WORD = """<button style="height: 96px" onclick="count.textContent = +count.textContent + 1">Tap</button>
<p id="count" class="st-key-count">0</p>"""
NOTES = """A tap counts from when the page hears it. p50: half of the taps took at most this; p95: 19 of 20
did; each is the median of {rounds} rounds. Whatever else this machine does at the time shows: compare
ratios before milliseconds.
"""


class Benchmark:
    """The whole run, in sections; each adds to the table."""

    def __init__(self, folder: Path, browser: Browser, quick: bool) -> None:
        self.folder, self.browser, self.quick = folder, browser, quick
        self.kept = ExitStack()
        self.rounds = 3 if quick else 4
        self.table = Table(self.rounds)
        self.many = MANY_QUICK if quick else MANY
        self.rng = random.Random(SEED)

    def pauses(self, count: int) -> Iterator[float]:
        """As many pauses as taps, so that no tap keeps step with a clock."""
        return (self.rng.uniform(0, 0.15) for _ in range(count))

    def open(self, server: Server, path: str = "", device: str = data.DEVICE) -> Page:
        """A tablet of its own with a page open."""
        context = self.browser.new_context(has_touch=True, viewport={"width": 1180, "height": 820})
        context.set_default_timeout(60_000)
        context.add_cookies([{"name": "interspace_device", "value": device, "url": server.url}])
        page = context.new_page()
        page.goto(server.url + path)
        return page

    def bedside(self, server: Server, patient: str, watched: bool = False, alarm: bool = False) -> Tapped:
        """A procedure of its own, recorded on one tablet and perhaps watched on another; with a prompt unanswered."""
        assert server.folder
        path = f"/bedside?s={data.begin(server.folder, patient, alarm)}"
        return Tapped(self.open(server, path), BOARD, self.open(server, path, "tablet0002") if watched else None)

    def run(self) -> None:
        few, many = (self.interspace(count) for count in (FEW, self.many))
        self.append_alone(few, many)
        self.cold_start(few, many)
        with self.kept:
            ours = self.taps(few, many)
            self.ward(many)
        self.naive(ours)

    def interspace(self, count: int) -> Server:
        _tell(f"storing {count} past sessions")
        folder = self.folder / f"past-{count}"
        data.fill(folder, count, SEED)
        return Server(self.folder / f"past-{count}.log", "app.py", folder=folder)

    def append_alone(self, few: Server, many: Server) -> None:
        _tell("appending, no server")
        took: dict[int, list[float]] = {FEW: [], self.many: []}
        for _ in range(self.rounds):
            for count, server in ((FEW, few), (self.many, many)):
                took[count] += data.appends(server.folder, 60 if self.quick else 200)
        self.table.head("The store alone: one tap appended and flushed, in ms")
        for count in took:
            self.table.row(f"{count:,} past sessions", took[count])
        self.table.ratio(f"{self.many:,} against {FEW}", took[self.many], took[FEW])

    def cold_start(self, few: Server, many: Server) -> None:
        self.table.head("Cold start: process started again after a kill -9, median", columns=False)
        for count, server in ((FEW, few), (self.many, many)):
            _tell(f"cold starts with {count} past sessions")
            path = f"/bedside?s={data.begin(server.folder, 'P-9000')}"
            first, *again = [self.start(server, path) for _ in range(2 if self.quick else 4)]
            self.table.one(f"{count:,} past: process → health 200", median(healthy_s for healthy_s, _ in again), "s", 3)
            self.table.one(
                f"{count:,} past: process → first Bedside drawn", median(drawn_s for _, drawn_s in again), "s"
            )
            self.table.one(f"{count:,} past: → health, the very first (makes the index)", first[0], "s")

    def start(self, server: Server, path: str) -> tuple[float, float]:
        """Seconds from starting the process to health, and to Bedside in a browser that was open already."""
        began = time.perf_counter()
        try:
            health = server.start()
            page = self.open(server, path)
            page.locator(".last .what").wait_for()
            drawn = time.perf_counter() - began
            page.context.close()
        finally:
            server.kill()
        return health, drawn

    def taps(self, few: Server, many: Server) -> dict[int, Tapped]:
        """The two folders and the floor in turn, tap by tap, so that all meet the same noise."""
        floor_server = Server(self.folder / "floor.log", PEERS, "floor")
        for server in (few, many, floor_server):
            self.kept.enter_context(running(server))
        servers = {FEW: few, self.many: many}
        ours = {count: self.bedside(server, "P-9001", watched=True) for count, server in servers.items()}
        floor = Tapped(self.open(floor_server), PEER)
        page = self.open(floor_server, "/_stcore/health")
        page.set_content(ONE_WORD)
        word = Tapped(page, PEER)
        count = self.rounds * (8 if self.quick else 25)
        _tell(f"{count} taps each: {FEW} and {self.many} past sessions, and the floor")
        for pause in self.pauses(count):
            for app in (*ours.values(), floor, word):
                app.tap(pause)
        offline = self.bedside(many, "P-9002")
        offline.own.context.set_offline(True)
        alarmed = self.bedside(many, "P-9003", alarm=True)
        for pause in self.pauses(9 if self.quick else 30):
            offline.tap(pause, offline=True)
            alarmed.tap(pause)
        table = self.table
        for past, app in ours.items():
            table.head(f"Interspace with {past:,} past sessions: {count} taps, in ms")
            table.row("tap → own screen: the page has changed", app.figures.get("changed"))
            seen = max(1, app.taps - app.unseen)
            table.one("tap → own screen: taps shown in the very next frame", 100 * app.at_once / seen, "%")
            table.row("tap → own screen: painted", app.figures.get("painted"), FRAME_MS)
            table.row("tap → on disk and acknowledged (outbox empty)", app.figures.get("acked"), 100)
            table.row("tap → other tablet: painted", app.figures.get("other"), 150)
            table.unseen(app.unseen, app.taps)
        table.head("Own screen otherwise, in ms")
        table.row("offline: painted", offline.figures.get("painted"), FRAME_MS)
        table.row("under an alarm that nobody answered: painted", alarmed.figures.get("painted"), FRAME_MS)
        table.row("Chromium's own floor, a bare page that changes one word: painted", word.figures.get("painted"))
        table.row("before each tap, finger lifted → page hears it: Chromium", word.figures.get("browser"))
        table.row("  the same on the board", ours[self.many].figures.get("browser"))
        table.row("  the same under an alarm that nobody answered", alarmed.figures.get("browser"))
        table.head(f"Flat: {self.many:,} past sessions against {FEW}")
        for name, words in NAMES.items():
            most = 1.2 if name == "acked" else None
            table.ratio(words, ours[self.many].figures.get(name), ours[FEW].figures.get(name), most)
        table.head(f"The platform's floor, one button and one counter: {count} taps, in ms")
        table.row("tap → own screen: painted", floor.figures.get("painted"))
        table.ratio("floor against Interspace", floor.figures.get("painted"), ours[self.many].figures.get("painted"))
        table.unseen(floor.unseen, floor.taps)
        for app in (*ours.values(), floor, word, offline, alarmed):
            app.close()
        return ours

    def ward(self, server: Server) -> None:
        """Thirty clients and one real browser on running timers: what they cost, and what a tap then takes."""
        app = self.bedside(server, "P-9004")
        assert server.folder
        session = app.own.url.rpartition("=")[2]
        watched = [session, *(data.begin(server.folder, f"P-91{n:02}") for n in range(9))]
        idle_s = 8 if self.quick else 20
        _tell(f"{TABLETS} tablets: idle for {idle_s} s, then taps with and without them")
        alone: list[float] = []
        among: list[float] = []
        with data.Ward(server.url, watched, TABLETS) as tablets:
            time.sleep(2)
            busy = self.busy(server, idle_s)
            least = tablets.connected
        quiet = self.busy(server, idle_s / 2)
        theirs = 0
        for _ in range(self.rounds):
            alone += self.acknowledged(app)
            with data.Ward(server.url, watched, TABLETS) as tablets:
                tablets.tapping = True
                time.sleep(1)
                among += self.acknowledged(app)
                least, theirs = min(least, tablets.connected), theirs + tablets.taps
        self.table.head(f"{least} tablets and one browser on running timers, {self.many:,} past sessions")
        self.table.one("server while all only watch, of one core", busy, "%", 5)
        self.table.one("  (the browser alone)", quiet, "%")
        self.table.row("tap → acknowledged without them, in ms", alone)
        self.table.row(f"tap → acknowledged while they tap too ({theirs} taps), in ms", among)
        self.table.ratio("with them against without", among, alone, 1.5)
        app.close()

    def busy(self, server: Server, seconds: float) -> float:
        """Per cent of one core that the server takes."""
        before, began = server.cpu_s(), time.monotonic()
        time.sleep(seconds)
        return 100 * (server.cpu_s() - before) / (time.monotonic() - began)

    def acknowledged(self, app: Tapped) -> list[float]:
        app.figures.clear()
        for pause in self.pauses(6 if self.quick else 15):
            app.tap(pause)
        return app.figures.get("acked", [])

    def naive(self, ours: dict[int, Tapped]) -> None:
        few, many = (8, 4) if self.quick else (40, 15)
        for past, against, count in ((FEW, FEW, few), (NAIVE_MANY, self.many, many)):
            file = self.folder / f"naive-{past}" / "db.json"
            data.fill_naive(file, past, SEED)
            _tell(f"{count} taps on the naive peer with {past} past sessions")
            with running(Server(self.folder / f"naive-{past}.log", PEERS, "naive", str(file))) as server:
                app = Tapped(self.open(server), PEER, self.open(server))
                ends = time.monotonic() + NAIVE_S
                for pause in self.pauses(count):
                    if time.monotonic() < ends:
                        app.tap(6 * pause)
                app.close()
            self.table.head(f"The naive peer with {past:,} past sessions: {app.taps} taps, in ms")
            for name, words in NAMES.items():
                self.table.row(words, app.figures.get(name))
            self.table.unseen(app.unseen, app.taps)
            for name, words in NAMES.items():
                what = f"{words}: naive against Interspace with {against:,}"
                self.table.ratio(what, app.figures.get(name), ours[against].figures.get(name))


def _tell(what: str) -> None:
    print(f"{time.perf_counter() - BEGAN:5.0f} s … {what}", file=sys.stderr, flush=True)


def _ended(*_: object) -> None:
    raise SystemExit("ended from outside, or took too long.")  # through every `finally`


def main() -> None:
    """Run everything and print the table, also when a part of it failed."""
    ask = argparse.ArgumentParser(description="How quick Interspace is. Prints a table; nothing passes or fails.")
    quick = f"fewer taps and starts, and {MANY_QUICK:,} past sessions instead of {MANY:,}"
    ask.add_argument("--quick", action="store_true", help=quick)
    ask.add_argument("--folder", help="make the data folders in here (default: the system's temporary folder)")
    options = ask.parse_args()
    for number in (signal.SIGTERM, signal.SIGALRM):
        signal.signal(number, _ended)
    signal.alarm(LONGEST_S)
    load = os.getloadavg()
    with ExitStack() as running_servers:
        folder = running_servers.enter_context(
            tempfile.TemporaryDirectory(prefix="interspace-benchmark-", dir=options.folder)
        )
        playwright = running_servers.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        running_servers.callback(browser.close)
        benchmark = Benchmark(Path(folder), browser, options.quick)
        problem = ""
        try:
            benchmark.run()
        except (Error, RuntimeError, OSError, SystemExit) as error:
            problem = f"\nNot measured further: {error}"
        print(
            f"Interspace benchmark{', quick' if options.quick else ''}: {os.cpu_count()} cores, Python "
            f"{platform.python_version()}, Streamlit {streamlit.__version__}, Chromium {browser.version}, "
            f"load {load[0]:.1f} before and {os.getloadavg()[0]:.1f} after"
        )
        print(f"{NOTES.format(rounds=benchmark.rounds)}{benchmark.table}{problem}")


if __name__ == "__main__":
    main()
