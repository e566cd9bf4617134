"""The colour roles of pages/board/style/tokens.css, for what is not drawn by the browser's own style: charts."""

import re
from functools import cache

from core.paths import BOARD

ROLE = re.compile(r"--([a-z0-9-]+)\s*:\s*(#[0-9a-fA-F]{6})")
BLOCK = re.compile(r'(?m)^(:root|\[data-theme="?dark"?\])\s*\{(.*?)\}', re.DOTALL)


@cache
def roles(dark: bool) -> dict[str, str]:
    """Colour role → "#rrggbb", of the light or the dark room."""
    colours: dict[str, str] = {}
    for place, block in BLOCK.findall((BOARD / "style" / "tokens.css").read_text(encoding="utf-8")):
        if place == ":root" or dark:
            colours |= dict(ROLE.findall(block))
    return colours
