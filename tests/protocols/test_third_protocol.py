"""A third protocol, written from the reference of keys alone: a bedside lumbar puncture by landmarks.

Its file stands in a folder of the site's own, named by $INTERSPACE_PROTOCOLS. Other marks, other limits, one timer; it
runs from check to Bedside and export without a change in code.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from core import protocols
from core.__main__ import main
from core.protocols.wording import plain
from tests.conftest import Tablets, running
from tests.helpers.app import App
from tests.helpers.tables import mark, play

LANDMARKS = """
id = "landmark-puncture"
version = "0.1.0"
title = "Lumbar puncture by landmarks"
short = "Landmarks"
region = "lumbar"
order = 3
levels = ["space"]
schema = 1
start = "waiting"
group = "space"
operator_mark = "hand_over"
everywhere = ["hand_over", "called_off"]
opening = ["mass_kg", "reserved_space"]
recall = ["pressure"]

[source]
W = "The ward's own sheet"

[recording]
two_devices_s = 10
same_tablet_s = 0.5
source = "W: tried on the ward"

[phase.ready]
label = "Getting ready"
headline = ["bed_rest"]
[phase.needle]
label = "Needle"
headline = ["bed_rest"]
[phase.rest]
label = "Bed rest"
headline = ["bed_rest"]

[check.told]
phase = "ready"
label = "Told and agreed"
source = "W"
[check.iliac_crests]
phase = "ready"
label = "Iliac crests felt, space marked"
source = "W"

[value.mass_kg]
phase = "ready"
label = "Mass"
type = "number"
unit = "kg"
min = 2
max = 200
step = 1
source = "W"
[value.space]
phase = "ready"
label = "Space"
type = "option"
options = [{ id = "L3-L4", label = "L3–L4" }, { id = "L4-L5", label = "L4–L5" }]
[value.reserved_space]
label = "Not to be used"
type = "option"
options_of = "space"
[value.pressure]
label = "Opening pressure"
type = "number"
unit = "cmH2O"
min = 0
max = 60
step = 1
usual = 15
source = "W"
[value.operator]
label = "Who"
type = "text"

[mark.space_felt]
label = "Space felt"
[mark.needle_enters]
label = "Needle enters"
needs = ["space"]
[mark.dry_tap]
label = "Dry tap"
[mark.fluid_seen]
label = "Fluid seen"
may = ["pressure"]
[mark.needle_leaves]
label = "Needle leaves"
hint = "{rest_short} of bed rest"
[mark.up_again]
label = "Up again"
[mark.hand_over]
label = "Hand over"
needs = ["operator"]
[mark.called_off]
label = "Called off"
tone = "stop"

[state.waiting]
label = "no needle yet"
phases = ["ready"]
open = { space_felt = "felt", needle_enters = "entered" }
astray = { fluid_seen = "flowing", needle_leaves = "resting" }
[state.felt]
label = "the space is marked"
phases = ["ready", "needle"]
open = { needle_enters = "entered" }
astray = { fluid_seen = "flowing", needle_leaves = "resting" }
[state.entered]
label = "the needle is in"
phases = ["needle"]
open = { fluid_seen = "flowing", dry_tap = "felt" }
astray = { needle_enters = "entered", needle_leaves = "resting" }
[state.flowing]
label = "fluid flows"
phases = ["needle"]
open = { needle_leaves = "resting", dry_tap = "felt" }
[state.resting]
label = "bed rest"
phases = ["rest"]
open = { up_again = "ended" }
[state.ended]
label = "up again"
phases = ["rest"]
final = true

[[counter]]
id = "tries"
label = "Tries"
counts = "needle_enters"
per = "space"
runs = "spaces_tried"
source = "W"
[[counter]]
id = "dry_taps"
label = "Dry taps"
counts = "dry_tap"
per = "space"
of = "needle_enters"
in_turn = true
limit = 2
unit = "dry taps"
prompt = "ask_senior"
source = "W: after two, somebody else"

[[clock]]
id = "bed_rest"
label = "Bed rest"
from = "needle_leaves"
to = "up_again"
sum = true
source = "W"

