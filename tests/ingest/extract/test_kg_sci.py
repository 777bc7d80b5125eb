"""The shipped kg_sci on texts of our own."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.extract.kg_sci_model import AUTO, WEIGHTS, KgSci, Reading, kg_sci, weights_digest
from ingest.extract.sci_vocabulary import MEANINGS, OTHER_LABELS, TYPES
from kg.errors import UsageError
from kg.predicates import PREDICATES

BIO = (
    "Patients with Parkinson disease who carried the G2019S mutation of LRRK2 were treated with levodopa. "
    "Levodopa reduced tremor, and nausea was its commonest adverse effect in these patients."
)
PARSING = (
    "We present a statistical parser that uses a log-linear model for part-of-speech tagging. "
    "The parser is evaluated on the Penn Treebank, where it improves the F-score of dependency parsing."
)
ALLOY = (
    "The titanium alloy was annealed at 850 °C for 2 h in argon. Its tensile strength of 980 MPa was measured with "
    "an Instron 5582 testing machine, and the microstructure was observed by scanning electron microscopy."
)
TEXTS = (BIO, PARSING, ALLOY, "", "Water is wet.")


def words_of(reading: Reading, text: str, *labels: str) -> set[str]:
    return {text[one.start : one.end] for one in reading.mentions if one.label in labels}


def test_each_head_finds_what_its_field_speaks_of() -> None:
    bio = kg_sci().read(BIO, "bio")
    assert {"LRRK2"} <= words_of(bio, BIO, "GeneOrGeneProduct")
    assert {"levodopa"} <= {word.lower() for word in words_of(bio, BIO, "ChemicalEntity")}
    assert {"Parkinson disease", "tremor", "nausea"} <= words_of(bio, BIO, "DiseaseOrPhenotypicFeature")
    materials = kg_sci().read(ALLOY, "materials")
    assert {"titanium alloy", "argon"} <= words_of(materials, ALLOY, "MAT")
    assert {"tensile strength"} <= words_of(materials, ALLOY, "PROPERTY")
    stm = kg_sci().read(ALLOY, "stm")
    assert any("alloy" in word for word in words_of(stm, ALLOY, "Material"))


def test_nested_mentions_follow_what_holds_them() -> None:
    found = kg_sci().read(ALLOY, "materials").mentions
    assert any(
        one.label == "VALUE" and other.label in ("NUM", "UNIT") and one.start <= other.start and other.end <= one.end
        for one, other in zip(found, found[1:], strict=False)
    )


@pytest.mark.skipif("scierc" not in kg_sci().heads, reason="the optional SciERC head is not installed")
def test_the_optional_head_finds_methods_and_what_they_are_used_for() -> None:
    found = kg_sci().read(PARSING, "scierc")
    assert "log-linear model" in words_of(found, PARSING, "Method")
    assert "Penn Treebank" in words_of(found, PARSING, "Material")
    told = {(PARSING[a.start : a.end], one.predicate, PARSING[b.start : b.end])
            for one in found.relations
            for a, b in [(found.mentions[one.subject], found.mentions[one.object])]}  # fmt: skip
    assert ("log-linear model", "USED-FOR", "part-of-speech tagging") in told


def test_auto_takes_the_head_of_the_field_and_says_which() -> None:
    assert kg_sci().read(BIO).head == "bio"
    assert kg_sci().read(ALLOY).head == "materials"
    if "scierc" in kg_sci().heads:
        assert kg_sci().read(PARSING).head == "scierc"
    assert kg_sci().choose([BIO, BIO, ALLOY]) == "bio"


def test_everything_stands_without_the_optional_head(tmp_path: Path) -> None:
    for path in WEIGHTS.iterdir():
        if path.name != "scierc":
            os.symlink(path, tmp_path / path.name)
    bare = KgSci(tmp_path)
    assert bare.heads == ("stm", "bio", "materials")
    assert bare.read(PARSING).head in bare.heads
    assert bare.read(BIO, "bio") == kg_sci().read(BIO, "bio")
    with pytest.raises(UsageError, match="optional") as caught:
        bare.read(PARSING, "scierc")
    assert "stm" in str(caught.value)


def test_an_unknown_head_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match="No head 'physics'"):
        kg_sci().read(BIO, "physics")


@given(st.permutations(TEXTS), st.sampled_from([AUTO, *kg_sci().heads]))
@settings(max_examples=12, deadline=None)
def test_what_is_found_does_not_depend_on_what_else_is_read(texts: list[str], head: str) -> None:
    alone = {text: KgSci().read(text, head) for text in texts[:1]}
    found = {text: kg_sci().read(text, head) for text in texts}
    assert found[texts[0]] == alone[texts[0]]


@given(st.text(max_size=200), st.sampled_from(kg_sci().heads))
@settings(max_examples=60, deadline=None)
def test_any_text_can_be_read(text: str, head: str) -> None:
    found = kg_sci().read(text, head)
    assert all(0 <= one.start < one.end <= len(text) and 0 <= one.confidence <= 1 for one in found.mentions)
    assert all(one.subject != one.object for one in found.relations)


def test_a_text_longer_than_the_network_reads_is_read_to_its_end() -> None:
    text = " ".join([BIO] * 30)
    found = kg_sci().read(text, "bio").mentions
    assert found[-1].end > len(text) - len(BIO)
    assert len(found) >= 25 * len(kg_sci().read(BIO, "bio").mentions)


def test_labels_and_predicates_of_the_heads_have_a_meaning_in_the_graph() -> None:
    names = {one.name for one in PREDICATES}
    for head, meanings in MEANINGS.items():
        assert {one.predicate for one in meanings.values()} <= names
        assert head in TYPES
    assert not any(set(TYPES[head]) & set(labels) for head, labels in OTHER_LABELS.items())


def test_the_weights_are_small_and_have_a_name() -> None:
    shipped = [path for path in WEIGHTS.rglob("*") if path.is_file() and "scierc" not in path.parts]
    assert sum(path.stat().st_size for path in shipped) < 17_000_000
    assert len(weights_digest()) == 16


def test_reading_keeps_one_core_busy_and_no_other() -> None:
    """In a process of its own: what sets the number of threads elsewhere must not be what makes it pass."""
    script = textwrap.dedent("""
        import time
        from ingest.extract.kg_sci_model import kg_sci

        text = ("The alloy of titanium, aluminium and vanadium was annealed in argon; its hardness, tensile strength "
                "and microstructure were measured with a testing machine and an electron microscope. ") * 4
        model = kg_sci()
        model.read(text, "materials")
        cpu, wall = time.process_time(), time.perf_counter()
        for _ in range(40):
            model.read(text, "materials")
        print((time.process_time() - cpu) / (time.perf_counter() - wall))
    """)
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    told = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert float(told.stdout) < 1.3
