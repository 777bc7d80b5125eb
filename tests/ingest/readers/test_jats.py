from __future__ import annotations

import pytest

from ingest.readers.jats import JatsReader
from ingest.readers.paper_text import PaperText, Section
from kg.errors import UnusableInput

FRONT = """
<journal-meta><journal-title-group><journal-title>Journal of Silk</journal-title></journal-title-group></journal-meta>
<article-meta>
  <article-id pub-id-type="doi">10.1234/Silk.7</article-id><article-id pub-id-type="pmc">PMC0042</article-id>
  <article-id pub-id-type="publisher-id">S-7</article-id>
  <title-group>
    <article-title>Spider <italic>dragline</italic> silk<xref ref-type="fn" rid="f">*</xref></article-title>
  </title-group>
  <contrib-group>
    <contrib contrib-type="author"><name><surname>van Dyk</surname><given-names>Ada B.</given-names></name></contrib>
    <contrib contrib-type="editor"><name><surname>Boss</surname><given-names>E.</given-names></name></contrib>
    <contrib contrib-type="author"><collab>The Silk Group</collab></contrib>
  </contrib-group>
  <pub-date pub-type="collection"><year>2018</year></pub-date><pub-date pub-type="epub"><year>2017</year></pub-date>
  <abstract abstract-type="toc"><p>For the contents page.</p></abstract>
  <abstract>
    <sec><title>Background</title><p>Silk is tough.</p></sec><sec><title>Results</title><p>It is light.</p></sec>
  </abstract>
</article-meta>
"""


def article(
    body: str = "", back: str = "", front: str = FRONT, before: str = "", kind: str = "research-article"
) -> bytes:
    return (
        f'<?xml version="1.0"?>{before}<article article-type="{kind}" xmlns:mml="http://www.w3.org/1998/Math/MathML" '
        f'xmlns:xlink="http://www.w3.org/1999/xlink"><front>{front}</front><body>{body}</body><back>{back}</back></article>'
    ).encode()


def read(*args: str, **named: str) -> PaperText:
    return JatsReader().read(article(*args, **named))


def text_of(body: str) -> str:
    """The text of one paragraph."""
    section = read(f"<sec><title>Results</title>{body}</sec>").sections[1]
    assert section.heading == "Results"
    return section.text


def test_the_front_tells_the_facts() -> None:
    facts = read().facts
    assert facts.title == "Spider dragline silk"
    assert facts.authors == ("Ada B. van Dyk", "The Silk Group")
    assert facts.year == 2017
    assert facts.venue == "Journal of Silk"
    assert facts.identifiers == (("doi", "10.1234/silk.7"), ("pmcid", "42"))
    assert facts.status is None


def test_a_structured_abstract_is_one_section_and_the_contents_page_gets_none() -> None:
    assert read().sections == (Section("Abstract", "abstract", "Silk is tough.\n\nIt is light."),)


def test_sections_are_nested_and_know_their_kind() -> None:
    body = (
        "<p>Before all.</p><sec><title>Methods</title><p>We pulled.</p>"
        "<sec><title>Fibres</title><p>Of spiders.</p></sec></sec>"
        '<sec sec-type="conclusions"><title>Last words</title><p>Done.</p></sec>'
    )
    assert [(section.heading, section.kind, section.text) for section in read(body).sections[1:]] == [
        (None, "introduction", "Before all."),
        ("Methods", "methods", "We pulled."),
        ("Methods › Fibres", "methods", "Of spiders."),
        ("Last words", "conclusion", "Done."),
    ]


def test_captions_stand_apart_and_tables_are_left_out() -> None:
    body = (
        '<sec><title>Results</title><p>See <xref ref-type="fig" rid="f1">Fig. 1</xref>.'
        '<fig id="f1"><object-id>10.1/x</object-id>'
        "<label>Figure 1.</label><caption><title>A web.</title><p>Scale 1 mm.</p></caption><graphic/></fig>"
        " It holds.</p>"
        "<table-wrap><label>Table 1</label><caption><p>Strengths.</p></caption>"
        "<table><tr><td>9 GPa</td></tr></table></table-wrap></sec>"
    )
    sections = read(body).sections[1:]
    assert [(section.heading, section.kind, section.text) for section in sections] == [
        ("Results", "results", "See Fig. 1. It holds."),
        ("Figure 1", "caption", "A web.\n\nScale 1 mm."),
        ("Table 1", "caption", "Strengths."),
    ]


def test_references_footnotes_and_supplements_are_never_read_and_thanks_are_told_apart() -> None:
    back = (
        "<ack><p>We thank Ann.</p></ack>"
        "<ref-list><ref><mixed-citation>Old silk papers.</mixed-citation></ref></ref-list>"
        "<fn-group><fn><p>Note.</p></fn></fn-group>"
        "<app-group><app><title>Appendix A</title><p>More silk.</p></app></app-group>"
    )
    body = (
        "<sec><title>Results</title><p>Silk<fn><p>Really.</p></fn> is fine.</p></sec>"
        '<sec sec-type="supplementary-material"><title>Supporting Information</title><p>File S1.</p></sec>'
    )
    assert [(section.kind, section.text) for section in read(body, back).sections[1:]] == [
        ("results", "Silk is fine."),
        ("acknowledgments", "We thank Ann."),
        ("appendix", "More silk."),
    ]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>Strong [<xref ref-type='bibr' rid='b'>3</xref>], too.</p>", "Strong [3], too."),
        (
            "<p>Strong.<sup><xref ref-type='bibr'>3</xref>,<xref ref-type='bibr'>4</xref></sup> It is.</p>",
            "Strong. It is.",
        ),
        ("<p>Strong<xref ref-type='bibr' rid='b'><sup>3</sup></xref>.</p>", "Strong."),
        ("<p>H<sub>2</sub>O, Ca<sup>2+</sup> and 10<sup>−3</sup> m</p>", "H2O, Ca2+ and 10⁻³ m"),
        (
            (
                "<p>the mass <inline-formula><mml:math><mml:mi>m</mml:mi><mml:mo>=</mml:mo><mml:mn>3</mml:mn>"
                "</mml:math></inline-formula> holds</p>"
            ),
            "the mass m=3 holds",
        ),
        (
            "<p>the mass <inline-formula><tex-math>\\documentclass{minimal}</tex-math></inline-formula>, holds</p>",
            "the mass …, holds",
        ),
        (
            "<p>We have<disp-formula><mml:math><mml:mi>E</mml:mi></mml:math></disp-formula>where E is energy.</p>",
            "We have … where E is energy.",
        ),
        (
            "<p>Kinds:<list><list-item><p>soft</p></list-item><list-item><p>hard</p></list-item></list>and more.</p>",
            "Kinds:\n\nsoft\n\nhard\n\nand more.",
        ),
        ("<p>a\n   b&#160;c</p>", "a b c"),
    ],
)
def test_running_text_reads_as_it_is_printed(body: str, text: str) -> None:
    assert text_of(body) == text


def test_entities_are_not_drawn_in_and_do_not_grow() -> None:
    inside = (
        '<!DOCTYPE article SYSTEM "no-such.dtd" [<!ENTITY own "OWN WORDS"><!ENTITY out SYSTEM "file:///etc/passwd">]>'
    )
    paper = JatsReader().read(article("<p>Beta &beta;, &own;&out; end.</p>", before=inside))
    assert paper.sections[1].text == "Beta β, end."


@pytest.mark.parametrize(
    ("kind", "related", "status"),
    [
        ("research-article", "retraction-forward", "retracted"),
        ("research-article", "correction-forward", "corrected"),
        ("retraction", "retracted-article", None),
        ("correction", "corrected-article", None),
    ],
)
def test_a_paper_is_retracted_or_corrected_but_the_notice_is_not(kind: str, related: str, status: str | None) -> None:
    front = FRONT.replace("<abstract>", f'<related-article related-article-type="{related}"/><abstract>', 1)
    assert read(front=front, kind=kind).facts.status == status


def test_a_title_can_say_that_the_paper_was_retracted() -> None:
    assert read(front=FRONT.replace("Spider <italic>", "RETRACTED: Spider <italic>")).facts.status == "retracted"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (article("<p>cut")[:-60], "well-formed"),
        (b"<article><body><p>no front</p></body></article>", "article-meta"),
        (article("<sec>" * 5000 + "silk" + "</sec>" * 5000), "well-formed"),
        (b"<pmc-articleset><article/><article/></pmc-articleset>", "2 JATS articles"),
    ],
)
def test_what_is_no_article_is_refused_with_the_reason(content: bytes, says: str) -> None:
    with pytest.raises(UnusableInput, match=says):
        JatsReader().read(content)


@pytest.mark.parametrize(
    ("head", "refused"),
    [
        (b'<?xml version="1.0"?>\n<!-- <TEI> -->\n<!DOCTYPE article [<!ENTITY a "b">]>\n<article x="1">', False),
        (b"\xef\xbb\xbf<article>", False),
        (b"<pmc-articleset>", False),
        (b'<TEI xmlns="http://www.tei-c.org/ns/1.0">', True),
        (b"<shopping><item/></shopping>", True),
    ],
)
def test_other_xml_is_told_by_its_outermost_element(head: bytes, refused: bool) -> None:
    assert (JatsReader().refuses(head) is not None) == refused


def test_default_namespaces_make_no_difference() -> None:
    spaced = article("<p>Silk.</p>").replace(
        b"<article ", b'<article xmlns="https://jats.nlm.nih.gov/ns/archiving/1.3/" '
    )
    assert JatsReader().read(spaced) == JatsReader().read(article("<p>Silk.</p>"))
