"""Shapes of tables compared with the reference: every key and type that is wrong, in sentences that name the place."""

import math
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from msgspec import inspect

from core.protocols.tables import Table

LARGEST = 1e15  # what a JavaScript number holds exactly
# What a pattern of the reference asks for, in words.
PATTERNS = {
    r"^[a-z][a-z0-9_]*\Z": "an id of a-z, 0-9 and _ that begins with a letter",
    r"^[a-z][a-z0-9-]*\Z": "an id of a-z, 0-9 and - that begins with a letter",
    r"^[A-Za-z0-9][A-Za-z0-9 ./+-]*\Z": "an id of letters, digits, spaces and . / + -, letter or digit first",
}


def misshapen(raw: dict[str, Any], reference: type[Table]) -> Iterator[str]:
    """Section by section, so that the sentence names the table and its id."""
    kinds = {field.encode_name: field for field in inspect.type_info(reference).fields}  # type: ignore[attr-defined]
    for section in raw:
        if section not in kinds:
            yield f"[{section}]: expected one of {', '.join(sorted(kinds))}; found an unknown key"
    for section, field in kinds.items():
        if section not in raw:
            if field.required:
                yield f"{section}: expected the key '{section}', found none"
            continue
        found, kind = raw[section], _given(field.type)
        if isinstance(kind, inspect.DictType) and isinstance(found, dict):
            for key, one in found.items():
                yield from _wrong(kind.key_type, key, f"[{section}.{key}]")
                yield from _wrong(kind.value_type, one, f"[{section}.{key}]")
        elif _is_list_of_tables(kind) and isinstance(found, list):
            for n, one in enumerate(found, 1):
                yield from _wrong(kind.item_type, one, f"[[{section}]] {n}{_named(one)}")
        else:
            yield from _wrong(kind, found, f"[{section}]" if isinstance(kind, inspect.StructType) else section)


def _wrong(kind: Any, found: Any, place: str) -> Iterator[str]:
    """Every sentence about one place: "[mark.foo].label: expected `str`, found a list"."""
    kind = _given(kind)
    if isinstance(kind, inspect.StructType):
        yield from _wrong_table(kind, found, place)
    elif isinstance(kind, inspect.DictType):
        if not isinstance(found, dict):
            yield f"{place}: expected a table, found {shown(found)}"
            return
        for key, one in found.items():
            yield from _wrong(kind.key_type, key, f"{place}.{key}")
            yield from _wrong(kind.value_type, one, f"{place}.{key}")
    elif isinstance(kind, inspect.VarTupleType | inspect.TupleType):
        yield from _wrong_list(kind, found, place)
    elif isinstance(kind, inspect.LiteralType):
        if found not in kind.values:
            yield f"{place}: expected one of {', '.join(repr(one) for one in kind.values)}; found {shown(found)}"
    else:
        yield from (f"{place}: {said}" for said in _wrong_scalar(kind, found))


def _given(kind: Any) -> Any:
    """The type of what may be left out."""
    if isinstance(kind, inspect.UnionType):
        return next(one for one in kind.types if not isinstance(one, inspect.NoneType))
    return kind


def _wrong_table(kind: inspect.StructType, found: Any, place: str) -> Iterator[str]:
    if not isinstance(found, dict):
        yield f"{place}: expected a table, found {shown(found)}"
        return
    fields = {field.encode_name: field for field in kind.fields}
    for key in found:
        if key not in fields:
            yield f"{place}: expected only keys of the reference ({', '.join(fields)}), found '{key}'"
    for key, field in fields.items():
        if key in found:
            yield from _wrong(field.type, found[key], f"{place}.{key}")
        elif field.required:
            yield f"{place}: expected the key '{key}', found none"


def _wrong_list(kind: inspect.VarTupleType | inspect.TupleType, found: Any, place: str) -> Iterator[str]:
    if not isinstance(found, list):
        yield f"{place}: expected a list, found {shown(found)}"
        return
    if isinstance(kind, inspect.TupleType):
        if len(found) != len(kind.item_types):
            yield f"{place}: expected a list of {len(kind.item_types)}, found {len(found)}"
            return
        items = kind.item_types
    else:
        if len(found) < (kind.min_length or 0):
            yield f"{place}: expected a list of at least {kind.min_length}, found {len(found)}"
        items = (kind.item_type,) * len(found)
    for n, (item, one) in enumerate(zip(items, found, strict=True), 1):
        yield from _wrong(item, one, f"{place} {n}{_named(one)}")


def _wrong_scalar(kind: Any, found: Any) -> Iterator[str]:
    if isinstance(kind, inspect.StrType):
        yield from _wrong_text(kind, found)
    elif isinstance(kind, inspect.BoolType):
        if not isinstance(found, bool):
            yield f"expected `bool`, true or false, found {shown(found)}"
    elif isinstance(kind, inspect.DateType):
        if not isinstance(found, date) or isinstance(found, datetime):
            yield f"expected a date such as 2026-01-31, found {shown(found)}"
    else:
        yield from _wrong_number(kind, found)


def _wrong_text(kind: inspect.StrType, found: Any) -> Iterator[str]:
    if not isinstance(found, str):
        yield f"expected `str`, found {shown(found)}"
    elif kind.pattern and not re.search(kind.pattern, found):
        yield f"expected {PATTERNS[kind.pattern]}, found '{found[:60]}'"
    elif len(found) < (kind.min_length or 0):
        yield "expected words, found ''"
    elif kind.max_length is not None and len(found) > kind.max_length:
        yield f"expected at most {kind.max_length} characters, found {len(found)}: '{found[:30]}…'"


def _wrong_number(kind: Any, found: Any) -> Iterator[str]:
    whole = isinstance(kind, inspect.IntType)
    expected = "`int`, a whole number" if whole else "`float`, a number"
    expected += f" of at least {kind.ge}" if kind.ge is not None else ""
    expected += f" above {kind.gt:g}" if kind.gt is not None else ""
    if isinstance(found, bool) or not isinstance(found, int if whole else int | float):
        yield f"expected {expected}, found {shown(found)}"
    elif not math.isfinite(found if isinstance(found, float) else 0):
        yield f"expected a finite number, found {found}"
    elif abs(found) > LARGEST:
        yield f"expected a number of a readable size, found {shown(found)}"
    elif (kind.ge is not None and found < kind.ge) or (kind.gt is not None and found <= kind.gt):
        yield f"expected {expected}, found '{found}'"


def shown(found: Any) -> str:
    """What stands there, in words: "a list", "'three', a text"."""
    if isinstance(found, dict | list):
        return "a table" if isinstance(found, dict) else "a list"
    if isinstance(found, int | float) and not isinstance(found, bool):
        return f"'{found}', a number" if abs(found) <= LARGEST else f"a number beyond {LARGEST:g}"
    if isinstance(found, bool | str):
        return f"'{str(found)[:60]}', " + ("a text" if isinstance(found, str) else "which is true or false")
    return f"'{found}', a date or time"


def _is_list_of_tables(kind: Any) -> bool:
    return isinstance(kind, inspect.VarTupleType) and isinstance(kind.item_type, inspect.StructType)


def _named(table: Any) -> str:
    return f" '{table['id']}'" if isinstance(table, dict) and isinstance(table.get("id"), str) else ""
