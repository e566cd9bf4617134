"""How the app starts, or says why it cannot: the real one in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.app import PATIENCE_S, ROOT


@pytest.mark.parametrize("zone", ["Europe/Nowhere", "/etc/passwd", "Europe"])
def test_a_time_zone_that_does_not_exist_ends_the_start_with_a_sentence(tmp_path: Path, zone: str):
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", "0"]
    settings = {"INTERSPACE_DATA": str(tmp_path / "data"), "INTERSPACE_TIME_ZONE": zone}
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | settings, capture_output=True, text=True, timeout=PATIENCE_S
    )
    assert done.returncode != 0
    assert f"expected the name of a time zone, as Europe/Berlin; found {zone!r}" in done.stderr
    assert "Traceback" not in done.stderr
