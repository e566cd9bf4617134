"""Drawing by key: what survives is the same element and is never taken out, above all not under a finger."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from tests.helpers.bare import bare_page

PAGE = """<main></main><script type="module">
import { draw, h } from "./controls/dom.js";
const root = document.querySelector("main");
const watch = new MutationObserver(() => {});
watch.observe(root, { childList: true });
const buttons = () => [...root.children];
const button = (label) => buttons().find((element) => element.textContent === label);
window.drawn = (labels, keyless = []) => {
  const before = new Map(buttons().map((element) => [element.textContent, element]));
  watch.takeRecords();
  draw(root, labels.map((label) => h("button", keyless.includes(label) ? {} : { key: label }, label)));
  const after = new Map(buttons().map((element) => [element.textContent, element]));
  const gone = watch.takeRecords().flatMap((record) => [...record.removedNodes]).map((element) => element.textContent);
  return {
    labels: [...after.keys()],
    same: [...after].filter(([label, element]) => before.get(label) === element).map(([label]) => label),
    gone,
    focused: document.activeElement?.textContent,
  };
};
window.focused = (label) => button(label).focus();
window.captured = (label) => {
  button(label).onpointerdown = (touch) => button(label).setPointerCapture(touch.pointerId);
};
window.capturing = (label) => button(label)?.hasPointerCapture(1) ?? false;
</script>"""
LABELS = st.lists(st.sampled_from("abcdefgh"), unique=True)
SHARED = settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    yield from bare_page(browser, PAGE, "capturing")


def drawn(page: Page, labels: list[str], keyless: str = "") -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate("([labels, keyless]) => drawn(labels, [...keyless])", [labels, keyless])
    return found


@SHARED
@given(before=LABELS, after=LABELS)
def test_any_list_becomes_any_other_and_what_is_in_both_is_the_same_element(
    page: Page, before: list[str], after: list[str]
):
    drawn(page, [])
    drawn(page, before)
    drawing = drawn(page, after)
    assert drawing["labels"] == after
    assert sorted(drawing["same"]) == sorted(set(before) & set(after))


@SHARED
@given(before=LABELS, going=st.sets(st.sampled_from("abcdefgh")), coming=st.lists(st.integers(0, 8), max_size=4))
def test_nothing_that_survives_is_taken_out_when_others_go_or_come(
    page: Page, before: list[str], going: set[str], coming: list[int]
):
    after = [label for label in before if label not in going]
    for n, place in enumerate(coming):
        after.insert(place, f"new {n}")
    drawn(page, [])
    drawn(page, before)
    drawing = drawn(page, after)
    assert drawing["labels"] == after
    assert set(drawing["gone"]) == set(before) & going


@SHARED
@given(before=LABELS.filter(bool), after=LABELS, data=st.data())
def test_the_focused_element_is_never_taken_out_whatever_moves_around_it(
    page: Page, before: list[str], after: list[str], data: st.DataObject
):
    focused = data.draw(st.sampled_from(before))
    after = after if focused in after else [*after, focused]
    drawn(page, [])
    drawn(page, before)
    page.evaluate("label => focused(label)", focused)
    drawing = drawn(page, after)
    assert drawing["labels"] == after
    assert drawing["focused"] == focused
    assert focused not in drawing["gone"]


@SHARED
@given(before=st.permutations("abcdef"), after=st.permutations("abcdef"))
def test_no_more_is_moved_than_has_to_be(page: Page, before: list[str], after: list[str]):
    drawn(page, [])
    page.evaluate("document.activeElement?.blur()")
    drawn(page, before)
    page.mouse.click(0, 500)  # a finger that landed elsewhere holds nothing
    moved = drawn(page, after)["gone"]
    stayed = [label for label in after if label not in moved]
    assert all(before.index(first) < before.index(second) for first, second in pairwise(stayed))
    assert len(stayed) == longest_common(before, after)


@pytest.mark.parametrize("after", ["bcd", "dba", "xabc", "cb", "xyzbw", "db"])
def test_a_pressed_element_keeps_the_finger_until_it_lifts(page: Page, after: str):
    drawn(page, [])
    drawn(page, [*"abcd"])
    page.evaluate("captured('b')")
    page.locator("button", has_text="b").hover()
    page.mouse.down()
    assert page.evaluate("capturing('b')")
    drawing = drawn(page, [*after])
    assert drawing["labels"] == [*after]
    assert page.evaluate("capturing('b')")
    page.mouse.up()


@pytest.mark.parametrize(
    ("before", "after", "keyless"),
    [("abK", "bK", "K"), ("aK", "K", "K"), ("K", "aK", "K"), ("JaK", "JK", "JK"), ("JKa", "aJK", "JK")],
)
def test_an_element_without_a_key_survives_what_goes_or_comes_before_it(
    page: Page, before: str, after: str, keyless: str
):
    drawn(page, [])
    drawn(page, [*before], keyless)
    drawing = drawn(page, [*after], keyless)
    assert drawing["labels"] == [*after]
    assert set(keyless) <= set(drawing["same"])


def longest_common(before: list[str], after: list[str]) -> int:
    """How many follow each other in both lists."""
    lengths: dict[str, int] = {}
    for label in after:
        earlier = [lengths[other] for other in lengths if before.index(other) < before.index(label)]
        lengths[label] = 1 + max(earlier, default=0)
    return max(lengths.values())