[[window]]
id = "rest_short"
clock = "bed_rest"
below_s = 900
prompt = "rest_was_short"
alarm = { priority = "low", text = "Bed rest: {bound} reached." }
source = "W"

[prompt.ask_senior]
label = "Ask a senior"
priority = "medium"
text = "{count} dry taps at {group}. Hand the needle over, or go to {left}."
clears = ["hand_over"]
other_group = "needle_enters"
pass = "Go on…"
reasons = ["Senior is operating"]
[prompt.rest_was_short]
label = "Bed rest was short"
priority = "low"
text = "Bed rest ended before {bound}."
pass = "Acknowledge"

[[outcome]]
id = "undecided"
label = "Undecided"
rank = 0
[[outcome]]
id = "fluid"
label = "Fluid obtained"
marks = ["fluid_seen"]
rank = 1
[[outcome]]
id = "off"
label = "Called off"
marks = ["called_off"]
rank = 2
closed = true

[[plan]]
key = "space"
on = "needle_enters"
bar = "reserved_space"

[complication.headache_after]
label = "Headache"
source = "W"

[review]
out_of_order = "{what} at {t} surprised: {state}."
missing = "{what} at {t} lacks its {key}."
not_offered = "{what} at {t}: {key} is '{found}', expected {expected}."
out_of_range = "{what} at {t}: {key} is {found}, expected {expected}."
wrong_type = "{what} at {t}: {key} is '{found}', expected {expected}."
unknown = "'{what}' at {t} is unknown."
double = "{what} at {t} came twice."
former_recorder = "{what} at {t} comes from a former tablet."
arrived_late = "{what} at {t} came a day late."
clock_ahead = "{what} is stamped {t}, before its time."
no_target = "{what} at {t} refers to nothing."
missing_evidence = "{what} at {t} came before {key}."
too_late = "{what} at {t} came too late."
does_not_fit = "{what} at {t}: {key} does not go with {other}."
"""
NAME = "landmark-puncture"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A site's folder of protocols with this one in it, in use."""
    folder = tmp_path / "protocols"
    folder.mkdir()
    (folder / f"{NAME}.toml").write_text(LANDMARKS, encoding="utf-8")
    monkeypatch.setenv("INTERSPACE_PROTOCOLS", str(folder))
    protocols.shipped.cache_clear()
    yield folder
    monkeypatch.undo()
    protocols.shipped.cache_clear()


