"""Tables that contradict each other are refused; every sentence has its place, what was expected and what was found.

Bad files are the shipped text with one small replacement.
"""

from pathlib import Path

import pytest

from core import protocols
from core.__main__ import main
from core.protocols.figures import Own
from tests.helpers.tables import LUMBAR, LUMBAR_TEXT
from tests.protocols.test_protocol import WEIGHT, edited, replaced

STOPS = 'id = "stops"\nlabel = "Patient wished to stop"\n'
NEAR = 'near = { stopped = ["ct_guidance", "discharged", "scan_started"] }'
ANSWERS = 'clears = ["discharged"]\npass = "Acknowledge"\n'
PASSED = f'priority = "low"\ntext = "The injection took less than {{bound}}."\n{ANSWERS}'
CLOSED = "rank = 3\nclosed = true\n"
SURGERY = 'label = "Spine surgery"\ntype = "text"\n'
UNUSED = '[prompt.rest]\nlabel = "Rest"\npriority = "low"\ntext = "Rest."\npass = "Seen"\n\n[prompt.injection_fast]'
WINDOW = '[[window]]\nid = "injection_short"\nclock = "injection"\n{}\nprompt = "injection_slow"\nsource = "site"\n'
FIRST = '[[window]]\nid = "injection_fast"'
INVENTED = '[[outcome]]\nid = "never"\nlabel = "Never"\nrank = {}\n\n[[outcome]]\nid = "voided"'

