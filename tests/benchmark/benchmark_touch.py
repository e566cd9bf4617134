"""What the benchmarks drive: servers in processes of their own, and pages under a real finger that are read by a probe.

The probe reads when the finger lifted, when the page had changed, when that was painted, when the outbox was empty.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Error, Page

from tests.helpers.app import ROOT

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A host of a shadow root ("" for none), what is watched in it, what is touched in turn.
Kind = tuple[str, str, tuple[str, ...]]
MARKS = ("button.mark:has-text('Skin puncture')", "button.mark:has-text('Withdrawn')")
BOARD: Kind = (".board-place", ".last .what", MARKS)
PEER: Kind = ("", ".st-key-count", ("button:has-text('Tap')",))
PATIENCE_S = 15  # a tap that nobody shows by then counts as unseen
TAP_EVERY_S = 0.4  # the board takes the same mark again after 0.7 s; marks alternate

PROBE = """([host, watched]) => {
  const root = host ? document.querySelector(host).shadowRoot : document.body;
  const now = () => performance.timeOrigin + performance.now();
  const read = () => root.querySelector(watched)?.textContent || null;
  let before = read();
  window.arm = () => { before = read(); window.probe = {}; };
  arm();
  addEventListener("click", (tap) => {
    probe.heard ??= now();
    probe.browser ??= now() - performance.timeOrigin - tap.timeStamp;
    const mine = probe;
    requestAnimationFrame(() => (mine.next = mine.changed !== undefined));
  }, true);
  const afterPaint = ({ port1, port2 }, mine) => {
    port1.onmessage = () => (mine.painted = now());
    port2.postMessage(0);
  };
  new MutationObserver(() => {
    const text = read(), mine = probe;
    if (text === null || text === before || mine.changed) return;
    Object.assign(mine, { changed: now(), text });
    requestAnimationFrame(() => afterPaint(new MessageChannel(), mine));
  }).observe(root, { subtree: true, childList: true, characterData: true });
  const remove = Storage.prototype.removeItem, waits = (key) => key.startsWith("is:out:");
  Storage.prototype.removeItem = function (key) {
    remove.call(this, key);
    if (waits(key) && !Object.keys(this).some(waits)) probe.acked ??= now();
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
        self._command = [
            sys.executable,
            "-m",
            "streamlit",
            "run",
            script,
            "--server.port",
            str(port),
            "--server.address",
            "127.0.0.1",
            "--",
            *more,
        ]
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
    kind: Kind
    other: Page | None = None
    figures: dict[str, list[float]] = field(default_factory=dict)
    taps: int = 0
    unseen: int = 0
    at_once: int = 0
    last: float = 0

    def __post_init__(self) -> None:
        for page in filter(None, (self.own, self.other)):
            page.locator(self.kind[1]).first.wait_for(state="attached")
            page.evaluate(PROBE, list(self.kind[:2]))

    def tap(self, pause_s: float, offline: bool = False) -> None:
        """One touch after a pause; returns when everybody knows, or after PATIENCE_S."""
        time.sleep(max(0, self.last + TAP_EVERY_S - time.monotonic()) + pause_s)
        other = None if offline else self.other
        for page in filter(None, (self.own, other)):
            page.evaluate("arm()")
        self.own.locator(self.kind[2][self.taps % len(self.kind[2])]).first.tap()
        self.taps, self.last = self.taps + 1, time.monotonic()
        acknowledged = bool(self.kind[0]) and not offline  # a board of ours, with an outbox
        try:
            _until(self.own, "painted && probe.acked" if acknowledged else "painted")
            if other:
                _until(other, "painted")
        except Error:
            self.unseen += 1
            time.sleep(PATIENCE_S / 3)  # a straggler must not be taken for the next tap
            return
        probe = self.own.evaluate("probe")
        self._keep("browser", probe["browser"])
        self.at_once += probe["next"]
        for name in ("changed", "painted", "acked"):
            if name in probe:
                self._keep(name, probe[name] - probe["heard"])
        if len(parts := probe["text"].split()) == 2 and self.kind is PEER:  # the naive peer tells when it was on disk
            self._keep("acked", float(parts[1]) - probe["heard"])
        if other:
            self._keep("other", other.evaluate("probe.painted") - probe["heard"])

    def close(self) -> None:
        for page in filter(None, (self.own, self.other)):
            page.context.close()

    def _keep(self, name: str, took: float) -> None:
        self.figures.setdefault(name, []).append(took)


def _until(page: Page, what: str) -> None:
    page.wait_for_function(f"probe.{what}", polling=15, timeout=PATIENCE_S * 1000)
