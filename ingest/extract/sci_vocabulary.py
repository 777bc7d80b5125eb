"""What the labels and predicates of kg_sci's heads are in the project's own types and predicates.

`docs/extraction.md` shows the tables. A label without a type marks words that name no concept (numbers, citations,
"this method"); a predicate without a counterpart says nothing that the graph holds.
"""

from __future__ import annotations

from dataclasses import dataclass

TYPES: dict[str, dict[str, str]] = {
    "scierc": {
        "Task": "Task",
        "Method": "Method",
        "Metric": "Metric",
        "Material": "Data",
        "OtherScientificTerm": "Concept",
    },
    "stm": {"Material": "Material", "Process": "Process", "Data": "Property", "Method": "Method"},
    "bio": {
        "GeneOrGeneProduct": "Gene",
        "DiseaseOrPhenotypicFeature": "Disease",
        "ChemicalEntity": "Chemical",
        "OrganismTaxon": "Organism",
        "SequenceVariant": "Variant",
        "CellLine": "Cell line",
    },
    "materials": {
        "MAT": "Material",
        "FORM": "Form",
        "PROPERTY": "Property",
        "SAMPLE": "Material",
        "TECHNIQUE": "Method",
        "DEV": "Device",
        "INSTRUMENT": "Instrument",
    },
}
"""Head -> label -> type of the concept."""

OTHER_LABELS: dict[str, dict[str, str]] = {
    "scierc": {"Generic": "Generic"},
    "materials": {
        "NUM": "Num",
        "VALUE": "Value",
        "UNIT": "Unit",
        "RANGE": "Range",
        "CITE": "Citation",
        "MEASUREMENT": "Measurement",
        "QUAL_MEAS": "Quality",
    },
}
"""Head -> label of what names no concept -> how `auto` calls it."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """A predicate of `kg.predicates`; `turned` when the head's subject is its object."""

    predicate: str
    turned: bool = False


MEANINGS: dict[str, dict[str, Meaning]] = {
    "scierc": {
        "USED-FOR": Meaning("used for"),
        "FEATURE-OF": Meaning("has property", turned=True),
        "HYPONYM-OF": Meaning("is a"),
        "PART-OF": Meaning("part of"),
        "EVALUATE-FOR": Meaning("evaluated on", turned=True),
        "COMPARE": Meaning("compared with"),
    },
    "bio": {
        "Association": Meaning("associated with"),
        "Positive_Correlation": Meaning("correlated with"),
        "Negative_Correlation": Meaning("inversely correlated with"),
        "Bind": Meaning("binds"),
        "Cotreatment": Meaning("combined with"),
        "Comparison": Meaning("compared with"),
        "Drug_Interaction": Meaning("interacts with"),
        "Conversion": Meaning("becomes"),
    },
    "materials": {
        "usedAs": Meaning("used for"),
        "usedIn": Meaning("used for"),
        "usedTogether": Meaning("combined with"),
        "dopedBy": Meaning("contains"),
    },
}
"""Head -> its predicate -> what it means."""


# A measurement in MuLMS is the verb that reports it: what hangs on one verb belongs together.
MEASURED_PROPERTY = "measuresProperty"
JOINED: dict[str, Meaning] = {
    "usesTechnique": Meaning("measured with"),
    "usesInstrument": Meaning("measured with"),
    "conditionSampleFeatures": Meaning("has property", turned=True),
}
"""Of `materials`: what joins another object of a measurement with the property that it measures (the subject)."""


def auto_label(head: str, label: str) -> str:
    """How `auto` calls what a head labelled so."""
    own = OTHER_LABELS.get(head, {}).get(label)
    return own if own is not None else TYPES[head].get(label, "Concept")
