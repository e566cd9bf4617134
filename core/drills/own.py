"""The drills of the site's own, in `drills/` of the data folder: repeated cases, and files put there by hand."""

import json
from pathlib import Path
from typing import Any

import msgspec

from core import paths
from core.drills import case, drill
from core.drills.drill import Drill, DrillError
from core.engine.session import Session
from core.store import StoreError, disk


def offered() -> dict[str, Drill]:
    """The drills that come with Interspace, then those of the site's own that can be read, by id."""
    return drill.shipped() | {script.id: script for script in _read()[0] if script.id not in drill.shipped()}


def problems() -> list[str]:
    """A sentence for whatever stands in the folder and cannot be used."""
    return _read()[1]


def keep(session: Session) -> Drill:
    """Keeps a record as a drill; again, it is the same one. Raises NoDrill, DrillError, StoreError."""
    script = case.as_drill(session)
    drill.parse(text(script), script.id)  # against the protocol in use, which may be a later one
    folder = _folder()
    path = folder / f"{script.id}.toml"
    try:
        disk.make_folder(folder)
        disk.replace(path, text(script).encode(), durable=True)
    except OSError as error:
        raise StoreError(f"drills/{path.name} could not be written: {error.strerror}.") from error
    return script


def text(script: Drill) -> str:
    """A drill as its file."""
    plain: dict[str, Any] = msgspec.to_builtins(script)
    values, steps = plain.pop("values"), plain.pop("step")
    lines = [*_lines(plain), "", "[values]", *_lines(values)]
    for step in steps:
        lines += ["", "[[step]]", *_lines(step)]
    return "\n".join(lines) + "\n"


def _lines(table: dict[str, Any]) -> list[str]:
    return [f"{key} = {_toml(content)}" for key, content in table.items()]


def _toml(content: Any) -> str:
    if isinstance(content, dict):
        pairs = (f"{key} = {_toml(part)}" for key, part in content.items() if part is not None)
        return f"{{ {', '.join(pairs)} }}"
    return json.dumps(content, ensure_ascii=False).replace(
        "\x7f", "\\u007f"
    )  # TOML's strings escape as JSON's, and this


def _read() -> tuple[list[Drill], list[str]]:
    scripts, sentences = [], []
    for path in sorted(_folder().glob("*.toml")):
        try:
            scripts.append(drill.load(path))
        except DrillError as error:
            sentences += error.problems
    return scripts, sentences


def _folder() -> Path:
    return paths.data_folder() / "drills"
