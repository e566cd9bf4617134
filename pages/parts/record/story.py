"""A record as it went: every entry with who and from which device, late, undone and amended ones told as such."""

from html import escape

import streamlit as st

from core.engine import words
from core.engine.session import Session
from core.facts.changes import Change
from core.facts.story import StoryEntry, story


def show(session: Session) -> None:
    """The entries, the first first, under the day on which they happened."""
    st.header("Timeline", anchor=False)
    lines, day = [], ""
    for one in story(session):
        if words.day(one.at) != day:
            day = words.day(one.at)
            lines.append(f'<li class="day">{day}</li>')
        lines.append(_line(one))
    st.html(f'<ol class="story">{"".join(lines)}</ol>')


def _line(one: StoryEntry) -> str:
    flags = [f"entered {words.day(one.entered_at)} {words.time(one.entered_at)}"] if one.entered_at is not None else []
    flags += ["undone"] if one.undone else []
    flags += ["amended"] if one.amended else []
    flags += ["counts once"] if one.counts_once else []
    tags = "".join(f"<em>{escape(flag)}</em>" for flag in flags)
    by = " · ".join(filter(None, [one.who, one.device]))
    told = escape(one.content) + (f" <q>{escape(one.reason)}</q>" if one.reason else "")
    below = [f'<p class="left">{escape(text)}</p>' for text in one.to_review]
    below += [f"<p>Reviewed: {escape(text)}</p>" for text in one.reviewed]
    below += [f"<p>{escape(_change(change))}</p>" for change in one.changes]
    name = f"<del>{escape(one.label)}</del>" if one.undone else f"<b>{escape(one.label)}</b>"
    return f"""<li class="{one.kind}"><time>{words.time(one.at)}</time>
        <div>{name} {told} {tags}<small>{escape(by)}</small>{"".join(below)}</div></li>"""


def _change(change: Change) -> str:
    when = f"{words.day(change.at)} {words.time(change.at)}"
    by = " · ".join(filter(None, [change.who, change.device, when]))
    told = ". ".join(filter(None, [change.content, f"“{change.reason}”" if change.reason else ""]))
    back = " (taken back)" if change.taken_back else ""
    return f"{change.what}{back}: {told} ({by})" if told else f"{change.what}{back} ({by})"
