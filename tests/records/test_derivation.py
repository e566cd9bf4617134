"""The version of the rows: another one whenever a source that makes them is another."""

import ast
import shutil
from pathlib import Path

import pytest

from core.records import derivation


@pytest.fixture
def core(tmp_path: Path) -> Path:
    """A copy of the sources."""
    copy = tmp_path / "core"
    shutil.copytree(derivation.CORE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def version(core: Path) -> str:
    derivation.derivation.cache_clear()
    return derivation.derivation(core)


def imported(core: Path, path: Path) -> set[Path]:
    """The modules of core that a module imports, and those that they import."""
    seen: set[Path] = set()
    ahead = [path]
    while ahead:
        module = ahead.pop()
        if module in seen:
            continue
        seen.add(module)
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
            for name in names:
                place = core.parent / name.replace(".", "/")
                ahead += [one for one in (place.with_suffix(".py"), place / "__init__.py") if one.is_file()]
    return {one for one in seen if core in one.parents}


def test_every_source_that_makes_a_row_changes_the_version(core: Path):
    sources = imported(core, core / "records" / "row.py") | imported(core, core / "engine" / "walk.py")
    before = version(core)
    unseen = []
    for source in sorted(sources):
        text = source.read_text(encoding="utf-8")
        source.write_text(text + "\n# changed\n", encoding="utf-8")
        unseen += [source.name] if version(core) == before else []
        source.write_text(text, encoding="utf-8")
    assert unseen == []
    assert len(sources) > 20
    assert version(core) == before


def test_a_screen_does_not_change_the_version(core: Path):
    before = version(core)
    (core / "web" / "routes.py").write_text("", encoding="utf-8")
    (core / "protocols" / "lumbar-nusinersen.toml").write_text("", encoding="utf-8")
    assert version(core) == before
