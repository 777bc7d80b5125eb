"""`import kg`: what is public, and how little it costs."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import kg


def test_everything_that_is_listed_is_there_and_says_what_it_is() -> None:
    assert kg.__all__ == sorted(kg.__all__)
    for name in kg.__all__:
        assert getattr(kg, name).__doc__, name
        assert name in dir(kg)


def test_a_name_that_is_not_there_is_told_what_there_is() -> None:
    with pytest.raises(AttributeError, match=r"'kg' has no attribute 'open_libary'\. It has: .*open_library"):
        _ = kg.open_libary


def test_the_import_alone_loads_next_to_nothing() -> None:
    code = "import json, sys; before = {*sys.modules}; import kg; print(json.dumps(sorted({*sys.modules} - before)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    loaded = {name for name in json.loads(done.stdout) if name.partition(".")[0] not in sys.stdlib_module_names}
    assert loaded == {"kg"}


def test_opening_a_library_loads_no_numbers_and_no_models() -> None:
    code = (
        "import json, sys, kg; kg.open_library('nowhere'); "
        "heavy = 'numpy', 'pandas', 'faiss', 'spacy', 'pydantic', 'networkx', 'ingest', 'agents'; "
        "print(json.dumps([name for name in heavy if name in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert json.loads(done.stdout) == []
