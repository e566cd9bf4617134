"""How long finding and each export take, and in how much memory. By hand:

    .venv/bin/python tests/benchmark/benchmark_records.py [--records 10000]

Each line is a process of its own, so that its memory is its own. "first": the index is built, as after an update.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from core.records import index

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

MANY = ("csv", "csv-insertions", "redcap", "archive", "fhir")


def main() -> None:
    """Fills a folder and prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        measure(options.one)
        return
    with tempfile.TemporaryDirectory() as folder:
        os.environ["INTERSPACE_DATA"] = f"{folder}/data"
        fill(Path(folder) / "data", options.records)
        for what in ("first", "find", *MANY, "import"):
            subprocess.run([sys.executable, __file__, "--one", what], check=True, env=os.environ | {"BENCH": folder})


def fill(folder: Path, number: int) -> None:
    """Past sessions, not flushed one by one: only reading is measured here."""
    from tests.benchmark import benchmark_data

    flush, os.fsync = os.fsync, lambda _: None
    benchmark_data.fill(folder, number, seed=1)
    os.fsync = flush


def measure(what: str) -> None:
    """Does one thing and prints its figures."""
    from core.records import sessions
    from core.records.find import Wanted, find
    from core.store import Store
    from core.transfer import exports, import_archive

    folder, before = Path(os.environ["BENCH"]), time.perf_counter()
    rows = index.index().rows()
    read, before = time.perf_counter() - before, time.perf_counter()
    size = 0
    if what == "find":
        matches = find(
            rows, Wanted(patient="P-1", operator="AK", outcome="Success", since=rows[len(rows) // 2].opened_at)
        )
        size = len(matches)
    elif what in MANY:
        with (folder / what).open("wb") as out:
            chosen = rows[:100] if what == "fhir" else rows  # each with its report, which takes a second to draw
            for _ in exports.write(what, sessions.store(), chosen, out):
                pass
        size = (folder / what).stat().st_size
    elif what == "import":
        store = Store(folder / "other")
        flush, os.fsync = os.fsync, lambda _: None
        *_, plan = import_archive.plan(store, (folder / "archive").read_bytes())
        size = sum(1 for _ in import_archive.write(store, plan))  # type: ignore[arg-type]
        os.fsync = flush
    took = time.perf_counter() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    times = f"index {read:6.2f} s  itself {took:6.2f} s"
    print(f"{what:15} {len(rows):6} records  {times}  size {size:>12,}  peak {peak:5.0f} MB")


if __name__ == "__main__":
    main()
