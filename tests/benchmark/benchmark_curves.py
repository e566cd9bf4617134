"""How quick the learning curves are over years of procedures, and a naive peer beside them in the same run.

    python tests/benchmark/benchmark_curves.py [--quick]      (10,000 invented procedures; quick: 2,000)

A first draw is from opening the address in a fresh browser, on a server that was started just before, until the last
chart stands; a rerun from the finger on an operator until the sentences and charts of that operator stand. Nothing
here passes or fails: it prints a table. On a busy machine compare ratios, and with the platform's floor.
"""

import argparse
import os
import platform
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[2]))

from playwright.sync_api import Browser, Page, sync_playwright

from core.curves import cases
from core.store import Store
from tests.benchmark.benchmark import FLAGS, PEERS, SEED, Server
from tests.helpers import invented
from tests.helpers.app import chromium
from tests.helpers.tables import LUMBAR

MANY, QUICK, ROUNDS = 10_000, 2_000, 3
PEER = "tests/benchmark/benchmark_curves_peer.py"
PATIENCE_MS = 180_000
OPERATORS = [operator.name for operator in invented.ward().operator]
# So many drawings stand on the page, none of them being replaced.
DRAWN = """(charts) => [...document.querySelectorAll(".vega-embed svg, .vega-embed canvas")]
  .filter((one) => one.getBoundingClientRect().width > 100).length >= charts"""
SAID = "(words) => document.body.innerText.includes(words)"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    count = QUICK if parser.parse_args().quick else MANY
    load = f"{os.getloadavg()[0]:.1f} processes wait for {os.cpu_count()} cores (1: one is busy all the time)"
    print(f"{count} procedures, {platform.processor() or platform.machine()}, {load}\n")
    rows(count)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name) / "data"
        tell("stored as session files", fill(folder, count))
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        floor(browser, Path(name))
        ours(browser, folder, Path(name))
        naive(browser, folder, Path(name))


def rows(count: int) -> None:
    """Without a server: what the work itself costs."""
    began = time.perf_counter()
    rows = invented.rows(count, SEED)
    tell("told and read by the engine, to rows", time.perf_counter() - began)
    began = time.perf_counter()
    frame = cases.cases(rows, LUMBAR).frame
    tell("rows to cases", time.perf_counter() - began)
    print(f"{'  memory of the cases':<52}{frame.memory_usage(deep=True).sum() / 1e6:>9.1f} MB")


def fill(folder: Path, count: int) -> float:
    """Stores them; flushes are left out, as they are of the disk and not of the curves."""
    began, flush = time.perf_counter(), os.fsync
    os.fsync = lambda _: None  # type: ignore[assignment]
    try:
        invented.fill(Store(folder), count, SEED)
    finally:
        os.fsync = flush
    return time.perf_counter() - began


def floor(browser: Browser, scratch: Path) -> None:
    """The least that a Streamlit page can be: one word. What is above it is ours."""
    server, draws = Server(scratch / "floor.log", PEERS, "floor"), []
    for _ in range(ROUNDS):
        server.start()
        page = fresh(browser)
        began = time.perf_counter()
        page.goto(server.url)
        page.locator(".st-key-count").wait_for()
        draws.append(time.perf_counter() - began)
        page.context.close()
        server.kill()
    tell("Platform's floor: first draw of one word", *draws)


def ours(browser: Browser, folder: Path, scratch: Path) -> None:
    """Interspace: the first start reads every record, later ones the index."""
    server = Server(scratch / "ours.log", "app.py", folder=folder)
    server.start()
    page = fresh(browser)
    tell("Interspace: first draw of all, no index yet", first(page, f"{server.url}/curves", 5))
    page.context.close()
    time.sleep(3)  # the index is written down once the months are quiet
    server.kill()
    draws, worked = [], []
    for _ in range(ROUNDS):
        server.start()
        memory, before = rss(server), server.cpu_s()
        page = fresh(browser)
        draws.append(first(page, f"{server.url}/curves", 5))
        worked.append(server.cpu_s() - before)
        if len(draws) < ROUNDS:
            page.context.close()
            server.kill()
    tell("Interspace: first draw", *draws)
    tell("  processor time of the server in it", *worked)
    new = [choose(page, name, f"{name}: ", 6) for name in OPERATORS]
    tell("Interspace: another operator, drawn for the first time", *new)
    again = [choose(page, name, f"{name}: ", 6) for name in OPERATORS * 2]
    tell("Interspace: another operator, drawn before", *again)
    print(f"{'  server before and after (resident)':<52}{memory:>5.0f} → {rss(server):.0f} MB")
    print(f"{'  the page, JavaScript heap':<52}{heap(page):>9.1f} MB\n")
    server.kill()


def naive(browser: Browser, folder: Path, scratch: Path) -> None:
    """The peer that parses everything at each rerun."""
    server = Server(scratch / "peer.log", PEER, str(folder))
    server.start()
    page = fresh(browser)
    tell("Naive peer: first draw", first(page, server.url, 4))
    tell("Naive peer: another operator", *[choose(page, name, f"cases of {name}", 4) for name in OPERATORS[:2]])
    print(f"{'  server (resident)':<52}{rss(server):>9.0f} MB")
    print(f"{'  the page, JavaScript heap':<52}{heap(page):>9.1f} MB")
    server.kill()


def fresh(browser: Browser) -> Page:
    page = browser.new_context(has_touch=True, viewport={"width": 1180, "height": 820}).new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


def first(page: Page, url: str, charts: int) -> float:
    began = time.perf_counter()
    page.goto(url)
    page.wait_for_function(DRAWN, arg=charts)
    return time.perf_counter() - began


def choose(page: Page, operator: str, words: str, charts: int) -> float:
    """Seconds from the finger on an operator until the page speaks of that operator, all charts standing."""
    began = time.perf_counter()
    page.get_by_role("radio", name=operator, exact=True).or_(
        page.get_by_role("button", name=operator, exact=True)
    ).first.tap()
    page.wait_for_function(SAID, arg=words)
    page.wait_for_function(DRAWN, arg=charts)
    return time.perf_counter() - began


def rss(server: Server) -> float:
    """Resident memory of the server (MB, Linux)."""
    assert server._process
    status = Path(f"/proc/{server._process.pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) / 1000


def heap(page: Page) -> float:
    """What the page's scripts hold (MB)."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("Performance.enable")
    return (
        next(
            metric["value"]
            for metric in cdp.send("Performance.getMetrics")["metrics"]
            if metric["name"] == "JSHeapUsedSize"
        )
        / 1e6
    )


def tell(what: str, *seconds: float) -> None:
    spread = f"  ({min(seconds):.2f}–{max(seconds):.2f}, n = {len(seconds)})" if len(seconds) > 1 else ""
    print(f"{what:<52}{median(seconds):>9.2f} s{spread}", flush=True)


if __name__ == "__main__":
    main()
