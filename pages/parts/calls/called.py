"""The parts of a follow-up call around its questions: when it was and who called, what stands in the way, what was
recorded.
"""

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
    """What was done about this call before: it can be recorded again, and then adds to the record."""
    found = next((one for one in aftercare.calls(session) if one.id == table.id), None)
    if found is None:
        st.warning(refusal(table) or "No dose is on record for this procedure, so that no call is due.")
        return
    lines = [f"Not answered {words.time(at)}" for at in found.tries]
    lines += [f"Made {words.time(found.made_at)}. What is recorded now is added."] if found.made_at else []
    due = f"Due {words.time(found.due_at)}" if not found.made_at else ""
    said = "".join(f"<p>{escape(line)}</p>" for line in [due, *lines] if line)
    st.html(f'<div class="told">{said}</div>')


def when_and_who(name: str) -> tuple[int | None, str]:
    """The moment of the call (UTC ms; None while it is not given) and the caller."""
    left, right = st.columns(2)
    when = left.segmented_control(
        "When", [NOW, EARLIER], default=NOW, required=True, key=f"{name} when", persist_state="session"
    )
    at = asking.moment(f"{name} at", "The call was on", left) if when == EARLIER else clock.now_ms()
    return at, initials.ask("Called by", f"{name} by", right)


def confirmed(doubts: list[str], name: str) -> bool:
    """Whether what is doubtful, if anything, was said to be right."""
    for sentence in doubts:
        st.warning(words.plain(sentence))
    return not doubts or st.checkbox("Record it all the same", key=f"{name} sure", persist_state="session")


def answered(told: Call) -> list[str]:
    """What was answered speaks against a call that nobody answered."""
    if not told.answers:
        return []
    return [f"Not answered: expected no answers, found {len(told.answers)}. Save the call instead, or take them back."]


def record(form: str, told: Call, contents: Contents, faults: list[str], sure: bool) -> None:
    """Saves the call, or says why it cannot be; what was typed stays."""
    for sentence in faults if sure else [*faults, "The call: expected a tick at “Record it all the same”, found none."]:
        st.error(words.plain(sentence))
    if faults or not sure:
        return
    if filling.save(form, told.session.id, contents, told.by):
        st.session_state[f"recorded {form}"] = _lines(told, contents)
        st.rerun()


def _lines(told: Call, contents: Contents) -> list[str]:
    """What was recorded, in words."""
    p = told.session.protocol
    said = []
    for kind, data, at in contents:
        what = p.mark[data["mark"]].label if kind == "mark" else str(data.get("text", ""))
        if kind == "complication":
            what = p.complication[data["complication"]].label
        said.append(f"{what}, {site.day_and_time(at)}" if at is not None and kind != "note" else f"“{what}”")
    flags = [flag for kind, data, _ in contents if kind == "complication" and (flag := aftercare.red_flag(p, data))]
    unasked = [p.complication[one].label for one in told.unasked] if told.table.made == contents[-1][1]["mark"] else []
    return [*said, *flags, *([f"Not asked: {', '.join(unasked)}"] if unasked else [])]


def just_recorded(form: str) -> bool:
    """Whether the call was recorded a moment ago; then it stands here instead of the questions."""
    lines = st.session_state.get(f"recorded {form}")
    if not lines:
        return False
    said = "".join(f"<p>{escape(line)}</p>" for line in lines)
    st.html(f'<div class="told done" role="status"><p><b>Recorded</b></p>{said}</div>')
    if st.button("Record another call", key=f"again {form}"):
        del st.session_state[f"recorded {form}"]
        st.rerun()
    return True
