"""Pages as axe reads them, held either way, in light and in the dark room; what pages complain of and ask of others.

axe looks into the board's open shadow root too. Its rules are taken whole, best practices included. In the dark only
contrast is read again: no other rule depends on colours.
"""

import re
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Request

HELD = {"upright": (820, 1180), "lying": (1180, 820)}
EVERY_RULE = {"resultTypes": ["violations"]}
CONTRAST = EVERY_RULE | {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
# Streamlit asks below the page's own path first, is told 404, and then asks at the root.
PROBES = re.compile(r"/\w+/_stcore/(health|host-config)\b")
SIDEWAYS = "document.scrollingElement.scrollWidth - innerWidth"
# Streamlit draws its own parts anew when the room turns dark; pages without it follow by their style sheet alone.
IS_IN = """theme => {
  const ground = document.querySelector(".stApp");
  if (!ground) return true;
  const [red, green, blue] = getComputedStyle(ground).backgroundColor.match(/\\d+/g).map(Number);
  return (red + green + blue < 384) === (theme === "dark");
}"""


class Listener:
    """What a page complains of, and what it asks of other hosts."""

    def __init__(self, page: Page, home: str) -> None:
        self.errors: list[str] = []
        self.away: list[str] = []
        self._home = home
        page.on("console", self._complaint)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.context.on("request", self._asked)

    def _complaint(self, message: ConsoleMessage) -> None:
        where = message.location.get("url", "")
        if message.type == "error" and not PROBES.search(where):
            self.errors.append(f"{message.text} ({where})")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((f"{self._home}/", "data:", "blob:")):
            self.away.append(request.url)


def faults(page: Page, sizes: dict[str, tuple[int, int]] = HELD) -> list[str]:
    """Each rule that the page breaks as it stands, with where; also scrolling sideways. Leaves it lying and light."""
    broken: list[str] = []
    for held, (width, height) in sizes.items():
        page.set_viewport_size({"width": width, "height": height})
        broken += [f"{held}: {fault}" for fault in violations(page, EVERY_RULE)]
        over: float = page.evaluate(SIDEWAYS)
        broken += [f"{held}: scrolls sideways by {over} px"] if over > 1 else []
    lit(page, "dark")
    broken += [f"dark: {fault}" for fault in violations(page, CONTRAST)]
    lit(page, "light")
    return broken


def lit(page: Page, theme: str) -> None:
    """Makes the room light or dark under an open page."""
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page.wait_for_function(IS_IN, arg=theme)


def violations(page: Page, options: dict[str, Any]) -> list[str]:
    broken: list[dict[str, Any]] = Axe().run(page, options=options).response["violations"]
    return [f"{rule['id']}: {node['html'][:160]}" for rule in broken for node in rule["nodes"]]
