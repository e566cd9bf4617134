"""The colours of Streamlit's own widgets are those of the boards."""

import tomllib

import pytest

from core.curves.charts.colours import roles
from tests.helpers.app import ROOT

ROLES = {
    "backgroundColor": "paper",
    "secondaryBackgroundColor": "card",
    "textColor": "ink",
    "primaryColor": "accent",
    "linkColor": "run",
    "borderColor": "field",
}


@pytest.mark.parametrize("room", ["light", "dark"])
def test_streamlit_has_the_colours_of_the_boards(room: str):
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"][room]
    ours = roles(room == "dark")
    assert {key: theme[key] for key in ROLES} == {key: ours[role] for key, role in ROLES.items()}


def test_every_colour_of_streamlit_is_compared():
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    named = {key for room in ("light", "dark") for key in theme[room]}
    assert named == {*ROLES}
