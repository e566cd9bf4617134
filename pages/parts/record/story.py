"""A record as it went: every entry with its author and device; late, undone and amended ones are labelled."""

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
    for entry in story(session):
        if words.day(entry.at) != day:
            day = words.day(entry.at)
            lines.append(f'<li class="day">{day}</li>')
        lines.append(_line(entry))
    st.html(f'<ol class="story">{"".join(lines)}</ol>')


def _line(entry: StoryEntry) -> str:
    flags = (
        [f"entered {words.day(entry.entered_at)} {words.time(entry.entered_at)}"]
        if entry.entered_at is not None
        else []
    )
    flags += ["undone"] if entry.undone else []
    flags += ["amended"] if entry.amended else []
    flags += ["counts once"] if entry.counts_once else []
    tags = "".join(f"<em>{escape(flag)}</em>" for flag in flags)
    by = " · ".join(filter(None, [entry.who, entry.device]))
    content = escape(entry.content) + (f" <q>{escape(entry.reason)}</q>" if entry.reason else "")
    below = [f'<p class="left">{escape(text)}</p>' for text in entry.to_review]
    below += [f"<p>Reviewed: {escape(text)}</p>" for text in entry.reviewed]
    below += [f"<p>{escape(_change(change))}</p>" for change in entry.changes]
    name = f"<del>{escape(entry.label)}</del>" if entry.undone else f"<b>{escape(entry.label)}</b>"
    return f"""<li class="{entry.kind}"><time>{words.time(entry.at)}</time>
        <div>{name} {content} {tags}<small>{escape(by)}</small>{"".join(below)}</div></li>"""


def _change(change: Change) -> str:
    when = f"{words.day(change.at)} {words.time(change.at)}"
    by = " · ".join(filter(None, [change.who, change.device, when]))
    content = ". ".join(filter(None, [change.content, f"“{change.reason}”" if change.reason else ""]))
    back = " (taken back)" if change.taken_back else ""
    return f"{change.what}{back}: {content} ({by})" if content else f"{change.what}{back} ({by})"