@pytest.fixture
def site(own: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app of a site with that folder."""
    yield from running(App(tmp_path_factory.mktemp("site") / "data"))


Ran = Callable[..., Any]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Ran:
    """Runs a command of `python -m core`; what it printed."""

    def ran(*words: str) -> Any:
        assert main([*words]) == 0
        return json.loads(capsys.readouterr().out)

    return ran


def test_the_folder_adds_to_the_shipped_protocols_and_a_file_of_the_same_id_stands_for_ours(own: Path):
    assert [*protocols.shipped()] == ["cervical-fluoroscopy", "lumbar-nusinersen", NAME]
    ours = (protocols.FOLDER / "lumbar-nusinersen.toml").read_text(encoding="utf-8")
    (own / "lumbar-nusinersen.toml").write_text(ours.replace('version = "', 'version = "site-', 1), encoding="utf-8")
    protocols.shipped.cache_clear()
    assert protocols.shipped()["lumbar-nusinersen"][0].version.startswith("site-")
    assert len(protocols.shipped()) == 3


def test_check_replay_save_and_export_know_it(own: Path, run: Ran, data: Path, tmp_path: Path):
    assert run("check", str(own / f"{NAME}.toml")) == {"id": NAME, "version": "0.1.0", "problems": []}
    events = [
        {"t": "00:00:00", "check": "told"},
        mark(60, "space_felt"),
        mark(120, "needle_enters", space="L3–L4"),
        mark(180, "fluid_seen", pressure=18),
        mark(240, "needle_leaves"),
        mark(1140, "up_again"),
    ]
    path = tmp_path / "one.json"
    path.write_text(json.dumps({"protocol": NAME, "patient": "P-001", "dose": 1, "events": events}))
    wanted = {
        "outcome": "fluid",
        "tries": 1,
        "tries_by_space": {"L3-L4": 1},
        "spaces_tried": 1,
        "bed_rest_time_s": 900,
        "prompts": [],
        "to_review": [],
    }
    assert run("replay", str(path)) == wanted
    saved = run("replay", "--save", str(path))
    (record,) = run("export", "--format", "json", "--session", saved["session"])
    assert (record["protocol"], record["summary"]) == (NAME, wanted)
    protocols.shipped.cache_clear()
    assert run("export", "--format", "json")[0]["summary"] == wanted


def test_its_own_limit_of_two_dry_taps_asks_for_a_senior_and_handing_over_answers(own: Path):
    play(
        """
time  | tap                 | tries | prompt     | to review    | state
00:00 | space felt          | 0     |            |              | the space is marked
01:00 | needle enters L3-L4 | 1     |            |              | the needle is in
02:00 | dry tap             | 1     |            |              | the space is marked
03:00 | needle enters L3-L4 | 2     |            |              | the needle is in
04:00 | dry tap             | 2     | ask senior |              | the space is marked
04:30 | hand over B         | 2     |            |              | the space is marked
05:00 | needle enters L4-L5 | 3     |            |              | the needle is in
06:00 | up again            | 3     |            | out of order | the needle is in
""",
        protocol=NAME,
    )


@pytest.mark.parametrize(("seconds", "prompts"), [(899, ["rest_was_short"]), (900, []), (901, [])])
def test_its_one_timer_asks_just_below_its_bound_and_not_at_or_above_it(own: Path, seconds: int, prompts: list[str]):
    session = play(
        f"time | tap | tries\n00:00 | needle leaves | 0\n{seconds // 60:02}:{seconds % 60:02} | up again | 0",
        protocol=NAME,
    )
    assert [prompt.kind for prompt in session.walk.prompts] == prompts


def test_a_cervical_level_in_it_names_the_cervical_protocol(
    own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = tmp_path / "wrong.json"
    events = [mark(0, "needle_enters", space="C5-C6")]
    path.write_text(json.dumps({"protocol": NAME, "patient": "P-001", "dose": 1, "events": events}))
    assert main(["replay", str(path)]) == 2
    assert "use the protocol cervical-fluoroscopy" in capsys.readouterr().err


def test_the_board_gets_its_tables_with_the_words_filled_in(own: Path):
    tables = plain(protocols.shipped()[NAME][0])
    assert tables["mark"]["needle_leaves"]["hint"] == "15 min of bed rest"
    assert (tables["expect"], tables["fit"], tables["flag"]) == ((), (), ())


def test_a_whole_puncture_by_touch_is_recorded_as_its_file_says(site: App, tablets: Tablets):
    tablet = tablets(site)
    tablet.new_procedure("P-301", "AK", "RR", protocol="Landmarks")
    for check in ("Told and agreed", "Iliac crests felt, space marked"):
        tablet.tick(check)
    tablet.mark("Space felt")
    tablet.pick("L3–L4")
    for label in ("Needle enters", "Dry tap") * 2:
        tablet.mark(label)
    expect(tablet.banner).to_contain_text("2 dry taps at L3–L4. Hand the needle over, or go to L4–L5.")
    tablet.pick("L4–L5")
    for label in ("Needle enters", "Fluid seen", "Needle leaves", "Up again"):
        tablet.mark(label)
    expect(tablet.page.get_by_text("This procedure has ended: Fluid obtained.")).to_be_visible()
    tablet.reads_saved()
    record = site.export(tablet.session)
    figures = record["summary"]
    assert (record["protocol"], figures["outcome"], figures["to_review"]) == (NAME, "fluid", [])
    assert figures["tries_by_space"] == {"L3-L4": 2, "L4-L5": 1}
    assert [prompt["kind"] for prompt in figures["prompts"]] == ["ask_senior", "rest_was_short"]
