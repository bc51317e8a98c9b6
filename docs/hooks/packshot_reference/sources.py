"""What stands in the source code and not in the objects that it makes: docstrings of attributes."""

import ast
import inspect
import sys
import textwrap
from functools import cache
from itertools import pairwise
from types import ModuleType


def attribute_docs(model: type) -> dict[str, str]:
    """Docstrings of a class's attributes by name, those of its bases included."""
    found: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if base.__module__.startswith(("transforms.", "packshot_")):
            found |= below(_class_body(base))
    return found


def attribute_types(model: type) -> dict[str, str]:
    """Annotations of a class's attributes as they are written."""
    found: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if base.__module__.startswith("transforms."):
            body = _class_body(base)
            fields = [each for each in body if isinstance(each, ast.AnnAssign)]
            found |= {ast.unparse(each.target): ast.unparse(each.annotation) for each in fields}
    return found


def alias_doc(model: type, name: str) -> str:
    """Docstring of a type that is named in the model's module or imported into it; else empty."""
    module: ModuleType | None = sys.modules[model.__module__]
    while module is not None:
        tree = ast.parse(inspect.getsource(module))
        documented = below(tree.body)
        if name in documented:
            return documented[name]
        module = next(
            (
                sys.modules.get(each.module or "")
                for each in tree.body
                if isinstance(each, ast.ImportFrom)
                and (each.module or "").startswith("transforms.")
                and name in {alias.name for alias in each.names}
            ),
            None,
        )
    return ""


def docstring(model: type) -> str:
    """A class's own docstring, never that of a base."""
    return inspect.cleandoc(model.__dict__.get("__doc__") or "")


@cache
def _class_body(model: type) -> list[ast.stmt]:
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    assert isinstance(tree, ast.ClassDef)  # noqa: S101 - what a class's source is
    return tree.body


def below(body: list[ast.stmt]) -> dict[str, str]:
    """Texts that stand right below an assignment, by its name."""
    found = {}
    for statement, after in pairwise(body):
        match statement, after:
            case (
                ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                found[name] = inspect.cleandoc(text)
            case (
                ast.Assign(targets=[ast.Tuple(elts=names)]),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                found |= {ast.unparse(name): inspect.cleandoc(text) for name in names}
    return found