# (what it is, the text that is replaced, by what, place, expected, found)
REFUSED = [
    *[
        (
            f"a counter called {name}",
            STOPS,
            STOPS.replace("stops", name),
            "summary",
            "every name once",
            f"'{name}' 2 times: the summary itself, [[counter]] '{name}'",
        )
        for name in Own.__struct_fields__
    ],
    (
        "a number of runs called outcome",
        'runs = "interspaces_used"',
        'runs = "outcome"',
        "summary",
        "every name once",
        "'outcome' 2 times: the summary itself, [[counter]] 'insertions'.runs",
    ),
    (
        "a number of runs called like a clock's time",
        'runs = "interspaces_used"',
        'runs = "puncture_time_s"',
        "summary",
        "every name once",
        "'puncture_time_s' 2 times: [[clock]] 'puncture', [[counter]] 'insertions'.runs",
    ),
    (
        "a counter called like another's groups",
        STOPS,
        STOPS.replace("stops", "insertions_by_interspace"),
        "summary",
        "every name once",
        "'insertions_by_interspace' 2 times",
    ),
    (
        "a group that is a number",
        'group = "interspace"',
        'group = "depth_mm"',
        "group",
        "type 'option'",
        "'depth_mm' of type 'number'",
    ),
    (
        "a counter per text",
        'per = "interspace"\nruns',
        'per = "operator"\nruns',
        "[[counter]] 'insertions'.per",
        "type 'option'",
        "'operator' of type 'text'",
    ),
    (
        "a mark that names no group",
        'of = "skin_puncture"',
        'of = "scan_started"',
        "[[counter]] 'failures'.of",
        "with 'interspace' in needs or may",
        "'scan_started', which carries nothing",
    ),
    (
        "a counted mark without its group",
        'of = "skin_puncture"                 # a withdrawal belongs to the '
        "interspace of the last puncture\nin_turn = true                       # only a needle that was in can be "
        "withdrawn, and once\n",
        "",
        "[[counter]] 'failures'.counts",
        "with 'interspace' in needs or may",
        "'withdrawn', which carries result",
    ),
    (
        "more groups than there are",
        "groups = 3\n",
        "groups = 6\n",
        "[[counter]] 'failures'.groups",
        "at most 5, the options of 'interspace'",
        "6",
    ),
    (
        "a clock that ends as it begins",
        'to = "csf_outflow"',
        'to = "skin_puncture"',
        "[[clock]] 'puncture'.to",
        "another mark than its from",
        "'skin_puncture' as both",
    ),
    (
        "a clock that its end stops for good",
        'to = "csf_outflow"\nuntil = [',
        'to = "csf_outflow"\nuntil = ["csf_outflow", ',
        "[[clock]] 'puncture'.until",
        "other marks than its to",
        "'csf_outflow'",
    ),
    (
        "a clock that its beginning stops for good",
        'to = "csf_outflow"\nuntil = [',
        'to = "csf_outflow"\nuntil = ["skin_puncture", ',
        "[[clock]] 'puncture'.until",
        "other marks than its from",
        "'skin_puncture'",
    ),
    (
        "no time that is neither short nor long",
        "above_s = 180",
        "above_s = 60",
        "[[window]] 'injection_slow'",
        "above_s of more than 60",
        "60: upside down",
    ),
    (
        "a third window that contradicts",
        FIRST,
        WINDOW.format("above_s = 30") + FIRST,
        "[[window]] 'injection_short'",
        "above_s of more than 60",
        "30: upside down",
    ),
    (
        "advice below what is allowed",
        "advise_s = [60, 120]",
        "advise_s = [59, 120]",
        "[[window]] 'injection_advised'",
        "advise_s within 60 to 180",
        "59 to 120",
    ),
    (
        "advice above what is allowed",
        "advise_s = [60, 120]",
        "advise_s = [60, 181]",
        "[[window]] 'injection_advised'",
        "advise_s within 60 to 180",
        "60 to 181",
    ),
    (
        "two tablets told apart by hours",
        "two_devices_s = 10",
        "two_devices_s = 3601",
        "[recording].two_devices_s",
        "at most 3600",
        "3601",
    ),
    ("late only after weeks", "late_h = 24", "late_h = 337", "[recording].late_h", "at most 336", "337"),
    ("a clock an hour ahead", "ahead_s = 5", "ahead_s = 3601", "[recording].ahead_s", "at most 3600", "3601"),
    (
        "a patient forgotten for weeks",
        "forgotten_h = 48",
        "forgotten_h = 337",
        "[ward].forgotten_h",
        "at most 336",
        "337",
    ),
    ("in sight longer than in bed", "left_h = 1", "left_h = 49", "[ward].left_h", "at most forgotten_h (48)", "49"),
    (
        "one tablet that swallows taps",
        "same_tablet_s = 0.7",
        "same_tablet_s = 10.1",
        "[recording].same_tablet_s",
        "at most 10",
        "10.1",
    ),
    ("a step of nothing", WEIGHT, WEIGHT.replace("0.1", "0"), "[value.weight_kg]", "a step above 0", "0"),
    ("a step down", WEIGHT, WEIGHT.replace("0.1", "-0.1"), "[value.weight_kg]", "a step above 0", "-0.1"),
    (
        "a part of a whole number",
        'unit = "copies"\nmin = 0\nmax = 8\nstep = 1',
        'unit = "copies"\nmin = 0\nmax = 8\nstep = 0.5',
        "[value.smn2_copies]",
        "a whole step",
        "0.5",
    ),
    *[
        (
            f"{key} on a text",
            SURGERY,
            f"{SURGERY}{key} = {content}\n",
            "[value.spine_surgery]",
            f"{key} only on a number",
            "it on 'text'",
        )
        for key, content in (
            ("usual", 3),
            ("step", 1),
            ("whole", "true"),
            ("unit", '"mL"'),
            ("min", 0),
            ("max", 9),
            ("amber_below", 3),
            ("red_below", 3),
        )
    ],
    (
        "options of its own and of another",
        'type = "option"\noptions_of = "interspace"',
        'type = "option"\noptions_of = "interspace"\noptions = [{ id = "L1-L2", label = "L1–L2" }]',
        "[value.reserved_channel]",
        "options or options_of",
        "both: its own and those of 'interspace'",
    ),
    (
        "a key that is needed and not",
        'may = ["approach", "reason"]',
        'may = ["interspace", "approach", "reason"]',
        "[mark.skin_puncture]",
        "'interspace' once",
        "it in needs and again in may",
    ),
    (
        "a suggestion that is not offered",
        'is = "near-spinous process"',
        'is = "midline"',
        "[[suggest]] 4.is",
        "an option of 'approach' (near-spinous process,",
        "'midline'",
    ),
    (
        "a suggestion from other options",
        'value = "reserved_channel"',
        'value = "approach"',
        "[[suggest]] 2.value",
        "shares the options of 'interspace'",
        "'approach'",
    ),
    (
        "a bar from other options",
        'bar = "barred_interspace"',
        'bar = "approach"',
        "[[plan]] 1.bar",
        "shares the options of 'interspace'",
        "'approach'",
    ),
    (
        "a plan for a mark that does not carry it",
        'key = "approach"\non = "skin_puncture"',
        'key = "approach"\non = "withdrawn"',
        "[[plan]] 2.on",
        "with 'approach' in needs or may",
        "'withdrawn', which carries result",
    ),
    (
        "a plan changed by a mark that does not carry it",
        'change = "interspace_changed"',
        'change = "withdrawn"',
        "[[plan]] 1.change",
        "with 'interspace' in needs or may",
        "'withdrawn', which carries result",
    ),
    (
        "a plan of a number",
        '[[plan]]\nkey = "approach"',
        '[[plan]]\nkey = "angle_deg"',
        "[[plan]] 2.key",
        "type 'option'",
        "'angle_deg' of type 'number'",
    ),
    (
        "a suggested text",
        'key = "approach"\nis = ',
        'key = "reason"\nis = ',
        "[[suggest]] 4.key",
        "type 'option'",
        "'reason' of type 'text'",
    ),
    (
        "a level that is no option",
        'levels = ["interspace"]',
        'levels = ["depth_mm"]',
        "levels",
        "type 'option'",
        "'depth_mm' of type 'number'",
    ),
    (
        "a total over a mark without the amount",
        'mark = "lidocaine_given"\nkey',
        'mark = "skin_puncture"\nkey',
        "[[total]] 'lidocaine'.mark",
        "with 'lidocaine_ml' in needs or may",
        "'skin_puncture', which carries interspace",
    ),
    (
        "a total of texts",
        'key = "lidocaine_ml"',
        'key = "lidocaine_lot"',
        "[[total]] 'lidocaine'.key",
        "type 'number'",
        "'lidocaine_lot' of type 'text'",
    ),
    (
        "a total per option",
        'per = "weight_kg"',
        'per = "spine"',
        "[[total]] 'lidocaine'.per",
        "type 'number'",
        "'spine' of type 'option'",
    ),
    (
        "a ceiling from an option",
        'when = "age_y"',
        'when = "spine"',
        "[[total]] 'lidocaine'.ceiling.when",
        "type 'number'",
        "'spine' of type 'option'",
    ),
    (
        "a flow of text",
        'amount = "injected_ml"',
        'amount = "given_by"',
        "[[clock]] 'injection'.amount",
        "type 'number'",
        "'given_by' of type 'text'",
    ),
    (
        "seldom, and not open at all",
        'rare = ["drug_drawn"]',
        'rare = ["supine_started"]',
        "[state.needle_in].rare",
        "open here (csf_outflow, withdrawn,",
        "'supine_started'",
    ),
    (
        "near after an outcome, and not open at all",
        NEAR,
        NEAR.replace("ct_guidance", "supine_ended"),
        "[state.ready].near.stopped",
        "open here (scan_started, drug_drawn,",
        "'supine_ended'",
    ),
    (
        "near after an outcome that nothing defines",
        NEAR,
        NEAR.replace("stopped", "halted"),
        "[state.ready].near.halted",
        "a outcome that is defined",
        "'halted'",
    ),
    (
        "nothing near after an outcome",
        NEAR,
        "near = { stopped = [] }",
        "[state.ready].near.stopped",
        "a mark that is open here",
        "none",
    ),
    (
        "a rank that no mark brings about",
        '[[outcome]]\nid = "voided"',
        INVENTED.format(2),
        "[[outcome]] 'never'.marks",
        "a mark that brings it about",
        "none",
    ),
    (
        "two outcomes before anything is decided",
        '[[outcome]]\nid = "voided"',
        INVENTED.format(0),
        "[[outcome]]",
        "one of rank 0 without marks",
        "'open', 'never'",
    ),
    (
        "an outcome below the first",
        CLOSED,
        CLOSED.replace("3", "-1"),
        "[[outcome]] 'voided'.rank",
        "0 or more",
        "-1: it would never stand",
    ),
    (
        "a prompt that nothing raises",
        "[prompt.injection_fast]",
        UNUSED,
        "[prompt.rest]",
        "a counter, a window, a ceiling or a caution that raises it",
        "none",
    ),
    (
        "a prompt without an answer",
        PASSED,
        PASSED.replace(ANSWERS, ""),
        "[prompt.injection_fast]",
        "clears, other_group or pass",
        "none",
    ),
    (
        "reasons that nobody is asked for",
        'pass = "Go on here…"\n',
        "",
        "[prompt.change_interspace]",
        "pass for its reasons",
        "none",
    ),
    (
        "a ceiling per nothing",
        'per = "weight_kg"\n',
        "",
        "[[total]] 'lidocaine'",
        "per for the per_limit of its ceiling",
        "none",
    ),
    (
        "a state without a way on",
        'open = { needle_removed = "needle_out" }\n',
        "",
        "[state.injected].open",
        "a mark that leads on, or final = true",
        "none",
    ),
    (
        "an action that clears nothing",
        PASSED,
        PASSED.replace(ANSWERS, 'action = "withdrawn"\n'),
        "[prompt.injection_fast]",
        "clears, other_group or pass",
        "only the action 'withdrawn', which does not clear it",
    ),
    (
        "a phase that is never shown",
        'phases = ["scan", "sterile", "anaesthetic"]',
        'phases = ["scan", "anaesthetic"]',
        "[phase.sterile]",
        "a state that shows it",
        "none: sterile_dress, probe_cover, frame, disinfected would never be",
    ),
    (
        "a phase with nothing in it that is never shown",
        'phases = ["follow_up"]',
        'phases = ["after"]',
        "[phase.follow_up]",
        "a state that shows it",
        "none",
    ),
    (
        "a hand-over that is not expected everywhere",
        'everywhere = ["patient_stop", "operator_changed", ',
        'everywhere = ["patient_stop", ',
        "operator_mark",
        "one of everywhere (patient_stop, handed_over, voided)",
        "'operator_changed'",
    ),
    (
        "a hand-over to nobody",
        'needs = ["operator"]',
        'may = ["operator"]',
        "[mark.operator_changed].needs",
        "'operator'",
        "none",
    ),
    *[
        (
            f"a value called {name}",
            "[value.surgery_date]",
            f"[value.{name}]",
            f"[value.{name}]",
            "another id",
            f"'{name}', which every entry uses",
        )
        for name in ("set", "kind", "prompt", "opened")
    ],
]

