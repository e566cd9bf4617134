"""The real app in a process of its own: started, killed, and started again on the same port and folder."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from core import clock
from core.records import sessions
from core.store import Store, new_session_id

Json = dict[str, Any]
ROOT = Path(__file__).parent.parent.parent
PATIENCE_S = 20  # how long anything may take on a slow machine before a test gives up on it


class App:
    """`streamlit run app.py` over a data folder; `root`: where the program stands."""

    def __init__(self, folder: Path, root: Path = ROOT) -> None:
        self.folder, self.root = folder, root
        self.url = f"http://127.0.0.1:{_free_port()}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when the app answers that it can use its data folder."""
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", self.url.rpartition(":")[2]]
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder.parent / f"{self.folder.name}.log").open("ab") as log:
            self._process = subprocess.Popen(command, cwd=self.root, env=self._environment(), stdout=log, stderr=log)
        deadline = time.monotonic() + PATIENCE_S
        while not self._healthy():
            assert self._process.poll() is None, f"the app ended by itself: see {log.name}"
            assert time.monotonic() < deadline, f"the app does not answer: see {log.name}"
            time.sleep(0.05)

    def kill(self) -> None:
        """As a power cut would end it: kill -9."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def begin(self, patient: str, device: str = "tablet0001") -> str:
        """Opens a procedure as New procedure does, recorded by this device; its session."""
        opened = {"patient": patient, "dose": 1, "operator": "AK", "recorder": "RR", "drill": False}
        session = new_session_id(clock.now_ms())
        return sessions.begin(Store(self.folder), session, "lumbar-nusinersen", opened, {}, device)

    def export(self, session: str) -> Json:
        """The record as the command line exports it."""
        (record,) = self.command("export", "--format", "json", "--session", session)
        return record

    def command(self, *words: str) -> Any:
        """What `python -m core …` prints over this app's folder."""
        command = [sys.executable, "-m", "core", *words]
        done = subprocess.run(command, cwd=ROOT, env=self._environment(), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def _environment(self) -> dict[str, str]:
        return os.environ | {"INTERSPACE_DATA": str(self.folder)}

    def _healthy(self) -> bool:
        try:
            with urlopen(f"{self.url}/api/health", timeout=5) as answer:
                return answer.status == 200
        except (URLError, OSError):
            return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def chromium() -> str:
    """The system's browser: $CHROMIUM, else what Debian calls it."""
    names = (os.environ.get("CHROMIUM"), shutil.which("chromium"), shutil.which("chromium-browser"))
    path = next((name for name in names if name), None)
    assert path, "no chromium on PATH: apt install chromium, or set CHROMIUM"
    return path
