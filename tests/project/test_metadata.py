"""What the distribution says of itself, and the locks that it is set up from."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
import zipfile
from importlib.metadata import distribution, distributions, packages_distributions
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

TOP = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("kg", "agents", "ingest", "ui")
LOCKS = ("requirements.lock", "requirements-gpu.lock", "requirements-slim.lock")
WITHOUT_TORCH = {"torch", "sentence-transformers"}
# What sentence-transformers takes and gives is made of these two.
PARTS = {"torch", "huggingface-hub"}


@pytest.fixture(scope="module")
def settings() -> dict:
    return tomllib.loads((TOP / "pyproject.toml").read_text())


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names of the files in a wheel built from the checkout."""
    built = next(WheelBuilder(str(TOP)).build(directory=str(tmp_path_factory.mktemp("wheel")), versions=["standard"]))
    return zipfile.ZipFile(built).namelist()


def locked(name: str) -> dict[str, str]:
    """Package -> version, as a lock file pins them."""
    rows = re.findall(r"^([\w.-]+)==([^\s;]+)", (TOP / name).read_text(), re.MULTILINE)
    return {canonicalize_name(package): version for package, version in rows}


def test_the_command_is_hypograph_and_the_licence_is_apache() -> None:
    installed = distribution("hypograph")
    (command,) = installed.entry_points.select(group="console_scripts")
    assert (command.name, command.value) == ("hypograph", "ui.cli:main")
    assert installed.metadata["License-Expression"] == "Apache-2.0"
    assert "Apache License" in (TOP / "LICENSE").read_text()
    assert "3.11" in installed.metadata["Requires-Python"]


def test_the_version_is_the_newest_of_the_changelog(settings: dict) -> None:
    newest = re.search(r"^## \[(\d[^\]]*)\]", (TOP / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert newest is not None
    assert settings["project"]["version"] == newest[1]


@pytest.mark.parametrize("package", PACKAGES)
def test_a_wheel_holds_every_file_of_the_packages(package: str, wheel: list[str]) -> None:
    there = {path.relative_to(TOP).as_posix() for path in (TOP / package).rglob("*") if path.is_file()}
    # The SciERC head is optional and learnt from data without a stated licence: only the repository has it.
    there = {name for name in there if "__pycache__" not in name and "/kg_sci/scierc/" not in name}
    assert not any("/kg_sci/scierc/" in name for name in wheel)
    assert f"{package}/py.typed" in there
    assert there <= set(wheel)


def test_a_wheel_holds_nothing_but_the_packages_and_its_own_description(wheel: list[str]) -> None:
    tops = {name.split("/")[0] for name in wheel}
    assert {top for top in tops if not re.fullmatch(r"hypograph-.*\.dist-info", top)} == set(PACKAGES)


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_host_and_gives_every_package_its_hashes(name: str) -> None:
    text = (TOP / name).read_text()
    assert not re.search(r"://|@ |--(extra-)?index|--find-links|--trusted-host", text)
    entries = re.split(r"\n(?=\S)", text.strip())
    assert len(entries) > 50
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_fits_the_dependencies(name: str, settings: dict) -> None:
    wanted = [Requirement(line) for line in settings["project"]["dependencies"]]
    if "slim" not in name:
        wanted += [Requirement(line) for line in settings["dependency-groups"]["dev"]]
    pins = locked(name)
    unfit = [
        str(one)
        for one in wanted
        if not (name == "requirements-slim.lock" and one.name in WITHOUT_TORCH)
        and not one.specifier.contains(pins.get(canonicalize_name(one.name), "none"), prereleases=True)
    ]
    assert unfit == [], "run `make lock`"


def test_what_is_imported_is_declared(settings: dict) -> None:
    """A library that is there only because another one needs it may be gone with that one's next version."""
    project = settings["project"]
    lines = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    declared = {canonicalize_name(Requirement(line).name) for line in lines} | PARTS
    brings = packages_distributions()
    undeclared = set()
    for path in (file for package in PACKAGES for file in (TOP / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Import(names=names):
                    modules = [alias.name for alias in names]
                case ast.ImportFrom(module=str(module), level=0):
                    modules = [module]
                case _:
                    continue
            for top in {module.split(".")[0] for module in modules} - {*PACKAGES, *sys.stdlib_module_names}:
                if not declared & {canonicalize_name(name) for name in brings.get(top, [])}:
                    undeclared.add(f"{path.relative_to(TOP)} imports {top}")
    assert undeclared == set()


def test_the_locks_agree_on_versions() -> None:
    pins = [locked(name) for name in LOCKS]
    packages = set().union(*pins)
    assert [package for package in sorted(packages) if len({pin[package] for pin in pins if package in pin}) > 1] == []


def test_the_slim_lock_leaves_torch_out_and_the_default_lock_most_of_cuda() -> None:
    slim, default, full = locked("requirements-slim.lock"), locked("requirements.lock"), locked("requirements-gpu.lock")
    assert not WITHOUT_TORCH & slim.keys()
    assert not [package for package in slim if package.startswith("nvidia-")]
    assert default.keys() >= WITHOUT_TORCH
    assert {"triton", "nvidia-cusolver"} <= full.keys() - default.keys()


def test_the_cuda_version_of_the_override_is_the_one_that_torch_asks_for() -> None:
    asked = [one for line in distribution("torch").requires or () if (one := Requirement(line)).name == "cuda-toolkit"]
    (kept,) = [Requirement(line) for line in (TOP / "overrides/cpu.txt").read_text().splitlines() if line[0] != "#"]
    assert {str(one.specifier) for one in asked} <= {str(kept.specifier)}


def test_no_dependency_has_a_licence_that_forbids_use() -> None:
    """The vendor's GPU libraries are proprietary: torch's wheel asks for them, nothing here ships them."""

    def licence(one: object) -> str:
        fields = [one.metadata.get("License-Expression"), (one.metadata.get("License") or "")[:100]]
        classifiers = [name for name in one.metadata.get_all("Classifier", []) if name.startswith("License")]
        return " ".join([*filter(None, fields), *classifiers])

    forbidden = re.compile(r"(?<!L)\bA?GPL|GNU (Affero )?General Public|Non-?Commercial|\bNC\b", re.IGNORECASE)
    assert [one.name for one in distributions() if forbidden.search(licence(one))] == []
