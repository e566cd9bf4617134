"""A tablet that shows the recovery board: cards are found by the patient's code, everything is done by touch."""

import re

from playwright.sync_api import Locator, expect

from tests.conftest import Tablets
from tests.helpers.app import App, Json
from tests.helpers.past import Past, happened_in
from tests.helpers.tables import LUMBAR_TEXT
from tests.helpers.tablet import Moment, Tablet

BEDSIDE = "bedsidetablet"
BOTH = "End compression, start supine"

SETTLES_MS = 2500  # longer than cards stand still after a touch


class Board(Tablet):
    """One browser page of one device, at the recovery board."""

    def __init__(self, tablet: Tablet, by: str = "") -> None:
        super().__init__(tablet.app, tablet.page)
        if by:
            self.page.add_init_script(f"localStorage.setItem('is:by', JSON.stringify('{by}'))")

    def show(self) -> None:
        self.page.goto(f"{self.app.url}/recovery")
        self.ready()

    def ready(self) -> None:
        """Everyone who stands on the board is there."""
        expect(self.page.locator(".ward[data-ready=true]")).to_be_visible()

    def card(self, patient: str) -> Locator:
        return self.page.get_by_role("article", name=patient, exact=True)

    def act(self, patient: str, label: str) -> Locator:
        """A button on a patient's card, by what it begins with."""
        return self.card(patient).get_by_role("button", name=re.compile(f"^{re.escape(label)}"))

    def open(self, patient: str) -> Locator:
        """A patient's sheet beside the board."""
        self.touch(self.act(patient, "Observe…"))
        expect(self.sheet).to_contain_text(patient)
        return self.sheet

    @property
    def sheet(self) -> Locator:
        return self.page.get_by_role("region", name="Panel")

    def within(self, label: str) -> Locator:
        """A button of the sheet."""
        return self.sheet.get_by_role("button", name=re.compile(f"^{re.escape(label)}"))

    def close(self) -> None:
        self.touch(self.within("Close"))
        expect(self.sheet).to_have_count(0)

    def end_early(self, patient: str, what: str) -> Moment:
        """Holds the quiet button that ends a timer before its time; its label says what it writes."""
        return self.hold(self.act(patient, early(what)))

    def order(self) -> list[str]:
        """The patients' codes from the top."""
        return [str(card.get_attribute("aria-label")) for card in self.page.get_by_role("article").all()]

    def settles(self) -> None:
        """As long as cards stand still after a touch."""
        self.page.wait_for_timeout(SETTLES_MS)


def early(what: str) -> str:
    """As *End compression early, start supine*."""
    first, *more = what.split(", ")
    return ", ".join([f"{first} early", *more])


def board_of(
    app: App, tablets: Tablets, patient: str, *past: Past, by: str = "WN", text: str = LUMBAR_TEXT, **kind: int
) -> tuple[Board, str]:
    """A tablet at the board on which this patient stands, whose protocol has this text; the session."""
    session = happened_in(app.folder, *past, device=BEDSIDE, text=text, patient=patient)
    board = Board(tablets(app, "wardtablet", **kind), by)
    board.show()
    return board, session


def contents(record: Json, kind: str) -> list[Json]:
    """What the entries of a kind say, in the order in which they happened."""
    events = sorted(record["events"], key=lambda event: (event["at"], event["seq"]))
    return [event["data"] for event in events if event["kind"] == kind]


def stamped(record: Json, mark: str, moment: Moment) -> None:
    """The mark carries the moment at which the finger landed."""
    (event,) = (event for event in record["events"] if event["data"].get("mark") == mark)
    assert moment[0] - 1000 < event["at"] <= moment[1] + 1000
