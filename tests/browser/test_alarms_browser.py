"""Alarms: what they say, show, sound and feel like; silence, acknowledge and act; sound, speech and a screen kept on.

Procedures are written to the store with moments in the past, so that their clocks have passed their bounds already.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.conftest import Tablets
from tests.helpers.app import App, Json
from tests.helpers.past import Past, happened
from tests.helpers.tables import LUMBAR
from tests.helpers.tablet import Tablet

NEEDLE_IN: tuple[Past, ...] = ((10, "scan_started"), (5, "skin_puncture"))
CSF: tuple[Past, ...] = (*NEEDLE_IN, (4.5, "csf_outflow"), (4, "csf_collected"))
NEEDLE_OUT: tuple[Past, ...] = ((300, "injection_completed"), (299, "needle_removed"))
THREE_FAILURES: tuple[Past, ...] = (
    (10, "scan_started"),
    (9, "skin_puncture"),
    (8, "withdrawn"),
    (7, "skin_puncture"),
    (6, "withdrawn"),
    (5, "skin_puncture"),
    (4, "withdrawn"),
)
CHANGE = "3 unsuccessful insertions at L2–L3. Change interspace: L1–L2, L3–L4, L4–L5, L5–S1."
# What the page asks of the tablet's loudspeaker, voice, motor and screen: noted, and passed on where it can be.
EDGES = """
window.edges = { tones: 0, felt: [], said: [], locks: [], audio: [] };
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) { edges.tones += 1; return start.apply(this, when); };
window.AudioContext = class extends AudioContext { constructor() { super(); edges.audio.push(this); } };
Navigator.prototype.vibrate = (pattern) => edges.felt.push(pattern);
SpeechSynthesis.prototype.speak = (words) => edges.said.push(words.text);
const request = WakeLock.prototype.request;
WakeLock.prototype.request = async function (kind) {
  edges.locks.push(kind);
  const none = Object.assign(new EventTarget(), { release: async () => {} });
  const lock = await request.call(this, kind).catch(() => none);
  const release = lock.release.bind(lock);
  lock.release = async () => { edges.locks.push("released"); return release(); };
  return lock;
};
"""


def test_a_compression_that_ended_while_the_tablet_slept_says_how_long_ago_and_ending_it_puts_the_alarm_out(
    app: App, tablets: Tablets
):
    tablet = opened(app, tablets, *NEEDLE_OUT, (25.1, "compression_started"))
    expect(tablet.banner).to_have_text(re.compile("Compression: 20 min reached.5 min ago"))
    expect(tablet.clocks).to_contain_text(re.compile(r"Compression of 20:00\s*25:\d\d\s*reached \d\d:\d\d"))
    tablet.touch(tablet.banner.get_by_role("button", name="End compression"))
    expect(tablet.banner).to_be_empty()
    tablet.reads_saved()
    assert app.export(tablet.session)["events"][-1]["data"] == {"mark": "compression_ended"}


@pytest.mark.parametrize(
    ("seconds", "zone", "banner"),
    [
        (10, "too fast to end", ""),
        (70, "in the window", ""),
        (190, "too slow", "The injection runs longer than 3 min."),
    ],
)
def test_the_ring_says_where_an_injection_stands_and_how_much_flows_and_only_a_slow_one_raises_an_alarm(
    app: App, tablets: Tablets, seconds: int, zone: str, banner: str
):
    tablet = opened(app, tablets, *CSF, (seconds / 60, "injection_started"))
    pattern = re.compile(
        rf"^0?\d:\d\d: {zone}\. Best 1 min to 2 min\. 1 min to 3 min allowed\.$|^\d\d:\d\d: {zone}\. Best"
    )
    expect(tablet.page.get_by_role("img", name=pattern)).to_be_visible()
    expect(tablet.page.get_by_text(re.compile(r"^0\.\d{3} mL/s for 5 mL$"))).to_be_visible()
    expect(tablet.banner).to_have_text(re.compile(banner + ".*") if banner else "")


def test_each_priority_has_its_colour_and_the_most_urgent_stands_first(app: App, tablets: Tablets):
    supine: tuple[Past, ...] = (
        *NEEDLE_OUT,
        (290, "compression_started"),
        (260, "compression_ended"),
        (241.5, "supine_started"),
    )
    for past, words, colour in (
        (supine, "Supine time: 4 h reached.1 min ago", "--cyan"),
        ((*NEEDLE_IN, (241.5, "drug_drawn")), "The drug was drawn up more than 4 h ago.1 min ago", "--amber"),
        ((*NEEDLE_IN, (241.5, "drug_drawn"), (1, "patient_stop")), "Stop here and use CT guidance. (+1 more)", "--red"),
    ):
        tablet = opened(app, tablets, *past)
        expect(tablet.banner).to_contain_text(words)
        shown, role = tablet.banner.evaluate(
            "(banner, role) => [getComputedStyle(banner).color, "
            "getComputedStyle(Object.assign(banner.appendChild(document.createElement('i')), "
            "{ style: `color: var(${role})` })).color]",
            colour,
        )
        assert shown == role


def test_silence_stops_the_sound_and_leaves_the_banner(app: App, tablets: Tablets):
    tablet = opened(app, tablets, *NEEDLE_IN)
    expect(tablet.banner).to_be_empty()
    tablet.touch(tablet.button("Sound is off: tap"))
    tablet.mark("Patient wishes to stop")
    expect(tablet.button("Silence")).to_be_visible()
    tablet.page.wait_for_function("edges.tones === 11")  # switched on, then the burst of a high priority
    tablet.touch(tablet.button("Silence"))
    expect(tablet.button("Silenced")).to_be_visible()
    expect(tablet.banner).to_contain_text("Stop here and use CT guidance.")
    before = edges(tablet)
    for label in ("Withdrawn, no CSF", *["Skin puncture", "Withdrawn, no CSF"] * 2):  # raises another alarm
        tablet.mark(label)
    expect(tablet.banner).to_contain_text("(+1 more)")
    tablet.touch(tablet.button("Log"))  # the panel is drawn after the alarm was attended to
    expect(tablet.place("Panel")).to_be_visible()
    after = edges(tablet)
    assert after["tones"] == before["tones"]
    assert [
        pulse_ms for pulse_ms in after["felt"][len(before["felt"]) :] if pulse_ms != 10
    ] == []  # taps are still felt
    assert "ack" not in [event["kind"] for event in app.export(tablet.session)["events"]]


def test_seen_is_an_entry_that_stops_the_flashing_on_both_tablets_and_the_banner_stays(app: App, tablets: Tablets):
    first = opened(app, tablets, *NEEDLE_OUT, (25, "compression_started"))
    second = tablets(app, "secondtablet")
    second.bedside(first.session)
    for tablet in (first, second):
        tablet.page.emulate_media(reduced_motion="no-preference")
        expect(tablet.banner).to_contain_text("Compression: 20 min reached")
        assert flashes(tablet)
    first.touch(first.banner.get_by_role("button", name="Seen"))
    expect(first.banner.get_by_role("button", name="Seen")).to_have_count(0)
    first.reads_saved()
    second.page.wait_for_function(f"{FLASHES} === 'none'")
    for tablet in (first, second):
        assert not flashes(tablet)
        expect(tablet.banner).to_contain_text("Compression: 20 min reached")
    assert app.export(first.session)["events"][-1]["kind"] == "ack"


def test_going_on_at_a_failed_interspace_asks_why_and_keeps_the_reason(app: App, tablets: Tablets):
    tablet = opened(app, tablets, *THREE_FAILURES)
    expect(tablet.banner).to_contain_text(CHANGE)
    tablet.touch(tablet.banner.get_by_role("button", name="Go on here…"))
    expect(tablet.banner).to_contain_text(CHANGE)
    tablet.touch(tablet.place("Panel").get_by_role("button", name="Canal is best seen here"))
    expect(tablet.banner).to_be_empty()
    tablet.reads_saved()
    record = app.export(tablet.session)
    assert record["events"][-1]["data"]["reason"] == "Canal is best seen here"
    assert [prompt["kind"] for prompt in record["summary"]["prompts"]] == ["change_interspace"]


def test_sound_is_said_to_be_off_until_a_tap_turns_it_on_and_that_tap_does_not_silence_what_rings(
    app: App, tablets: Tablets
):
    tablet = opened(app, tablets, *THREE_FAILURES)
    expect(tablet.banner).to_contain_text(CHANGE)
    expect(tablet.button("Sound is off: tap")).to_be_visible()
    assert edges(tablet)["audio"] == 0
    tablet.touch(tablet.button("Sound is off: tap"))
    expect(tablet.button("Sound is off: tap")).to_have_count(0)
    assert tablet.page.evaluate("edges.audio.map((one) => one.state)") == ["running"]
    expect(tablet.button("Silence")).to_be_visible()
    expect(tablet.button("Silenced")).to_have_count(0)


def test_the_change_of_interspace_is_spoken_once_and_felt(app: App, tablets: Tablets):
    tablet = opened(app, tablets, *THREE_FAILURES[:-1])
    tablet.touch(tablet.button("More…"))
    tablet.touch(tablet.button("Speech off"))
    tablet.touch(tablet.place("Panel").get_by_role("button", name="Close"))
    tablet.mark("Withdrawn, no CSF")
    expect(tablet.banner).to_contain_text(CHANGE)
    tablet.page.wait_for_function("edges.said.length > 1")
    tablet.touch(tablet.banner.get_by_role("button", name="Seen"))
    tablet.mark("Lidocaine given")
    seen_edges = edges(tablet)
    assert seen_edges["said"] == ["Speech is on.", "3 insertions at L2 L3. Change interspace."]
    assert [180, 90, 180, 90, 180] in seen_edges["felt"]
    assert seen_edges["felt"].count(10) == 3  # the mark, Seen, the mark


def test_the_screen_is_kept_on_while_a_procedure_runs_and_no_longer(app: App, tablets: Tablets):
    tablet = opened(app, tablets, *NEEDLE_IN)
    tablet.page.wait_for_function("edges.locks.length > 0")
    assert edges(tablet)["locks"] == ["screen"]
    expect(tablet.page.get_by_text("this tablet may sleep")).to_have_count(0)
    tablet.touch(tablet.button("More…"))
    tablet.touch(tablet.button("Opened by mistake"))
    expect(tablet.page.get_by_text("This procedure has ended")).to_be_visible()
    tablet.page.wait_for_function("edges.locks.length > 1")
    assert edges(tablet)["locks"] == ["screen", "released"]


# ----------------------------------------------------------------------------------------------------------------- help
FLASHES = (
    "getComputedStyle(document.querySelector('.board-place').shadowRoot.querySelector('.banner'), '::after')"
    ".animationName"
)


def flashes(tablet: Tablet) -> bool:
    return bool(tablet.page.evaluate(f"{FLASHES} !== 'none'"))


def edges(tablet: Tablet) -> Json:
    counts: Json = tablet.page.evaluate("({ ...edges, audio: edges.audio.length })")
    return counts


def opened(app: App, tablets: Tablets, *past: Past, device: str = "tablet0001") -> Tablet:
    """A tablet that records a procedure in which this has happened; what is asked of its edges is noted."""
    tablet = tablets(app, device)
    tablet.page.add_init_script(EDGES)
    tablet.bedside(happened(app, *past, device=device))
    return tablet


# ------------------------------------------------------------------------------------------------ heard, and read aloud
def test_switching_the_sound_on_is_heard_and_it_can_be_tried(app: App, tablets: Tablets):
    tablet = opened(app, tablets, *NEEDLE_IN)
    tablet.touch(tablet.button("Sound is off: tap"))
    tablet.page.wait_for_function("edges.tones === 1")
    tablet.touch(tablet.button("More…"))
    tablet.touch(tablet.place("Panel").get_by_role("button", name="Try the sound"))
    tablet.page.wait_for_function("edges.tones === 3")


def test_a_sound_whose_clock_stands_still_is_said_to_be_off_until_a_tap(app: App, tablets: Tablets):
    tablet = opened(app, tablets, *NEEDLE_IN)
    tablet.touch(tablet.button("Sound is off: tap"))
    expect(tablet.button("Sound is off: tap")).to_have_count(0)
    tablet.page.evaluate("Object.defineProperty(edges.audio[0], 'currentTime', { value: 7, configurable: true })")
    expect(tablet.button("Sound is off: tap")).to_be_visible()
    tablet.page.evaluate("delete edges.audio[0].currentTime")
    tablet.touch(tablet.button("Sound is off: tap"))
    expect(tablet.button("Sound is off: tap")).to_have_count(0)


def test_an_alarm_that_stands_is_read_once_and_again_when_it_means_something_else(app: App, tablets: Tablets):
    tablet = opened(app, tablets, *NEEDLE_OUT, (24.75, "compression_started"))
    expect(tablet.banner).to_contain_text("4 min ago")
    tablet.page.evaluate(READ)
    expect(tablet.banner).to_contain_text("5 min ago")
    assert tablet.page.evaluate("window.read") == []
    tablet.touch(tablet.banner.get_by_role("button", name="End compression"))
    tablet.page.wait_for_function("window.read.length > 0")


def test_an_urgent_sentence_cuts_off_a_routine_one(app: App, tablets: Tablets):
    tablet = opened(app, tablets, *NEEDLE_IN)
    tablet.page.evaluate("edges.cut = 0; SpeechSynthesis.prototype.cancel = () => { edges.cut += 1; }; 0")
    tablet.touch(tablet.button("More…"))
    tablet.touch(tablet.button("Speech off"))
    tablet.touch(tablet.place("Panel").get_by_role("button", name="Close"))
    assert tablet.page.evaluate("[edges.said.length, edges.cut]") == [1, 0]
    tablet.mark("Patient wishes to stop")
    tablet.page.wait_for_function("edges.said.length === 2")
    assert tablet.page.evaluate("edges.cut") == 1


@pytest.mark.parametrize("offline", [False, True])
def test_a_hidden_page_asks_the_server_before_it_rings_and_rings_without_an_answer(
    app: App, tablets: Tablets, offline: bool
):
    tablet = opened(app, tablets, *CSF, (160 / 60, "injection_started"))
    tablet.touch(tablet.button("Sound is off: tap"))
    tablet.page.wait_for_function("edges.tones === 1")
    tablet.page.evaluate(HIDE)
    if offline:
        tablet.page.context.set_offline(True)
    else:
        other = tablets(app, "secondtablet")
        other.bedside(tablet.session)
        other.touch(other.page.get_by_role("button", name=re.compile("^Record on this tablet")))
        other.touch(other.button("Injection complete").first)
        other.reads_saved()
    tablet.page.wait_for_timeout(22_000)  # by then the 3 min are over
    assert (tablet.page.evaluate("edges.tones") > 1) == offline


HIDE = """() => {
  Object.defineProperty(document, "hidden", { value: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
# What a screen reader would read: every change within the region that is read out.
READ = """() => {
  window.read = [];
  const region = document.querySelector(".board-place").shadowRoot.querySelector(".banner [role=alert]");
  const heard = (changes) => window.read.push(...changes.map(() => region.textContent));
  new MutationObserver(heard).observe(region, { childList: true, characterData: true, subtree: true });
}"""


# ------------------------------------------------------------------------------------- before a bound, and on one's own
def test_before_the_drug_is_too_old_it_is_said_how_long_it_can_be_used(app: App, tablets: Tablets):
    tablet = opened(app, tablets, *NEEDLE_IN, (215, "drug_drawn"))
    expect(tablet.banner).to_have_text(re.compile(r"^The drug can be used until \d\d:\d\d\.Seen"))
    expect(tablet.banner).to_have_class("banner low")


def test_a_timer_with_a_word_is_an_entry_and_rings_on_every_tablet_until_it_was_seen(app: App, tablets: Tablets):
    tablet = opened(app, tablets, *NEEDLE_IN)
    tablet.page.clock.install()
    tablet.touch(tablet.button("More…"))
    tablet.touch(tablet.place("Panel").get_by_role("button", name="Set a timer"))
    tablet.type(tablet.place("Panel").get_by_role("textbox"), "saturation")
    tablet.touch(tablet.place("Panel").get_by_role("button", name="2 min"))
    tablet.reads_saved()
    expect(tablet.banner).to_be_empty()
    (note,) = (event for event in app.export(tablet.session)["events"] if event["kind"] == "note")
    assert note["data"] == {"text": "Timer of 2 min: saturation", "timer_s": 120}
    tablet.page.clock.run_for(121_000)
    expect(tablet.banner).to_contain_text("Timer of 2 min: saturation: time is up.")
    tablet.touch(tablet.banner.get_by_role("button", name="Seen"))
    expect(tablet.banner).to_be_empty()


def test_a_complication_says_what_to_do_where_it_was_tapped(app: App, tablets: Tablets):
    tablet = opened(app, tablets, *NEEDLE_IN)
    tablet.touch(tablet.button("Complication"))
    tablet.touch(tablet.place("Panel").get_by_role("button", name="Desaturation"))
    expect(tablet.last).to_contain_text(LUMBAR.complication["desaturation"].do)


def test_the_room_shows_what_is_coming(app: App, tablets: Tablets):
    tablet = opened(app, tablets, *NEEDLE_IN, (30, "drug_drawn"))
    tablet.page.goto(f"{app.url}/room?s={tablet.session}")
    expect(tablet.page.get_by_role("region", name="Phase")).to_contain_text(re.compile(r"4 h at \d\d:\d\d"))
