"""Case 6's first dose up to the start of compression by touch, and what two records of it must have in common."""

import re

from playwright.sync_api import expect

from tests.browser.test_bedside_browser import SLACK_MS, Diary, times
from tests.helpers.app import Json
from tests.helpers.tablet import Tablet

LATE_MS = 2 * 60_000


# ------------------------------------------------------------------------------------------------------------- the case
def until_l2_l3_has_failed(diary: Diary) -> None:
    tablet = diary.tablet
    tablet.touch(tablet.button("Weight"))
    diary.wrote("value", tablet.write("Weight, kg", "21.5"), value="weight_kg", **{"is": 21.5})
    tablet.look_at("Position")
    diary.tick("positioning")
    tablet.look_at("Scan")
    diary.pick("L2–L3", "interspace", "L2-L3")
    diary.pick("Parasagittal oblique", "approach", "parasagittal oblique")
    diary.mark("Start preprocedure scan")
    diary.mark("Lidocaine given")
    diary.record_amount("Lidocaine 2 %", "lidocaine_ml", usual="3", more=1, amount=3.5)
    tablet.touch(tablet.button("Late…"))
    tablet.touch(tablet.place("Panel").get_by_role("button", name="−2 min"))
    diary.wrote("mark", tablet.touch(tablet.button("Drug drawn up")), mark="drug_drawn")
    tablet.touch(tablet.button("Note"))
    diary.wrote(
        "note", tablet.write("Write what should be in the record", "scoliosis & <rods>"), text="scoliosis & <rods>"
    )
    diary.puncture("L2–L3")
    expect(tablet.clocks).to_contain_text(re.compile(r"Puncture time\s*00:\d\d"))
    diary.mark("CSF outflow")
    diary.wrote("undo", tablet.touch(tablet.button("Undo CSF outflow")), of="csf_outflow")
    diary.mark("Withdrawn, no CSF")
    fail_three_times(diary, "L2–L3", times=2)


def until_compression(diary: Diary) -> None:
    tablet = diary.tablet
    diary.change_interspace("L2–L3", "L1–L2, L3–L4, L4–L5, L5–S1", to="L3–L4")
    fail_three_times(diary, "L3–L4")
    diary.change_interspace("L3–L4", "L1–L2, L4–L5, L5–S1", to="L4–L5")
    diary.puncture("L4–L5")
    tablet.touch(tablet.button("Complication"))
    numb = tablet.place("Panel").get_by_role("button", name="Leg numbness or paraesthesia")
    diary.wrote("complication", tablet.touch(numb), complication="leg_numbness")
    diary.mark("Withdrawn, no CSF")
    diary.puncture("L4–L5")
    expect(tablet.clocks).to_contain_text(re.compile(r"Insertions · at L4–L5\s*8"))
    diary.mark("CSF outflow")
    diary.mark("CSF collected")
    diary.record_amount("CSF out", "csf_ml", usual="5", more=0, amount=5)
    diary.mark("Start injection")
    expect(tablet.page.get_by_role("img", name=re.compile("too fast to end.*1 min to 3 min allowed"))).to_be_visible()
    diary.mark("Injection complete")
    expect(tablet.banner).to_contain_text("The injection took less than 1 min.")
    acknowledged = tablet.touch(tablet.banner.get_by_role("button", name="Acknowledge"))
    diary.wrote("answer", acknowledged, prompt="injection_fast", of="injection_completed")
    diary.mark("Needle out")
    diary.mark("Start compression")
    expect(tablet.clocks).to_contain_text(re.compile(r"Compression of 20:00\s*00:\d\d"))


def fail_three_times(diary: Diary, place: str, times: int = 3) -> None:
    for _ in range(times):
        diary.puncture(place)
        diary.mark("Withdrawn, no CSF")


# ---------------------------------------------------------------------------------------------------------- comparisons
def what_the_board_says(tablet: Tablet) -> list[str]:
    """The board's parts as a screen reader tells them, moments of running clocks aside."""
    status = tablet.page.get_by_role("status").filter(has_text="not saved yet")
    parts = (tablet.banner, tablet.last, tablet.clocks, tablet.page.get_by_role("navigation"), status)
    texts = [re.sub(r"\d+:\d\d\b", "m:ss", part.aria_snapshot()) for part in parts]
    return [*texts, tablet.page.get_by_role("heading", level=1).inner_text()]


def entries_of(record: Json) -> list[tuple[str, Json, int]]:
    """Each entry of a record: its kind, its content, and how many whole minutes late; in the order of the taps."""
    entries = sorted(record["events"], key=lambda entry: (entry["tapped"], entry["seq"]))[1:]
    return [(entry["kind"], content(entry, entries), (entry["tapped"] - entry["at"]) // 60_000) for entry in entries]


def content(event: Json, entries: list[Json]) -> Json:
    """What an entry says; the id of an entry that it refers to is read as that entry's mark."""
    content_ = dict(event["data"].get("set", event["data"]))
    if "of" in content_:
        content_["of"] = next(entry["data"]["mark"] for entry in entries if entry["id"] == content_["of"])
    return content_


def stamped_as_tapped(diary: Diary, events: list[Json]) -> None:
    """Every touch once, in order, stamped when the finger landed; the late one two minutes before it."""
    opened, *entries = sorted(events, key=lambda entry: (entry["tapped"], entry["seq"]))
    assert opened["kind"] == "opened"
    written = [(entry["kind"], content(entry, entries)) for entry in entries]
    assert written == [(kind, data) for kind, data, _ in diary.pages]
    for event, (_, _, (before, after)) in zip(entries, diary.pages, strict=True):
        assert before - SLACK_MS < event["tapped"] < after + SLACK_MS, f"{event} is not from {before} to {after}"
        late = LATE_MS if event["data"].get("mark") == "drug_drawn" else 0
        assert abs(event["tapped"] - event["at"] - late) < SLACK_MS


def untimed(figures: Json) -> Json:
    """A summary without its moments and spans."""
    kinds = {key: [item["kind"] for item in figures[key]] for key in ("prompts", "to_review")}
    return {key: figure for key, figure in figures.items() if key not in times(figures)} | kinds
