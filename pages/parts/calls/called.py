"""A follow-up call apart from its questions: its time and caller, doubts to confirm, saving it, what was saved."""

from html import escape

import streamlit as st

from core import clock, site
from core.care.call import Call, Contents, refusal
from core.engine.session import Session
from core.facts import aftercare
from core.protocols.tables import FollowUp
from pages.parts.forms import asking, filling, initials
from pages.parts.frame import words

NOW, EARLIER = "Now", "Earlier…"


def so_far(session: Session, table: FollowUp) -> None:
    """Earlier attempts at this call; it can be recorded again, which adds to the record."""
    call = next((call for call in aftercare.calls(session) if call.id == table.id), None)
    if call is None:
        st.warning(refusal(table) or "No dose is on record for this procedure, so that no call is due.")
        return
    lines = [f"Not answered {words.time(at)}" for at in call.tries]
    lines += [f"Made {words.time(call.made_at)}. What is recorded now is added."] if call.made_at else []
    due = f"Due {words.time(call.due_at)}" if not call.made_at else ""
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in [due, *lines] if line)
    st.html(f'<div class="told">{paragraphs}</div>')


def when_and_who(name: str) -> tuple[int | None, str]:
    """The moment of the call (UTC ms; None while it is not given) and the caller."""
    left, right = st.columns(2)
    when = left.segmented_control(
        "When", [NOW, EARLIER], default=NOW, required=True, key=f"{name} when", persist_state="session"
    )
    at = asking.moment(f"{name} at", "The call was on", left) if when == EARLIER else clock.now_ms()
    return at, initials.ask("Called by", f"{name} by", right)


def confirmed(doubts: list[str], name: str) -> bool:
    """Whether every doubt, if there are any, was confirmed with a tick."""
    for sentence in doubts:
        st.warning(words.plain(sentence))
    return not doubts or st.checkbox("Record it all the same", key=f"{name} sure", persist_state="session")


def answered(call: Call) -> list[str]:
    """The sentence against "Not answered" where answers were entered."""
    if not call.answers:
        return []
    return [f"Not answered: expected no answers, found {len(call.answers)}. Save the call instead, or take them back."]


def record(form: str, call: Call, contents: Contents, faults: list[str], sure: bool) -> None:
    """Saves the call, or says why it cannot be; what was typed stays."""
    for sentence in faults if sure else [*faults, "The call: expected a tick at “Record it all the same”, found none."]:
        st.error(words.plain(sentence))
    if faults or not sure:
        return
    if filling.save(form, call.session.id, contents, call.by):
        st.session_state[f"recorded {form}"] = _lines(call, contents)
        st.rerun()


def _lines(call: Call, contents: Contents) -> list[str]:
    """What was recorded, in words."""
    p = call.session.protocol
    lines = []
    for kind, data, at in contents:
        what = p.mark[data["mark"]].label if kind == "mark" else str(data.get("text", ""))
        if kind == "complication":
            what = p.complication[data["complication"]].label
        lines.append(f"{what}, {site.day_and_time(at)}" if at is not None and kind != "note" else f"“{what}”")
    flags = [flag for kind, data, _ in contents if kind == "complication" and (flag := aftercare.red_flag(p, data))]
    unasked = (
        [p.complication[complication].label for complication in call.unasked]
        if call.table.made == contents[-1][1]["mark"]
        else []
    )
    return [*lines, *flags, *([f"Not asked: {', '.join(unasked)}"] if unasked else [])]


def just_recorded(form: str) -> bool:
    """Whether the call was recorded a moment ago; then its summary is shown in place of the questions."""
    lines = st.session_state.get(f"recorded {form}")
    if not lines:
        return False
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in lines)
    st.html(f'<div class="told done" role="status"><p><b>Recorded</b></p>{paragraphs}</div>')
    if st.button("Record another call", key=f"again {form}"):
        del st.session_state[f"recorded {form}"]
        st.rerun()
    return True
