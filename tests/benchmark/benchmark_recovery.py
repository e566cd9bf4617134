"""What the recovery board costs with thirty patients on it, and how quick a tap there is.

    python tests/benchmark/benchmark_recovery.py

All patients are due: one tap each ends compression and starts supine. "Done" means that the card shows what comes next
and that the outbox is empty. Real touches in Chromium; nothing here passes or fails.
"""

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from playwright.sync_api import Page, sync_playwright

from tests.benchmark.benchmark_table import Table
from tests.benchmark.benchmark_touch import FLAGS, Kind, Server, Tapped, running
from tests.helpers.app import chromium
from tests.helpers.full_ward import NEEDLE_OUT, later
from tests.helpers.past import happened_in

PATIENTS, ROUNDS, WATCHED_S = 30, 3, 20
DUE_MIN = 21  # since compression began


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="interspace-recovery-") as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        codes = ward(Path(folder) / "data")
        table = Table(ROUNDS)
        with running(Server(Path(folder) / "log", "app.py", folder=Path(folder) / "data")) as server:
            page = browser.new_context(has_touch=True, viewport={"width": 1180, "height": 820}).new_page()
            page.goto(f"{server.url}/recovery")
            page.locator(".ward[data-ready=true]").wait_for()
            time.sleep(3)
            cost(table, server, page)
            taps(table, page, codes)
        browser.close()
    print(table)


def ward(folder: Path) -> list[str]:
    """Patients whose compression has lasted as long as it must; their codes."""
    codes = [f"P-{n + 1:03}" for n in range(PATIENTS)]
    past = (*later(NEEDLE_OUT, 313 - DUE_MIN), (DUE_MIN, "compression_started"))
    for code in codes:
        happened_in(folder, *past, device="tablet0001", patient=code, dose=1)
    return codes


def cost(table: Table, server: Server, page: Page) -> None:
    """What server and browser take while nobody touches anything."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("Performance.enable")

    def spent() -> dict[str, float]:
        metrics = {metric["name"]: metric["value"] for metric in cdp.send("Performance.getMetrics")["metrics"]}
        return metrics | {"server": server.cpu_s()}

    before, began = spent(), time.monotonic()
    time.sleep(WATCHED_S)
    after, took = spent(), time.monotonic() - began
    table.head(f"{PATIENTS} patients on the board, of one core", columns=False)
    for name, words in (
        ("server", "server"),
        ("TaskDuration", "browser's main thread"),
        ("ScriptDuration", "  script"),
    ):
        table.one(words, 100 * (after[name] - before[name]) / took, "%")


def taps(table: Table, page: Page, codes: list[str]) -> None:
    """One tap for each patient."""
    figures: dict[str, list[float]] = {}
    unseen = 0
    for code in codes:
        place = f'article[aria-label="{code}"] .acts'
        kind: Kind = (".recovery-place", place, (f"{place} .btn.go",))
        tapped = Tapped(page, kind)
        tapped.tap(0.1)
        unseen += tapped.unseen
        for name, took in tapped.figures.items():
            figures.setdefault(name, []).extend(took)
    table.head(f"End compression, start supine: {len(codes)} taps, in ms")
    table.row("tap → the card shows what comes next: painted", figures.get("painted"))
    table.row("tap → done: on disk and acknowledged, both marks", figures.get("acked"), 100)
    table.unseen(unseen, len(codes))


if __name__ == "__main__":
    main()
