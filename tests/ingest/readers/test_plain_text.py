from __future__ import annotations

from ingest.readers.plain_text import PlainTextReader


def parts(text: str) -> tuple[str, list[tuple[str | None, str | None, str]]]:
    paper = PlainTextReader().read(text.encode())
    return paper.facts.title, [(section.heading, section.kind, section.text) for section in paper.sections]


def test_lines_of_a_paragraph_are_joined_and_its_bullets_kept_apart() -> None:
    assert parts("Silk is\ntough and\n  light.\n\n\nKinds:\n- soft\n  silk\n- hard silk\n") == (
        "",
        [(None, None, "Silk is tough and light.\n\nKinds:\n- soft silk\n- hard silk")],
    )


def test_a_first_line_alone_is_the_title() -> None:
    assert parts("On the toughness of silk\n\nIt is tough.\n") == (
        "On the toughness of silk",
        [(None, None, "It is tough.")],
    )


def test_a_first_sentence_is_no_title() -> None:
    assert parts("It is tough.\n\nAnd light.\n")[0] == ""


def test_headings_are_recognised_and_references_left_out() -> None:
    text = "ABSTRACT\n\nShort.\n\n2. Materials and Methods\n\nWe pulled.\n\nResults:\n\nIt held.\n\n"
    text += "References\n\nOld papers.\n"
    assert parts(text)[1] == [
        ("ABSTRACT", "abstract", "Short."),
        ("2. Materials and Methods", "methods", "We pulled."),
        ("Results", "results", "It held."),
    ]


def test_a_file_of_one_paragraph_is_all_text() -> None:
    assert parts("Just a note without a stop") == ("", [(None, None, "Just a note without a stop")])
