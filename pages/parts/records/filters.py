"""What records are looked for: by patient, operator, protocol, outcome, day, and whether something is to review."""

from datetime import date, datetime, timedelta
from datetime import time as day_time

import streamlit as st

from core import protocols, site
from core.records.find import Wanted, offered, problem
from core.records.row import Row


def wanted(rows: list[Row]) -> Wanted:
    """The filters as they stand; each offers what the records hold."""
    with st.container(border=True, key="filters"):
        first = st.columns(4)
        patient = first[0].text_input("Patient code or record id", key="by patient", placeholder="All").strip()
        operator = first[1].selectbox(
            "Operator", offered(rows, "operators"), index=None, placeholder="All", key="by operator"
        )
        used = first[2].selectbox(
            "Protocol", offered(rows, "protocol"), index=None, placeholder="All", key="by protocol", format_func=_short
        )
        outcome = first[3].selectbox(
            "Outcome", offered(rows, "outcome_label"), index=None, placeholder="All", key="by outcome"
        )
        second = st.columns([1, 1, 1.2, 0.8], vertical_alignment="bottom")
        since = second[0].date_input(
            "From", value=None, key="by since", format="YYYY-MM-DD", min_value=date(1990, 1, 1)
        )
        until = second[1].date_input("To", value=None, key="by until", format="YYYY-MM-DD", min_value=date(1990, 1, 1))
        to_review = second[2].toggle("Only with something to review", key="by review")
        drills = second[3].toggle("Drills too", key="by drills")
    wrong = problem(since, until)
    if wrong:
        st.error(f"{wrong} All dates are shown.")
        since = until = None
    return Wanted(
        patient=patient,
        operator=operator or "",
        protocol=used or "",
        outcome=outcome or "",
        since=_midnight(since),
        until=_midnight(until + timedelta(days=1)) if until else None,
        to_review=to_review,
        drills=drills,
    )


def _short(id_: str) -> str:
    """A protocol by its short words, where it is still in use."""
    protocol = protocols.shipped().get(id_)
    return protocol[0].short if protocol else id_


def _midnight(day: date | None) -> int | None:
    """When a day began on the site's clocks (UTC ms)."""
    return None if day is None else site.moment(datetime.combine(day, day_time()))
