"""Every screen as axe reads it, in light and in the dark room, on a tablet held either way; what pages say and send."""

from collections.abc import Iterator

from playwright.sync_api import expect

from tests.conftest import Tablets
from tests.helpers.accessible import Listener, faults
from tests.helpers.app import App
from tests.helpers.tables import LUMBAR
from tests.helpers.tablet import Tablet


def test_no_screen_breaks_a_rule_of_accessibility_complains_or_asks_another_host(app: App, tablets: Tablets):
    tablet = tablets(app)
    heard = Listener(tablet.page, app.url)
    broken = {screen: seen for screen in screens(tablet, "P-axe") if (seen := faults(tablet.page))}
    assert broken == {}
    assert heard.errors == []
    assert heard.away == []


def test_the_board_is_dark_in_a_dark_room_and_light_in_a_light_one(app: App, tablets: Tablets):
    session = app.begin("P-themes")
    for theme, is_dark in (("light", False), ("dark", True)):
        tablet = tablets(app, theme=theme)
        for go in (tablet.start, lambda tablet=tablet: tablet.bedside(session)):
            go()
            heading = tablet.page.get_by_role("heading", level=1)
            red, green, blue = heading.evaluate("(one) => getComputedStyle(one).color.match(/\\d+/g).slice(0, 3)")
            assert (int(red) + int(green) + int(blue) > 3 * 128) == is_dark


def screens(tablet: Tablet, patient: str) -> Iterator[str]:
    """Goes from Start through a procedure and stops at each thing there is to see; yields its name."""
    yield from before_bedside(tablet, patient)
    yield from panels(tablet)
    tablet.look_at("Scan")
    yield "looking at another phase"
    tablet.pick("L2–L3")
    tablet.pick("Transforaminal")
    yield "a choice with its warning"
    tablet.mark("Start preprocedure scan")
    tablet.mark("Lidocaine given")
    yield "an amount to record"
    for label in ("Skin puncture", "Withdrawn, no CSF") * 3:
        tablet.mark(label)
    yield "the prompt to change interspace"
    tablet.touch(tablet.banner.get_by_role("button", name="Go on here…"))
    yield "the reasons for going on"
    tablet.mark("Patient wishes to stop")
    yield "the prompt to use CT guidance"
    tablet.mark("Skin puncture")
    tablet.mark("CSF outflow")
    yield "CSF and injection"
    tablet.mark("Start injection")
    tablet.mark("Injection complete")
    tablet.mark("Needle out")
    tablet.mark("Start compression")
    yield "compression"
    tablet.touch(tablet.button("Log"))
    yield "the log with its reviews"
    tablet.page.context.clear_cookies()
    tablet.page.evaluate("localStorage.clear()")
    tablet.reload()
    yield "another tablet watching"


def before_bedside(tablet: Tablet, patient: str) -> Iterator[str]:
    tablet.start()
    yield "Start"
    tablet.touch(tablet.page.get_by_role("button", name="New procedure"))
    expect(tablet.page.get_by_label("Patient code")).to_be_visible()
    yield "New procedure"
    tablet.choose_protocol(LUMBAR.short)
    fill(tablet, "no code")
    expect(tablet.page.get_by_text("Patient code: expected")).to_be_visible()
    yield "a patient code that cannot be one"
    fill(tablet, patient)
    tablet.touch(tablet.page.get_by_role("button", name="Open Bedside"))
    tablet.ready()
    yield "Bedside, Preparation"
    tablet.touch(tablet.page.get_by_role("link", name="Back to Start"))
    tablet.touch(tablet.page.get_by_role("button", name="New procedure"))
    tablet.choose_protocol(LUMBAR.short)
    fill(tablet, patient)
    expect(tablet.page.get_by_text("has a procedure under way")).to_be_visible()
    yield "a warning of a second procedure"
    tablet.touch(tablet.page.get_by_role("button", name="Open a second procedure at Bedside"))
    tablet.ready()


def panels(tablet: Tablet) -> Iterator[str]:
    for label in ("Complication", "Note", "Late…", "More…", "Log", "Weight", "Nash–Moe grade, lumbar maximum"):
        tablet.touch(tablet.button(label))
        expect(tablet.place("Panel")).to_be_visible()
        yield f"the panel {label}"
        tablet.touch(tablet.place("Panel").get_by_role("button", name="Close"))


def fill(tablet: Tablet, patient: str) -> None:
    tablet.page.get_by_label("Patient code").fill(patient)
    tablet.page.keyboard.press("Tab")
