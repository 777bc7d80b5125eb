from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from agents.answer import Citation, Sentence
from agents.steps.asked_report import MOST_SENTENCES, Connected, connected
from kg.model import Paper
from tests.fakes.scripted_ask import ScriptedAsk, between_fences

PAPERS = [Paper("w-1", "silk2017", title="On silk"), Paper("w-2", "nacre2018", title="On nacre")]
SILK = Citation("w-1", "silk2017", "p-1", 0, 14, "Silk is tough.")
NACRE = Citation("w-2", "nacre2018", "p-2", 3, 18, "Nacre is tough.")
SENTENCES = [Sentence("Silk is tough.", (SILK,)), Sentence("Nacre is tough.", (NACRE,))]


def check(sentence: str, quotes: Sequence[str], titles: Sequence[str]) -> str | None:
    """A sentence is supported whose every word is in its quotes or titles."""
    known = " ".join([*quotes, *titles]).lower()
    return next((f"nobody says {word}" for word in sentence.lower().strip(".").split() if word not in known), None)


def report(*sections: tuple[str, list[tuple[str, list[str]]]]) -> Connected:
    said: dict[str, Any] = {
        "sections": [
            {"heading": heading, "sentences": [{"text": text, "rests": rests} for text, rests in lines]}
            for heading, lines in sections
        ]
    }
    ask = ScriptedAsk(report=said)
    found = connected("Is silk or nacre tough?", SENTENCES, PAPERS, check, ask)
    assert "S2: Nacre is tough.\n    “Nacre is tough.”" in between_fences(ask.asked[0])["sentences"]
    return found


def test_a_sentence_cites_what_the_sentences_it_rests_on_cite() -> None:
    found = report(("Tough things", [("Silk is tough on nacre.", ["S1", "S2", "S1"])]))
    (section,) = found.sections
    assert section.sentences == (Sentence("Silk is tough on nacre.", (SILK, NACRE)),)


def test_what_rests_on_nothing_or_says_more_is_dropped() -> None:
    lines = [("Silk is strong.", ["S1"]), ("Nacre is tough.", ["S1"]), ("Silk is tough.", []), ("Silk.", ["S7"])]
    found = report(("", [*lines, ("…", ["S1"])]))
    assert found.sections == ()
    assert [one.why for one in found.unsupported] == [
        "nobody says strong",
        "nobody says nacre",
        "it rests on no sentence of the answer",
        "it rests on no sentence of the answer",
        "it says nothing",
    ]


def test_a_heading_says_nothing_that_its_section_does_not() -> None:
    lines = [("Silk is tough.", ["S1"])]
    headings = [
        section.heading for section in report(("Tough silk", lines), ("Steel", lines), ("5 of 7", lines)).sections
    ]
    assert headings == ["Tough silk", "", ""]


def test_a_report_has_an_end() -> None:
    found = report(("", [("Silk is tough.", ["S1"])] * (MOST_SENTENCES + 1)))
    assert len(found.sections[0].sentences) == MOST_SENTENCES
    assert found.unsupported[0].why == "there are too many"
