"""Where things lie: the site's data, the boards' scripts, the page to print, the published punctures."""

import os
from pathlib import Path

_ROOT = Path(__file__).parent.parent
BOARD = _ROOT / "pages" / "board"
REPORT = _ROOT / "pages" / "report"
REFERENCE = _ROOT / "core" / "reference"


def data_folder() -> Path:
    """$INTERSPACE_DATA, else `data/` beside app.py."""
    return Path(os.environ.get("INTERSPACE_DATA") or _ROOT / "data")
