"""Case 6's first dose by touch on the real app: 8 insertions at three interspaces, a reload and a killed server.

The tablet's clock follows the server's, so the hour cannot be wound forward: the case is tapped in a minute, and every
moment of the record is held against the moment at which the test touched the glass.
"""

import json
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.conftest import Tablets
from tests.helpers.app import App, Json
from tests.helpers.tables import LUMBAR, hms
from tests.helpers.tablet import Moment, Tablet

SLACK_MS = 1000  # "right to the second"
PLACE = {option.label: option.id for option in LUMBAR.options("interspace")}


class Diary:
    """What the test did, in order: what each touch should have recorded, and when it landed."""

    def __init__(self, tablet: Tablet) -> None:
        self.tablet = tablet
        self.pages: list[tuple[str, Json, Moment]] = []

    def mark(self, label: str, reads: str = "", **carried: Any) -> None:
        self.wrote("mark", self.tablet.mark(label, reads), mark=_id(reads or label), **carried)

    def tick(self, phase: str) -> None:
        for check, table in LUMBAR.check.items():
            if table.phase == phase:
                self.wrote("check", self.tablet.tick(table.label), check=check)

    def pick(self, label: str, key: str, option: str) -> None:
        self.wrote("value", self.tablet.pick(label), value=key, **{"is": option})

    def puncture(self, at: str) -> None:
        self.mark("Skin puncture", interspace=PLACE[at], approach="parasagittal oblique")

    def change_interspace(self, failed: str, left: str, to: str) -> None:
        """Acts on the prompt, which names where it failed and what is left."""
        tablet = self.tablet
        expect(tablet.banner).to_contain_text(f"3 unsuccessful insertions at {failed}. Change interspace: {left}.")
        tablet.touch(tablet.banner.get_by_role("button", name="Change interspace"))
        moment = tablet.touch(tablet.place("Panel").get_by_role("button", name=to))
        expect(tablet.banner).to_be_empty()
        self.wrote("mark", moment, mark="interspace_changed", interspace=PLACE[to])

    def record_amount(self, what: str, key: str, usual: str, more: int, amount: float) -> None:
        """Steps an amount up from the usual one and records it with the last mark."""
        tablet = self.tablet
        expect(tablet.last.get_by_role("status")).to_have_text(usual)
        for _ in range(more):
            tablet.touch(tablet.last.get_by_role("button", name=f"more {what}"))
        expect(tablet.last.get_by_role("status")).to_have_text(f"{amount:g}")
        moment = tablet.touch(tablet.last.get_by_role("button", name="Record"))
        expect(tablet.last.get_by_text(f"{what} {amount:g} mL")).to_be_visible()
        self.wrote("detail", moment, **{key: amount})

    def wrote(self, kind: str, moment: Moment, **data: Any) -> None:
        self.pages.append((kind, data, moment))

    def matches(self, events: list[Json]) -> None:
        """Every touch once, in order, at the moment when the finger landed; nothing else."""
        opened, *entries = sorted(events, key=lambda entry: (entry["at"], entry["seq"]))
        assert opened["kind"] == "opened"
        assert [(entry["kind"], _content(entry)) for entry in entries] == [(kind, data) for kind, data, _ in self.pages]
        for event, (_, _, (before, after)) in zip(entries, self.pages, strict=True):
            assert before - SLACK_MS < event["at"] < after + SLACK_MS, f"{event} is not from {before} to {after}"
            assert event["at"] == event["tapped"] < event["received"] + SLACK_MS

    def scenario(self, record: Json) -> Json:
        """The same procedure as a scenario file, at the record's own seconds."""
        opened, *rest = record["events"]
        moments = sorted(event["at"] // 1000 - opened["at"] // 1000 for event in rest)
        entries: list[Json] = []
        for moment, (kind, data, _) in zip(moments, self.pages, strict=True):
            if kind == "detail":
                entries[-1] |= data
            else:
                entries.append({"t": hms(moment), **data})
        return {key: record[key] for key in ("protocol", "patient", "dose", "operator")} | {"events": entries}


def test_case_6_first_dose_is_on_disk_to_the_second_after_a_reload_and_a_killed_server(
    mortal_app: App, tablets: Tablets, tmp_path: Path
):
    tablet = tablets(mortal_app)
    session = tablet.new_procedure("P-006", "AK", "RR")
    diary = Diary(tablet)
    prepare(diary)
    fail_at_l2_l3_with_a_reload(diary)
    fail_at_l3_l4_while_the_server_is_dead(diary, mortal_app)
    succeed_at_l4_l5(diary)
    inject_compress_and_lie(diary)
    tablet.reads_saved()

    record = mortal_app.export(session)
    diary.matches(record["events"])
    assert (record["patient"], record["dose"], record["operator"]) == ("P-006", 1, "AK")
    figures = record["summary"]
    assert figures["outcome"] == "success"
    assert figures["insertions"] == 8
    assert figures["insertions_by_interspace"] == {"L2-L3": 3, "L3-L4": 3, "L4-L5": 2}
    assert figures["interspaces_used"] == 3
    assert [prompt["kind"] for prompt in figures["prompts"]].count("change_interspace") == 2
    assert "ct_guidance" not in [prompt["kind"] for prompt in figures["prompts"]]
    assert figures["to_review"] == []
    assert times(figures) == {
        f"{clock.id}_time_s": at(record, clock.to) // 1000 - at(record, clock.from_) // 1000
        for clock in LUMBAR.clock
        if not clock.hidden
    }

    scenario = tmp_path / "case-6-dose-1.json"
    scenario.write_text(json.dumps(diary.scenario(record)))
    replayed = mortal_app.command("replay", str(scenario))
    assert {key: replayed[key] for key in figures if key not in times(figures)} == {
        key: figure for key, figure in figures.items() if key not in times(figures)
    }
    for clock, seconds in times(figures).items():
        assert abs(replayed[clock] - seconds) <= 1, f"{clock}: a scenario counts whole seconds"


def prepare(diary: Diary) -> None:
    diary.tick("preparation")
    diary.tick("positioning")
    diary.mark("Start preprocedure scan")
    diary.pick("L2–L3", "interspace", "L2-L3")
    diary.pick("Parasagittal oblique", "approach", "parasagittal oblique")
    diary.tick("scan")
    diary.tick("sterile")
    diary.mark("Lidocaine given")
    diary.record_amount("Lidocaine 2 %", "lidocaine_ml", usual="3", more=1, amount=3.5)
    diary.tick("anaesthetic")
    diary.mark("Drug drawn up")


def fail_at_l2_l3_with_a_reload(diary: Diary) -> None:
    tablet = diary.tablet
    for insertion in (1, 2, 3):
        diary.puncture("L2–L3")
        if insertion == 2:
            tablet.reload()
            expect(tablet.last.get_by_text("Skin puncture", exact=True)).to_be_visible()
            expect(tablet.clocks).to_contain_text(re.compile(r"Insertions · at L2–L3\s*2"))
        expect(tablet.banner).to_be_empty()
        diary.mark("Withdrawn, no CSF")
    diary.change_interspace("L2–L3", "L1–L2, L3–L4, L4–L5, L5–S1", to="L3–L4")


def fail_at_l3_l4_while_the_server_is_dead(diary: Diary, app: App) -> None:
    tablet = diary.tablet
    diary.puncture("L3–L4")
    tablet.reads_saved()
    app.kill()
    diary.mark("Withdrawn, no CSF")
    diary.puncture("L3–L4")
    expect(tablet.page.get_by_text("2 not saved yet")).to_be_visible()
    app.start()
    tablet.reads_saved()
    diary.mark("Withdrawn, no CSF")
    diary.puncture("L3–L4")
    diary.mark("Withdrawn, no CSF")
    diary.change_interspace("L3–L4", "L1–L2, L4–L5, L5–S1", to="L4–L5")


def succeed_at_l4_l5(diary: Diary) -> None:
    diary.puncture("L4–L5")
    diary.mark("Withdrawn, no CSF")
    diary.puncture("L4–L5")
    diary.mark("CSF outflow")
    diary.mark("CSF collected")
    diary.record_amount("CSF out", "csf_ml", usual="5", more=0, amount=5)


def inject_compress_and_lie(diary: Diary) -> None:
    diary.mark("Start injection")
    diary.mark("Injection complete")
    diary.mark("Needle out")
    diary.mark("Start compression")
    diary.mark("End compression, start supine", reads="Start supine")
    supine = diary.pages.pop()
    diary.wrote("mark", supine[2], mark="compression_ended")
    diary.pages.append(supine)
    diary.mark("End supine")


def times(figures: Json) -> Json:
    return {key: figure for key, figure in figures.items() if key.endswith("_time_s")}


def at(record: Json, mark: str) -> int:
    """When a mark happened first."""
    return min(event["at"] for event in record["events"] if event["data"].get("mark") == mark)


def _id(label: str) -> str:
    return next(mark for mark, table in LUMBAR.mark.items() if table.label == label)


def _content(event: Json) -> Json:
    return event["data"].get("set", event["data"])
