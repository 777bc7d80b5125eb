"""One machine or another, one order or another: the same is found."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.extract.extractor import extractor_named
from tests.contracts.extractor import of_passage

ROOT = Path(__file__).parents[3]
PASSAGES = [
    "Aspirin reduces fever (Fig. 2). It may not reduce inflammation in mice [3].",
    "Polyvinyl alcohol (PVA) binds water. Heat-induced swelling of PVA was measured with a laser.",
    "There is no evidence that silk contains metals such as iron, copper and zinc.",
    "We used lidar to map canopies. Canopy height depends on rainfall and on soil depth.",
    "Results and Discussion",
]


def test_nothing_depends_on_the_seed_of_hashes_or_on_other_processes() -> None:
    code = (
        "import json, sys; from dataclasses import astuple; from ingest.extract.extractor import extractor_named\n"
        "found = extractor_named('syntax').extract(json.loads(sys.argv[1]))\n"
        "print(json.dumps([astuple(found), 'torch' in sys.modules]))"
    )
    outputs = []
    for seed in ("0", "1"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "OMP_NUM_THREADS": seed + "1"}
        run = subprocess.run(
            [sys.executable, "-c", code, json.dumps(PASSAGES)],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        outputs.append(json.loads(run.stdout))
    assert outputs[0] == outputs[1]
    assert outputs[0][0][1]
    assert outputs[0][1] is False, "torch was imported: seconds and hundreds of megabytes for nothing"


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from([0, 2, 3, 4]), min_size=1, max_size=6))
def test_a_passage_is_read_the_same_among_any_others(order: list[int]) -> None:
    extractor = extractor_named("syntax")
    together = extractor.extract([PASSAGES[place] for place in order])
    for number, place in enumerate(order):
        assert of_passage(together, number) == of_passage(extractor.extract([PASSAGES[place]]), 0)


@settings(max_examples=60, deadline=None)
@given(
    st.text(
        st.one_of(st.sampled_from("The cell may not (Fig. 2) [3] bind iron; and, silk. \n"), st.characters()),
        max_size=120,
    )
)
def test_any_text_is_read_without_an_error(text: str) -> None:
    found = extractor_named("syntax").extract([text])
    for mention in found.mentions:
        assert text[mention.start : mention.end].strip()


def test_an_abbreviation_defined_in_one_passage_is_resolved_in_the_others() -> None:
    found = extractor_named("syntax").extract(["PVA is soluble in water.", "Polyvinyl alcohol (PVA) binds water."])
    assert next(mention.name for mention in found.mentions if mention.passage == 0) == "Polyvinyl alcohol"
