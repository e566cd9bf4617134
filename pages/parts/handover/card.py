"""The card that goes with the patient to the ward: codes and times, what to watch for, when the calls are due."""

from html import escape
from urllib.parse import quote, urlsplit

import streamlit as st

from core import clock, site
from core.care.handover import Card
from core.facts.aftercare import Adverse
from core.facts.timers import WardTimer
from core.protocols.tables import Protocol
from pages.parts.frame import words
from pages.parts.patient import adverse


def show(p: Protocol, card: Card, qr: str) -> None:
    """The card as it is printed, on one page of A5; `qr` is a picture to stand in its corner."""
    dose = f"Dose {card.dose}" if card.dose else ""
    bed = f"{p.value[p.bed].label} {card.bed}" if p.bed and card.bed else ""
    dosed = f"Given {site.day_and_time(card.dosed_at)}" if card.dosed_at else "No dose on record"
    counts = [f"{label}: {number}" for label, number in card.figures.items()]
    counts += [f"{label}: {number}" for label, number in card.groups.items()]
    seen = [_seen(p, event) for event in card.seen] + [f"{words.time(at)} {label}" for label, at in card.checked]
    parts = (
        _list("Timers", [_timer(timer, card.reasons.get(timer.clock, "")) for timer in card.timers]),
        _list("Insertions", counts),
        _list("Observed so far", seen),
        _list("To do", card.to_do),
        _list("Watch for", card.watch),
        _list("At once", card.red_flags, "red"),
        _list("Follow-up calls", [f"{call.label}: due {site.day_and_time(call.due_at)}" for call in card.calls]),
        _list("Handed over", [_handed_over(handover.at, handover.names) for handover in card.handovers]),
    )
    st.html(f"""<article class="sheet" aria-label="Card for the ward">{qr}<header><h2>{escape(card.patient)}</h2>
        <p>{escape(" · ".join(filter(None, [bed, dose, card.protocol, dosed])))}</p></header>{"".join(parts)}
        <footer>As of {site.day_and_time(clock.now_ms())}. Local protocol aid, not a validated medical device.</footer>
        </article>""")


def _list(title: str, lines: list[str], tone: str = "") -> str:
    if not lines:
        return ""
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f'<section class="{tone}"><h3>{title}</h3><ul>{items}</ul></section>'


def _seen(p: Protocol, event: Adverse) -> str:
    how = [adverse.described(p, key, content) for key, content in event.described.items()]
    flag = "Red flag: " if event.red_flag else ""
    return ", ".join(filter(None, [f"{words.time(event.at)} {flag}{event.label}", *how, event.text]))


def _timer(timer: WardTimer, why: str) -> str:
    least = f"at least {timer.bound}" if timer.bound else ""
    if timer.since is not None:
        until = f"until {words.time(timer.ends_at)} at the earliest" if timer.ends_at else ""
        return f"{timer.label}: since {words.time(timer.since)}, " + ", ".join(filter(None, [until, least]))
    if timer.ended_at is not None:
        ended = f"{timer.label}: ended {words.time(timer.ended_at)} after {words.span(timer.lasted)}"
        return ", ".join(filter(None, [ended, *([least, f"“{why}”"] if why else [])]))
    return ", ".join(filter(None, [f"{timer.label}: not begun", least]))


def _handed_over(at: int, names: dict[str, str]) -> str:
    return ", ".join([words.time(at), *(f"{label.lower()} {name}" for label, name in names.items())])


_SCRIPT = """
export default function ({ parentElement }) {
  parentElement.querySelector(".print").onclick = () => window.print();
}
"""

_PRINT = st.components.v2.component(
    "interspace_print",
    js=_SCRIPT,
    html='<button class="theme print" type="button">Print</button>',
    isolate_styles=False,
)


def print_button() -> None:
    """Opens the browser's own print dialog."""
    _PRINT(key="print", width="content")


def qr(path: str, what: str) -> None:
    """The picture, with the address below it."""
    if address := _address(path):
        link = f'<a href="{escape(path)}" target="_self">{escape(address)}</a>'
        caption = f"<figcaption>{escape(what)}<br>{link}</figcaption>"
        st.html(f'<figure class="qr">{_picture(address, what, 220)}{caption}</figure>')


def small_qr(path: str, what: str) -> str:
    """The picture alone, to stand on what is printed; empty where the address is not known."""
    address = _address(path)
    return f'<figure class="qr">{_picture(address, what, 110)}</figure>' if address else ""


def _address(path: str) -> str:
    """The address as this browser sees it, by which another device finds this server."""
    here = urlsplit(st.context.url or "")
    return f"{here.scheme}://{here.netloc}{path}" if here.netloc else ""


def _picture(address: str, what: str, size: int) -> str:
    source = f"/api/qr?url={quote(address, safe='')}"
    return f'<img src="{source}" alt="QR: {escape(what)}" width="{size}" height="{size}">'
