"""How quick Interspace is, beside the platform's floor and a naive peer, and against its targets (DESIGN.md, 5).

    python tests/benchmark.py [--quick] [--folder FOLDER]

Taps are real touches in Chromium; a probe in the page reads when the finger lifted, when the page had changed, when
that was painted, when the outbox was empty; the other tablet is a second browser context, and one machine has one
clock. All servers are on 127.0.0.1 and end with the benchmark. Nothing here passes or fails: it prints a table.
"""

import argparse
import math
import os
import platform
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import streamlit
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from tests import benchmark_data as data
from tests.app import chromium

LONGEST_S = 15 * 60  # then it ends, whatever it is doing
SEED = 2
FEW, MANY, NAIVE_MANY, TABLETS = 10, 10_000, 1_000, 30
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
BOARD = (".board-place", ".last .what", ("button.mark:has-text('Skin puncture')", "button.mark:has-text('Withdrawn')"))
PEER = ("", ".st-key-count", ("button:has-text('Tap')",))
TAP_EVERY_S = 0.4  # the board takes the same mark again after 0.7 s; marks alternate

PROBE = """([host, watched]) => {
  const root = host ? document.querySelector(host).shadowRoot : document.body;
  const now = () => performance.timeOrigin + performance.now();
  const read = () => root.querySelector(watched)?.textContent || null;
  let before = read();
  window.arm = () => { before = read(); window.probe = {}; };
  arm();
  addEventListener("pointerup", (tap) => (probe.lifted ??= performance.timeOrigin + tap.timeStamp), true);
  const afterPaint = ({ port1, port2 }, mine) => {
    port1.onmessage = () => (mine.painted = now());
    port2.postMessage(0);
  };
  new MutationObserver(() => {
    const text = read(), mine = probe;
    if (text === null || text === before || mine.changed) return;
    Object.assign(mine, { changed: now(), text });
    requestAnimationFrame(() => { mine.frame = now(); afterPaint(new MessageChannel(), mine); });
  }).observe(root, { subtree: true, childList: true, characterData: true });
  const remove = Storage.prototype.removeItem;
  Storage.prototype.removeItem = function (key) {
    remove.call(this, key);
    if (key.startsWith("is:out:") && !Object.keys(this).some((one) => one.startsWith("is:out:"))) probe.acked ??= now();
  };
}"""


class Server:
    """One `streamlit run` on a free port of 127.0.0.1."""

    def __init__(self, log: Path, *words: str, folder: Path | None = None) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url, self.folder, self._log = f"http://127.0.0.1:{port}", folder, log
        self._ready = "/api/health" if folder else "/_stcore/health"
        script, *more = words
        self._command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port),
                         "--server.address", "127.0.0.1", "--", *more]  # fmt: skip
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Seconds from starting the process to its health route's 200."""
        environment = os.environ | {"PYTHONPATH": str(ROOT), "INTERSPACE_DATA": str(self.folder or "")}
        began = time.perf_counter()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        while True:
            try:
                with urlopen(self.url + self._ready, timeout=5) as answer:
                    if answer.status == 200:
                        return time.perf_counter() - began
            except (URLError, OSError):
                pass
            if self._process.poll() is not None or time.perf_counter() - began > 60:
                raise RuntimeError("A server did not start:\n" + self._log.read_text()[-2000:])
            time.sleep(0.01)

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()

    def cpu_s(self) -> float:
        """Processor time of the server so far (Linux)."""
        assert self._process
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """The server, killed at the end."""
    try:
        server.start()
        yield server
    finally:
        server.kill()


@dataclass
class Tapped:
    """One app under the finger: the tablet that taps, perhaps one that looks on, and what was measured (ms)."""

    own: Page
    kind: tuple[str, str, tuple[str, ...]]
    other: Page | None = None
    lost: int = 0
    figures: dict[str, list[float]] = field(default_factory=dict)
    last: float = 0
    taps: int = 0

    def __post_init__(self) -> None:
        for page in filter(None, (self.own, self.other)):
            page.locator(self.kind[1]).first.wait_for(state="attached")
            page.evaluate(PROBE, list(self.kind[:2]))

    def tap(self, pause: float = 0.0, offline: bool = False, patience_s: float = 15) -> None:
        """One touch; returns when everybody knows."""
        time.sleep(max(0, self.last + TAP_EVERY_S - time.monotonic()) + pause)
        for page in filter(None, (self.own, self.other)):
            page.evaluate("arm()")
        button = self.own.locator(self.kind[2][self.taps % len(self.kind[2])]).first
        button.tap()
        self.taps, self.last = self.taps + 1, time.monotonic()
        board = bool(self.kind[0])
        try:
            _until(self.own, "painted" if offline or not board else "acked && probe.painted", patience_s)
            if self.other and not offline:
                _until(self.other, "painted", patience_s)
        except Error:
            self.lost += 1
            return
        own = self.own.evaluate("probe")
        seen = {"changed": own["changed"], "painted": own["painted"], "frame": own["frame"]}
        if not offline and board:
            seen["acked"] = own["acked"]
        elif " " in own["text"].strip():
            seen["acked"] = float(own["text"].split()[1])  # the naive peer says when its file was written
        if self.other and not offline:
            seen["other"] = self.other.evaluate("probe.painted")
        for name, moment in seen.items():
            self.figures.setdefault(name, []).append(moment - own["lifted"])


def _until(page: Page, what: str, patience_s: float) -> None:
    page.wait_for_function(f"probe.{what}", polling=15, timeout=patience_s * 1000)
