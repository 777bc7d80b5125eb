from __future__ import annotations

import pytest

from agents.steps.cues import states, telling

FINDINGS = [
    "Tough fibres contained more beta sheets than brittle ones.",
    "We found that silk dissolves in brine.",
    "Survival improved by 12 %.",
    "Age was not associated with recall.",
    "The groups differed (p < 0.05).",
]
AIMS = [
    "To assess the accuracy of vaginal pH measurement on slides.",
    "The aim of this study was to compare two diets.",
    "This study investigated whether silk is tough.",
    "Little is known about the reliability of such records.",
    "We hypothesized that it would improve survival.",
]
METHODS = [
    "Fibres were carefully measured with a microscope.",
    "Forty patients were enrolled at two hospitals.",
    "We used a tensile tester.",
]
PLAIN = ["Spiders spin webs.", "To our knowledge spiders spin webs.", "To date spiders spin webs."]


@pytest.mark.parametrize("finding", FINDINGS)
@pytest.mark.parametrize("other", [*AIMS, *METHODS, *PLAIN])
def test_findings_tell_more_than_anything_else(finding: str, other: str) -> None:
    assert telling(finding, None) > telling(other, None)


@pytest.mark.parametrize("aim", AIMS)
def test_aims_tell_less_than_plain_sentences(aim: str) -> None:
    assert telling(aim, None) < min(telling(plain, None) for plain in PLAIN)


@pytest.mark.parametrize("method", METHODS)
def test_methods_tell_less_than_plain_sentences(method: str) -> None:
    assert telling(method, None) < min(telling(plain, None) for plain in PLAIN)


def test_the_section_counts() -> None:
    order = ["Conclusions", "Results and discussion", None, "Materials and methods", "Acknowledgements"]
    values = [telling(PLAIN[0], section) for section in order]
    assert values == sorted(values, reverse=True)
    assert len(set(values)) == len(values)


def test_a_sentence_that_leans_on_another_tells_a_little_less() -> None:
    assert telling("This leads to failure.", None) < telling("Rust leads to failure.", None)


@pytest.mark.parametrize("caption", ["Distribution of spiders in webs.", "Spiders and webs between 1975 and 1981"])
def test_captions_and_headings_tell_less_than_plain_sentences(caption: str) -> None:
    assert telling(caption, None) < min(telling(plain, None) for plain in PLAIN)


def test_a_sentence_on_a_distribution_is_no_caption() -> None:
    colours = telling("The colours of eggs had no pattern.", None)
    assert telling("The distribution of eggs had no pattern.", None) == colours


@pytest.mark.parametrize("end", [".", ".”", ".)", ".3,4", "!"])
def test_a_sentence_may_end_with_a_quotation_mark_or_a_number(end: str) -> None:
    assert telling(f"Spiders spin webs{end}", None) == telling("Spiders spin webs.", None)


@pytest.mark.parametrize("sentence", ["Is silk tough?", "Figure 3 shows it.", "12 (3.4) 5 6 7 [8] x", "See Table 2."])
def test_questions_pointers_and_numbers_state_nothing(sentence: str) -> None:
    assert not states(sentence)
    assert states("Silk is tough.")


@pytest.mark.parametrize("mark", [" [12]", " [7, 8]", " (Webber et al. 2001)", " (Webber and Spinner, 2001; Lee 1999)"])
def test_what_others_have_found_tells_less(mark: str) -> None:
    assert telling(f"Spiders spin webs{mark}.", None) < telling("Spiders spin webs.", None)


def test_a_guess_tells_less() -> None:
    assert telling("Spiders might spin big webs.", None) < telling("Spiders often spin big webs.", None)


def test_a_longer_sentence_tells_a_little_more_up_to_a_length() -> None:
    short, long, longest = (f"Spiders spin {'very ' * count}big webs." for count in (1, 30, 60))
    assert telling(short, None) < telling(long, None)
    assert telling(longest, None) == pytest.approx(telling(f"Spiders spin {'very ' * 40}big webs.", None))
