from __future__ import annotations

import pytest
import spacy

TEXT = "Aspirin inhibits cyclooxygenase in patients with rheumatoid arthritis."


def test_any_pipeline_takes_the_component_by_its_name() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("kg_sci", config={"head": "bio"})
    doc = nlp(TEXT)
    labels = {span.text: span.label_ for span in doc.spans["kg_sci"]}
    assert labels["Aspirin"] == "ChemicalEntity"
    assert labels["rheumatoid arthritis"] == "DiseaseOrPhenotypicFeature"
    assert len(doc.spans["kg_sci"].attrs["confidences"]) == len(doc.spans["kg_sci"])
    assert {ent.text for ent in doc.ents} == set(labels)
    assert doc._.kg_sci_head == "bio"
    for subject, predicate, object_, confidence in doc._.kg_sci_relations:
        assert subject != object_ and predicate and 0 <= confidence <= 1
        assert max(subject, object_) < len(doc.spans["kg_sci"])


def test_entities_that_are_there_already_stay() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "DRUG", "pattern": "Aspirin"}])  # type: ignore[attr-defined]
    nlp.add_pipe("kg_sci", config={"head": "bio"})
    assert {(ent.text, ent.label_) for ent in nlp(TEXT).ents} >= {
        ("Aspirin", "DRUG"),
        ("rheumatoid arthritis", "DiseaseOrPhenotypicFeature"),
    }


def test_an_unknown_head_is_told() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("kg_sci", config={"head": "physics"})
    with pytest.raises(Exception, match="physics"):
        nlp(TEXT)
