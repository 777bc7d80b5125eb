"""Heavy libraries load when they are used, not when the program starts."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = [
    "dask", "faiss", "langchain_core", "neo4j", "networkx", "onnxruntime", "pandas", "pypdfium2", "scipy",
    "sentence_transformers", "spacy", "streamlit", "tokenizers", "torch", "transformers",
]  # fmt: skip


@pytest.mark.parametrize("module", ["kg", "ui.cli"])
def test_importing_it_loads_no_heavy_library(module: str) -> None:
    code = f"import json, sys, {module}; json.dump(sorted(set({HEAVY!r}) & set(sys.modules)), sys.stdout)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []
