"""kg_sci as an ordinary spaCy component, for any pipeline that splits text into tokens.

    nlp = spacy.blank("en")
    nlp.add_pipe("kg_sci", config={"head": "bio"})
    doc = nlp("Aspirin inhibits cyclooxygenase.")
    doc.spans["kg_sci"], doc._.kg_sci_relations

The package registers the factory under spaCy's entry points, so that nothing has to be imported first. `doc.spans`
holds all mentions, nested ones too, with their confidences in `attrs["confidences"]`; `doc.ents` gets the outermost
ones that hit no entity that is there already. `kg_sci_relations` are (place of the subject among the spans, predicate,
place of the object, confidence). A mention that ends inside a token takes the whole token.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import filter_spans

from ingest.extract.kg_sci_model import AUTO, KgSci, kg_sci

if TYPE_CHECKING:
    from spacy.tokens import Span

SPANS = "kg_sci"


class KgSciComponent:
    """Adds a head's mentions and relations to a document."""

    def __init__(self, model: KgSci, head: str = AUTO) -> None:
        self.model, self.head = model, head
        if not Doc.has_extension("kg_sci_relations"):
            Doc.set_extension("kg_sci_relations", default=())
            Doc.set_extension("kg_sci_head", default=None)

    def __call__(self, doc: Doc) -> Doc:
        reading = self.model.read(doc.text, self.head)
        place: dict[int, int] = {}
        spans: list[Span] = []
        confidences: list[float] = []
        for number, mention in enumerate(reading.mentions):
            span = doc.char_span(mention.start, mention.end, label=mention.label, alignment_mode="expand")
            if span is not None:
                place[number] = len(spans)
                spans.append(span)
                confidences.append(mention.confidence)
        doc.spans[SPANS] = spans
        doc.spans[SPANS].attrs["confidences"] = confidences
        known = list(doc.ents)
        taken = {token.i for span in known for token in span}
        doc.ents = [*known, *filter_spans([one for one in spans if not taken & {token.i for token in one}])]
        doc._.kg_sci_head = reading.head
        doc._.kg_sci_relations = tuple(
            (place[one.subject], one.predicate, place[one.object], one.confidence)
            for one in reading.relations
            if one.subject in place and one.object in place
        )
        return doc


@Language.factory("kg_sci", default_config={"head": AUTO}, assigns=["doc.ents", "doc.spans"])
def make_kg_sci(nlp: Language, name: str, head: str) -> KgSciComponent:
    """The component with the shipped weights; `head` is "auto" or one of the heads there are."""
    del nlp, name
    return KgSciComponent(kg_sci(), head)
