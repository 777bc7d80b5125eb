"""ui → agents → kg ← ingest, and ui may use ingest. Read from the sources, so imports inside functions count too."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parent.parent
MAY_IMPORT = {
    "kg": {"kg"},
    "ingest": {"ingest", "kg"},
    "agents": {"agents", "kg"},
    "ui": {"ui", "agents", "ingest", "kg"},
}
# The notebook's face finds `library.add`, `library.ask` … in these packages, at the moment they are called.
FOUND_WHEN_CALLED = {"kg/notebook.py": {"agents", "ingest"}}


def imported(tree: ast.Module, module: str) -> Iterator[tuple[ast.stmt | ast.expr, str]]:
    """Each place that imports something, with the dotted name it imports; `module` resolves relative names."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from ((node, alias.name) for alias in names)
            case ast.ImportFrom(module=name, level=0):
                yield node, name or ""
            case ast.ImportFrom(module=name, level=level):
                parents = module.split(".")[:-level]
                yield node, ".".join([*parents, name] if name else parents)
            case ast.Call(func=ast.Name(id="__import__" | "import_module"), args=[ast.Constant(value=str(name)), *_]):
                yield node, name
            case ast.Call(func=ast.Attribute(attr="import_module"), args=[ast.Constant(value=str(name)), *_]):
                yield node, name


def is_late(block: ast.AST) -> bool:
    """Whether what stands in the block is not run when the module is imported."""
    match block:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
    return False


def wrong_imports(source: str, place: str) -> list[str]:
    """What the file at `place` (relative to the checkout) may not import, a line each."""
    tree = ast.parse(source)
    not_at_import = {id(node) for block in ast.walk(tree) if is_late(block) for node in ast.walk(block)}
    allowed, late = MAY_IMPORT[place.split("/")[0]], FOUND_WHEN_CALLED.get(place, set())
    module = place.removesuffix(".py").replace("/", ".")
    return [
        f"{place}:{node.lineno} imports {name}"
        for node, name in imported(tree, module)
        if (package := name.split(".")[0]) in MAY_IMPORT
        and package not in allowed
        and not (package in late and id(node) in not_at_import)
    ]


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_no_package_imports_against_the_arrows(package: str) -> None:
    files = sorted((TOP / package).rglob("*.py"))
    assert files, f"{package} has no modules: is the layout another one?"
    wrong = [line for path in files for line in wrong_imports(path.read_text(), path.relative_to(TOP).as_posix())]
    assert wrong == []


@pytest.mark.parametrize(
    ("place", "source"),
    [
        ("kg/paths.py", "import ingest.readers"),
        ("kg/paths.py", "def later():\n    from agents import steps"),
        ("kg/stores/sqlite_store.py", "from ...ui import cli"),
        ("ingest/pipeline.py", "from agents.workflows import ask"),
        ("agents/steps/plan.py", "import kg, ui"),
        ("agents/steps/plan.py", "import importlib\nimportlib.import_module('ingest.extract')"),
        ("kg/notebook.py", "import ingest"),
        ("kg/notebook.py", "def show():\n    from ui import app"),
    ],
)
def test_an_import_against_the_arrows_is_found(place: str, source: str) -> None:
    assert len(wrong_imports(source, place)) == 1


@pytest.mark.parametrize(
    ("place", "source"),
    [
        ("kg/notebook.py", "def add():\n    from ingest import pipeline"),
        ("kg/notebook.py", "if TYPE_CHECKING:\n    from ingest.pipeline import Pipeline"),
        ("kg/stores/sqlite_store.py", "from ..model import Paper\nimport agentsmith, networkx"),
        ("ui/compose.py", "import kg, agents.steps, ingest.pipeline\nfrom . import cli"),
    ],
)
def test_imports_along_the_arrows_pass(place: str, source: str) -> None:
    assert wrong_imports(source, place) == []
