"""A page for each kind of configuration file: every field with type, range, default, meaning."""

import re
import types
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MinLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from packshot_reference.markdown import code, heading, page, prose, table
from packshot_reference.sources import alias_doc, attribute_docs, attribute_types, docstring
from transforms.presets.brand import Brand
from transforms.presets.catalogue import Catalogue
from transforms.presets.channel import Channel
from transforms.presets.gate import Gate
from transforms.presets.model import Models
from transforms.presets.plate import Plate
from transforms.presets.preset import Preset
from transforms.presets.strict import Strict
from transforms.presets.suite import Suite

FILES: dict[str, tuple[str, type[Strict]]] = {
    "config/catalogues/*.yaml": ("catalogue", Catalogue),
    "config/brands/*.yaml": ("brand", Brand),
    "config/presets/*.yaml": ("preset", Preset),
    "config/channels/*.yaml": ("channel", Channel),
    "config/gate.yaml": ("gate-file", Gate),
    "config/expectations/*.yaml": ("expectations", Suite),
    "config/models.yaml": ("models", Models),
    "config/plates/*.yaml": ("plate", Plate),
}
"""Every kind of file under `config/`: its pattern, the page that describes it, its model."""

_SHORT = 60
_FEW = 2
_NAME = r"^[a-z0-9][a-z0-9-]*$"
_SAID = {"Name", "Share", "str", "int", "float", "bool", ""}
"""Types that say nothing more than their words; *name* is told at the head of each page."""
_PLAIN = {str: "text", int: "integer", float: "number", bool: "true or false", object: "anything"}


def model_of(path: str) -> type[Strict] | None:
    """The model that a file of this path must fit; None: no file of ours."""
    fitting = (model for pattern, (_, model) in FILES.items() if PurePosixPath(path).match(pattern))
    return next(fitting, None)


def pages() -> dict[str, str]:
    """Pages by address."""
    return {
        f"reference/configuration/{name}.md": _page(pattern, model)
        for pattern, (name, model) in FILES.items()
    }


def _page(pattern: str, model: type[Strict]) -> str:
    models = list(_reached(model))
    where = pattern.replace("*", "<name>")
    return page(
        heading(1, code(where)),
        prose(docstring(model)) if docstring(model) != f"`{where}`." else "",
        "Unknown fields are refused. `packshot presets check` reads every file and names file, "
        "field and value of a mistake. A *name* is made of lower-case letters, digits and hyphens. "
        "*None* is written as `null`, or by leaving the field out. A file's `name` is its own "
        "name.",
        _fields(model, models),
        *(
            page(heading(2, _title(each), _anchor(each)), prose(docstring(each)),
                 _fields(each, models))
            for each in models[1:]
        ),
    )  # fmt: skip


def _title(model: type) -> str:
    return model.__name__.strip("_")


def _reached(model: type[BaseModel], seen: set[type] | None = None) -> Iterator[type[BaseModel]]:
    """The model, and all that its fields hold, each once and near to where it is first named.

    What several share comes before the first of them.
    """
    seen = set() if seen is None else seen
    if model in seen:
        return
    seen.add(model)
    shared = _shared_base(model)
    if shared and shared not in seen:
        seen.add(shared)
        yield shared
    yield model
    for field in model.model_fields.values():
        for inner in _models_in(field.annotation):
            yield from _reached(inner, seen)


def _first_line(model: type[BaseModel]) -> str:
    return docstring(model).partition("\n")[0]


def _shared_base(model: type[BaseModel]) -> type[BaseModel] | None:
    """A base that is there for its fields alone."""
    return next((base for base in model.__bases__ if base.__name__.startswith("_")), None)


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for each in get_args(annotation) for model in _models_in(each)]


def _fields(model: type[BaseModel], models: list[type[BaseModel]]) -> str:
    docs, written = attribute_docs(model), attribute_types(model)
    shared = _shared_base(model)
    rows = []
    for name, field in model.model_fields.items():
        if shared and name in shared.model_fields:
            continue
        kind = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
        alias = written.get(name, "").partition(" ")[0]
        doc = docs.get(name) or (alias_doc(model, alias) if alias not in _SAID else "")
        doc = doc or " ".join(_first_line(inner) for inner in _models_in(field.annotation)[:1])
        rows.append((code(name), _type(kind, models), _default(field), doc))
    said = f"Besides those of [{_title(shared)}](#{_anchor(shared)}):\n\n" if shared else ""
    return said + table(("field", "type", "default", "meaning"), rows)


def _type(kind: Any, models: list[type[BaseModel]]) -> str:  # noqa: PLR0911 - a case each
    """A type in words."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Annotated:
        constraints = list(_flat(inner[1:]))
        if any(getattr(each, "pattern", None) == _NAME for each in constraints):
            return "name"
        return " ".join(filter(None, [_type(inner[0], models), _bounds(constraints)]))
    if origin is Literal:
        return ", ".join(code(each) for each in inner)
    if origin in {Union, types.UnionType}:
        if len(inner) > _FEW and set(inner) <= set(models):
            return "one of these: " + ", ".join(_type(each, models) for each in inner)
        return " or ".join("none" if each is type(None) else _type(each, models) for each in inner)
    if origin is tuple and inner[-1] is not ...:
        parts = [_type(each, models) for each in inner]
        alike = len(set(parts)) == 1
        return f"{len(parts)} times {parts[0]}" if alike else "list of " + ", ".join(parts)
    if origin in {tuple, list}:
        return f"list of {_type(inner[0], models)}"
    if origin is dict:
        return f"map: {_type(inner[0], models)} to {_type(inner[1], models)}"
    if kind in models:
        return f"[{_title(kind)}](#{_anchor(kind)})"
    return _PLAIN.get(kind) or getattr(kind, "__name__", "anything").lower()


def _flat(metadata: tuple[Any, ...]) -> Iterator[Any]:
    """Constraints one by one; pydantic keeps some within a field of its own."""
    for each in metadata:
        if isinstance(each, FieldInfo):
            yield from each.metadata
        else:
            yield each


def _bounds(constraints: list[Any]) -> str:
    """Constraints in words; those that say nothing to people are left out."""
    low, high, rest = "", "", []
    for each in constraints:
        match each:
            case Ge(ge=value):
                low = f"{value}"
            case Gt(gt=value):
                low = f"above {value}"
            case Le(le=value):
                high = f"{value}"
            case Lt(lt=value):
                high = f"below {value}"
            case MinLen(min_length=least) if least > 1:
                rest.append(f"of {least} or more")
            case _ if getattr(each, "pattern", None):
                rest.append(f"as `{each.pattern}`")
    if low and high:
        rest.insert(0, f"{low} to {high}")
    elif low or high:
        rest.insert(0, (f"{low} or more" if low[:1].isdigit() else low) or f"up to {high}")
    return ", ".join(rest)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**required**"
    value = field.get_default(call_default_factory=True)
    if value is None:
        return "none"
    if isinstance(value, BaseModel):
        return "its defaults"
    if value in ((), {}, ""):
        return "empty"
    shown = str(value).lower() if isinstance(value, bool) else _listed(value)
    return code(shown) if len(shown) < _SHORT else "see the file"


def _listed(value: Any) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_listed, value)) + "]"
    return str(value)


def _anchor(model: type) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", model.__name__).lower().strip("_")