# Sentences about shape: (what it is, replaced, by what, place, expected, found)
SHAPES = [
    (
        "a list where words belong",
        'label = "Skin puncture"',
        'label = ["Skin puncture"]',
        "[mark.skin_puncture].label",
        "`str`",
        "a list",
    ),
    (
        "a number where words belong",
        'label = "Skin puncture"',
        "label = 3",
        "[mark.skin_puncture].label",
        "`str`",
        "'3', a number",
    ),
    (
        "words where a list belongs",
        'needs = ["interspace"]',
        'needs = "interspace"',
        "[mark.skin_puncture].needs",
        "a list",
        "'interspace', a text",
    ),
    (
        "words where a number belongs",
        "limit = 3\n",
        'limit = "three"\n',
        "[[counter]] 2 'failures'.limit",
        "`int`, a whole number of at least 1",
        "'three', a text",
    ),
    (
        "a fraction where a whole number belongs",
        "limit = 3\n",
        "limit = 3.5\n",
        "[[counter]] 2 'failures'.limit",
        "`int`, a whole number",
        "'3.5', a number",
    ),
    (
        "words where true belongs",
        "in_turn = true",
        'in_turn = "yes"',
        "[[counter]] 2 'failures'.in_turn",
        "`bool`, true or false",
        "'yes', a text",
    ),
    (
        "no time at all",
        "below_s = 60\n",
        "below_s = 0\n",
        "[[window]] 1 'injection_fast'.below_s",
        "`float`, a number above 0",
        "'0'",
    ),
    (
        "a number that no tablet can hold",
        "limit = 3\n",
        f"limit = {2**70}\n",
        "[[counter]] 2 'failures'.limit",
        "a number of a readable size",
        "a number beyond 1e+15",
    ),
    (
        "an unknown priority",
        'priority = "medium"',
        'priority = "urgent"',
        "[[window]] 2 'injection_slow'.alarm.priority",
        "one of 'high', 'low', 'medium'",
        "'urgent', a text",
    ),
    (
        "an unknown tone",
        'tone = "stop"',
        'tone = "loud"',
        "[mark.ct_guidance].tone",
        "one of '', 'stop'",
        "'loud', a text",
    ),
    (
        "an unknown type",
        'type = "yesno"',
        'type = "boolean"',
        "[value.sedation].type",
        "one of 'moment', 'number', 'option', 'text', 'yesno'",
        "'boolean', a text",
    ),
    (
        "an option that is no id",
        '{ id = "L1-L2"',
        '{ id = "L1_L2"',
        "[value.interspace].options 1 'L1_L2'.id",
        "an id of letters, digits, spaces and . / + -",
        "'L1_L2'",
    ),
    (
        "a mark that is no id",
        'needs = ["interspace"]',
        'needs = ["Interspace"]',
        "[mark.skin_puncture].needs 1",
        "an id of a-z, 0-9 and _",
        "'Interspace'",
    ),
    ("a file that is no id", 'id = "lumbar-nusinersen"', 'id = "Lumbar"', "id", "an id of a-z, 0-9 and -", "'Lumbar'"),
    (
        "a state row that leads to a number",
        'scan_started = "scanned"',
        "scan_started = 3",
        "[state.ready].open.scan_started",
        "`str`",
        "'3', a number",
    ),
    (
        "a state row that is no id",
        'scan_started = "scanned"',
        'scan_started = "Scanned"',
        "[state.ready].open.scan_started",
        "an id of a-z",
        "'Scanned'",
    ),
    (
        "a state row of a mark that is no id",
        'scan_started = "scanned"',
        '"Scan" = "scanned"',
        "[state.ready].open.Scan",
        "an id of a-z",
        "'Scan'",
    ),
    (
        "a state row of an unknown mark",
        'astray = { lidocaine_given = "numb"',
        'astray = { foo = "numb"',
        "[state.ready].astray.foo",
        "a mark that is defined",
        "'foo'",
    ),
    (
        "no state row at all",
        'open = { needle_removed = "needle_out" }',
        'open = "needle_removed"',
        "[state.injected].open",
        "a table",
        "'needle_removed', a text",
    ),
    ("words of nothing", 'label = "Skin puncture"', 'label = ""', "[mark.skin_puncture].label", "words", "''"),
    (
        "words without end",
        'label = "Skin puncture"',
        f'label = "{"x" * 301}"',
        "[mark.skin_puncture].label",
        "at most 300 characters",
        "301",
    ),
    (
        "a button of one mark",
        'marks = ["compression_ended", "supine_started"]',
        'marks = ["compression_ended"]',
        "[[action]] 1 'end_compression_start_supine'.marks",
        "a list of at least 2",
        "1",
    ),
    (
        "advice of three",
        "advise_s = [60, 120]",
        "advise_s = [60, 90, 120]",
        "[[window]] 3 'injection_advised'.advise_s",
        "a list of 2",
        "3",
    ),
    ("one table where many belong", "[[action]]", "[action]", "action", "a list", "a table"),
    (
        "a source that is a list",
        'ICHD = "International',
        'ICHD = ["x"]\nIC = "International',
        "[source.ICHD]",
        "`str`",
        "a list",
    ),
    ("no version", f'version = "{LUMBAR.version}"\n', "", "version", "the key 'version'", "none"),
]
PARTS = ("old", "new", "place", "expected", "found")


