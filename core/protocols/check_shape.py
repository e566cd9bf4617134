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
        content, kind = raw[section], _given(field.type)
        if isinstance(kind, inspect.DictType) and isinstance(content, dict):
            for key, item in content.items():
                yield from _wrong(kind.key_type, key, f"[{section}.{key}]")
                yield from _wrong(kind.value_type, item, f"[{section}.{key}]")
        elif _is_list_of_tables(kind) and isinstance(content, list):
            for n, item in enumerate(content, 1):
                yield from _wrong(kind.item_type, item, f"[[{section}]] {n}{_named(item)}")
        else:
            yield from _wrong(kind, content, f"[{section}]" if isinstance(kind, inspect.StructType) else section)


def _wrong(kind: Any, content: Any, place: str) -> Iterator[str]:
    """Every sentence about one place: "[mark.foo].label: expected `str`, found a list"."""
    kind = _given(kind)
    if isinstance(kind, inspect.StructType):
        yield from _wrong_table(kind, content, place)
    elif isinstance(kind, inspect.DictType):
        if not isinstance(content, dict):
            yield f"{place}: expected a table, found {shown(content)}"
            return
        for key, item in content.items():
            yield from _wrong(kind.key_type, key, f"{place}.{key}")
            yield from _wrong(kind.value_type, item, f"{place}.{key}")
    elif isinstance(kind, inspect.VarTupleType | inspect.TupleType):
        yield from _wrong_list(kind, content, place)
    elif isinstance(kind, inspect.LiteralType):
        if content not in kind.values:
            yield f"{place}: expected one of {', '.join(repr(item) for item in kind.values)}; found {shown(content)}"
    else:
        yield from (f"{place}: {sentence}" for sentence in _wrong_scalar(kind, content))


def _given(kind: Any) -> Any:
    """The type of what may be left out."""
    if isinstance(kind, inspect.UnionType):
        return next(type_ for type_ in kind.types if not isinstance(type_, inspect.NoneType))
    return kind


def _wrong_table(kind: inspect.StructType, content: Any, place: str) -> Iterator[str]:
    if not isinstance(content, dict):
        yield f"{place}: expected a table, found {shown(content)}"
        return
    fields = {field.encode_name: field for field in kind.fields}
    for key in content:
        if key not in fields:
            yield f"{place}: expected only keys of the reference ({', '.join(fields)}), found '{key}'"
    for key, field in fields.items():
        if key in content:
            yield from _wrong(field.type, content[key], f"{place}.{key}")
        elif field.required:
            yield f"{place}: expected the key '{key}', found none"


def _wrong_list(kind: inspect.VarTupleType | inspect.TupleType, content: Any, place: str) -> Iterator[str]:
    if not isinstance(content, list):
        yield f"{place}: expected a list, found {shown(content)}"
        return
    if isinstance(kind, inspect.TupleType):
        if len(content) != len(kind.item_types):
            yield f"{place}: expected a list of {len(kind.item_types)}, found {len(content)}"
            return
        items = kind.item_types
    else:
        if len(content) < (kind.min_length or 0):
            yield f"{place}: expected a list of at least {kind.min_length}, found {len(content)}"
        items = (kind.item_type,) * len(content)
    for n, (item, member) in enumerate(zip(items, content, strict=True), 1):
        yield from _wrong(item, member, f"{place} {n}{_named(member)}")


def _wrong_scalar(kind: Any, content: Any) -> Iterator[str]:
    if isinstance(kind, inspect.StrType):
        yield from _wrong_text(kind, content)
    elif isinstance(kind, inspect.BoolType):
        if not isinstance(content, bool):
            yield f"expected `bool`, true or false, found {shown(content)}"
    elif isinstance(kind, inspect.DateType):
        if not isinstance(content, date) or isinstance(content, datetime):
            yield f"expected a date such as 2026-01-31, found {shown(content)}"
    else:
        yield from _wrong_number(kind, content)


def _wrong_text(kind: inspect.StrType, content: Any) -> Iterator[str]:
    if not isinstance(content, str):
        yield f"expected `str`, found {shown(content)}"
    elif kind.pattern and not re.search(kind.pattern, content):
        yield f"expected {PATTERNS[kind.pattern]}, found '{content[:60]}'"
    elif len(content) < (kind.min_length or 0):
        yield "expected words, found ''"
    elif kind.max_length is not None and len(content) > kind.max_length:
        yield f"expected at most {kind.max_length} characters, found {len(content)}: '{content[:30]}…'"


def _wrong_number(kind: Any, content: Any) -> Iterator[str]:
    whole = isinstance(kind, inspect.IntType)
    expected = "`int`, a whole number" if whole else "`float`, a number"
    expected += f" of at least {kind.ge}" if kind.ge is not None else ""
    expected += f" above {kind.gt:g}" if kind.gt is not None else ""
    if isinstance(content, bool) or not isinstance(content, int if whole else int | float):
        yield f"expected {expected}, found {shown(content)}"
    elif not math.isfinite(content if isinstance(content, float) else 0):
        yield f"expected a finite number, found {content}"
    elif abs(content) > LARGEST:
        yield f"expected a number of a readable size, found {shown(content)}"
    elif (kind.ge is not None and content < kind.ge) or (kind.gt is not None and content <= kind.gt):
        yield f"expected {expected}, found '{content}'"


def shown(content: Any) -> str:
    """What stands there, in words: "a list", "'three', a text"."""
    if isinstance(content, dict | list):
        return "a table" if isinstance(content, dict) else "a list"
    if isinstance(content, int | float) and not isinstance(content, bool):
        return f"'{content}', a number" if abs(content) <= LARGEST else f"a number beyond {LARGEST:g}"
    if isinstance(content, bool | str):
        return f"'{str(content)[:60]}', " + ("a text" if isinstance(content, str) else "which is true or false")
    return f"'{content}', a date or time"


def _is_list_of_tables(kind: Any) -> bool:
    return isinstance(kind, inspect.VarTupleType) and isinstance(kind.item_type, inspect.StructType)


def _named(table: Any) -> str:
    return f" '{table['id']}'" if isinstance(table, dict) and isinstance(table.get("id"), str) else ""
