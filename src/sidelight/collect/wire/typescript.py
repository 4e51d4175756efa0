"""Writes `records.gen.ts`: the entries, answers and bodies as TypeScript says them, for the front end.

    python -m sidelight.collect.wire.typescript frontend/src/record/records.gen.ts

The file is committed; a test keeps it equal to what this module makes. A struct becomes an interface, the tag that
tells a union's members apart a literal field, a default a comment. What the browser sends may leave out what has a
default (`?`); what the service sends never does.
"""

import inspect
import re
import sys
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType

import msgspec

from sidelight.collect.wire import answer, log, page
from sidelight.collect.wire.answer import Answer
from sidelight.collect.wire.log import Entry, Logged, Modality, Place, TaskEntry
from sidelight.collect.wire.page import Stage, Task

Types = msgspec.inspect

_HEADER = (
    "// Generated from src/sidelight/collect/wire by `python -m sidelight.collect.wire.typescript`. Do not edit.\n"
)

_PLACE_TEXT = """/** (x, y) in [0, 1] of the image: x to the right, y down. */
export type Place = readonly [number, number];
"""

_LITERALS: Mapping[str, typing.Any] = {"Modality": Modality, "Task": Task, "Stage": Stage}
_UNIONS: Mapping[str, typing.Any] = {"TaskEntry": TaskEntry, "Entry": Entry, "Answer": Answer}
_KINDS: Mapping[str, typing.Any] = {"TASK_KINDS": TaskEntry, "ENTRY_KINDS": Entry}
_PLACE: Mapping[str, typing.Any] = {"Place": Place}
_NAMED = [(Types.type_info(kind), name) for kinds in (_LITERALS, _UNIONS, _PLACE) for name, kind in kinds.items()]
_PLAIN: Mapping[type, str] = {
    Types.StrType: "string",
    Types.IntType: "number",
    Types.FloatType: "number",
    Types.BoolType: "boolean",
    Types.NoneType: "null",
}


def typescript() -> str:
    """The whole text of `records.gen.ts`.

    >>> "export type Modality = " in typescript()
    True
    """
    blocks = [_literal(name, kind) for name, kind in _LITERALS.items()]
    blocks.append(_PLACE_TEXT)
    blocks += [text for module in (log, answer, page) for text in interfaces(module)]
    blocks += [_union(name, kind) for name, kind in _UNIONS.items()]
    blocks += [_kinds(name, kind) for name, kind in _KINDS.items()]
    return "\n".join((_HEADER, *blocks))


def interfaces(module: ModuleType) -> list[str]:
    """A module's own structs as interfaces, in the order they are written."""
    return [_interface(struct) for struct in _structs(module)]


def _structs(module: ModuleType) -> Iterator[type[msgspec.Struct]]:
    """A module's own structs, in the order they are written; `Logged` itself is no entry."""
    for found in vars(module).values():
        ours = isinstance(found, type) and issubclass(found, msgspec.Struct) and found.__module__ == module.__name__
        if ours and found is not Logged:
            yield found


def _literal(name: str, kind: object) -> str:
    return f"export type {name} = {' | '.join(_quoted(value) for value in typing.get_args(kind))};\n"


def _union(name: str, kind: object) -> str:
    members = "".join(f"\n  | {member.__name__}" for member in typing.get_args(kind))
    return f"export type {name} ={members};\n"


def _kinds(name: str, kind: object) -> str:
    tags = "".join(f"\n  {_quoted(member.__struct_config__.tag)}," for member in typing.get_args(kind))
    return f"export const {name} = [{tags}\n] as const;\n"


def _interface(struct: type[msgspec.Struct]) -> str:
    info = Types.type_info(struct)
    assert isinstance(info, Types.StructType)
    config = struct.__struct_config__
    sent = bool(config.omit_defaults or config.forbid_unknown_fields)
    told = {name: text for parent in reversed(struct.__mro__) for name, text in _attributes(parent).items()}
    lines = [f"/** {_summary(struct)} */", f"export interface {struct.__name__} {{"]
    if info.tag_field is not None:
        lines.append(f"  readonly {info.tag_field}: {_quoted(info.tag)};")
    for field in info.fields:
        lines += _field(field, told.get(field.name, ""), sent=sent)
    return "\n".join((*lines, "}\n"))


def _field(field: Types.Field, told: str, *, sent: bool) -> list[str]:
    default = "" if field.required else f"Default: {_default(field)}."
    said = " ".join(filter(None, (told, default)))
    mark = "?" if sent and not field.required else ""
    lines = [f"  /** {said} */"] if said else []
    return [*lines, f"  readonly {field.encode_name}{mark}: {_said(field.type)};"]


def _default(field: Types.Field) -> str:
    value = field.default if field.default is not msgspec.NODEFAULT else field.default_factory()
    return msgspec.json.encode(value).decode()


def _said(info: Types.Type) -> str:  # noqa: PLR0911 - one a kind of type
    """A type in TypeScript's words."""
    named = next((name for known, name in _NAMED if known == info), None)
    if named is not None:
        return named
    if type(info) in _PLAIN:
        return _PLAIN[type(info)]
    match info:
        case Types.LiteralType(values=values):
            return " | ".join(map(_quoted, values))
        case Types.StructType(cls=struct):
            return struct.__name__
        case Types.TupleType(item_types=items):
            return f"readonly [{', '.join(map(_said, items))}]"
        case Types.VarTupleType(item_type=item):
            return f"readonly {_grouped(_said(item))}[]"
        case Types.DictType(value_type=value):
            return f"Readonly<Record<string, {_said(value)}>>"
        case Types.UnionType(types=kinds):
            return " | ".join(map(_said, sorted(kinds, key=lambda kind: isinstance(kind, Types.NoneType))))
    raise TypeError(f"no TypeScript is known for {info!r}")


def _grouped(item: str) -> str:
    return f"({item})" if " " in item else item


def _quoted(value: object) -> str:
    return f'"{value}"'


def _summary(struct: type[msgspec.Struct]) -> str:
    """All of the docstring that comes before its sections."""
    return " ".join((inspect.getdoc(struct) or "").split("\n\nAttributes:")[0].split())


def _attributes(kind: type) -> dict[str, str]:
    """What the docstring's section "Attributes" says of each field."""
    section = inspect.cleandoc(kind.__doc__ or "").partition("\nAttributes:\n")[2]
    found = re.findall(r"^    (\w+): (.*(?:\n {8}.*)*)", section, flags=re.MULTILINE)
    return {name: " ".join(text.split()) for name, text in found}


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(typescript(), "utf-8")
