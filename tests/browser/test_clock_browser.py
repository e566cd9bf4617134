"""A tablet whose clock is put back and on without network: its stamps go on as time does."""

import pytest
from playwright.sync_api import expect

from tests.conftest import Tablets
from tests.helpers.app import App, Json

HOUR_MS = 3600 * 1000
# The tablet's clock shows another time from now on, as when somebody sets it.
SET = "by => { const real = Date.now.bind(Date); Date.now = () => real() + by; }"
SET_AT_LOAD = f"({SET})(%d)"


def marks(record: Json) -> list[Json]:
    entries = sorted(record["events"], key=lambda entry: (entry["at"], entry["seq"]))
    return [entry for entry in entries if entry["kind"] == "mark"]


@pytest.mark.parametrize("steps", [(-HOUR_MS, HOUR_MS), (HOUR_MS, -HOUR_MS), (-40_000, 0)])
def test_stamps_go_on_while_the_clock_is_set_without_network(app: App, tablets: Tablets, steps: tuple[int, int]):
    tablet = tablets(app)
    tablet.bedside(app.begin("P-031"))
    tablet.reads_saved()
    tablet.page.context.set_offline(True)
    touched = [tablet.mark("Start preprocedure scan")]
    for step, label in zip(steps, ("Lidocaine given", "Skin puncture"), strict=True):
        tablet.page.evaluate(SET, step)
        touched.append(tablet.mark(label))
    tablet.page.context.set_offline(False)
    tablet.reads_saved()
    stamped = marks(app.export(tablet.session))
    assert [entry["data"]["mark"] for entry in stamped] == ["scan_started", "lidocaine_given", "skin_puncture"]
    for entry, (before, after) in zip(stamped, touched, strict=True):
        assert before - 1000 < entry["at"] < after + 1000


def test_a_clock_put_back_before_the_page_is_loaded_again_without_network_turns_no_order_round(
    app: App, tablets: Tablets
):
    tablet = tablets(app)
    tablet.bedside(app.begin("P-032"))
    expect(tablet.page.get_by_text("Ready without network")).to_be_visible()
    tablet.page.context.set_offline(True)
    tablet.mark("Start preprocedure scan")
    tablet.page.add_init_script(SET_AT_LOAD % -HOUR_MS)
    tablet.reload()
    _, after = tablet.mark("Lidocaine given")
    tablet.page.context.set_offline(False)
    tablet.reads_saved()
    first, second = marks(app.export(tablet.session))
    assert [entry["data"]["mark"] for entry in (first, second)] == ["scan_started", "lidocaine_given"]
    assert first["at"] <= second["at"] < after + 1000
    second_page = tablet.mark("Skin puncture")  # the server has answered: its time holds again
    last = marks(app.export(tablet.session))[-1]
    assert second_page[0] - 1000 < last["at"] < second_page[1] + 1000