@pytest.mark.parametrize(PARTS, [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_tables_that_contradict_each_other_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, place: str, expected: str, found: str
):
    sentences = refused(edited(tmp_path, old, new), capsys)
    assert any(stands(sentence, place, expected, found) for sentence in sentences), sentences


@pytest.mark.parametrize(PARTS, [case[1:] for case in SHAPES], ids=[case[0] for case in SHAPES])
def test_a_wrong_shape_is_told_with_what_was_found_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, place: str, expected: str, found: str
):
    sentences = refused(edited(tmp_path, old, new), capsys)
    assert any(stands(sentence, place, expected, found) for sentence in sentences), sentences


def test_a_procedure_that_would_never_end_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "lumbar.toml"
    path.write_text(replaced(replaced(LUMBAR_TEXT, "closed = true\n", ""), "final = true\n", ""), encoding="utf-8")
    [sentence] = refused(path, capsys)
    assert stands(sentence, "[state]", "a state that is final or an outcome that is closed", "none: it would never end")


def test_a_procedure_that_only_an_outcome_ends_is_good():
    assert protocols.parse(replaced(LUMBAR_TEXT, "final = true\n", "")).id == "lumbar-nusinersen"


def test_windows_up_to_the_limits_are_good():
    text = replaced(LUMBAR_TEXT, "two_devices_s = 10 ", "two_devices_s = 3600 ")
    text = replaced(text, "same_tablet_s = 0.7", "same_tablet_s = 10")
    text = replaced(text, "advise_s = [60, 120]", "advise_s = [60, 180]")
    assert protocols.parse(replaced(text, "groups = 3", "groups = 5")).recording.two_devices_s == 3600


def refused(path: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    assert main(["check", str(path)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    lines = err.splitlines()
    assert all(line.startswith("lumbar.toml: ") and ": expected " in line and "found" in line for line in lines), lines
    return lines


def stands(sentence: str, place: str, expected: str, found: str) -> bool:
    before, _, seen = sentence.partition("found ")
    return before.startswith(f"lumbar.toml: {place}: expected ") and expected in before and found in seen
