from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kg.model import Mention
from kg.named import beside, called, first_name, named_sentences
from kg.names import key_of
from kg.proper_names import proper_names


def names_in(text: str) -> list[str]:
    return [text[name.start : name.end] for name in proper_names(text)]


class TestProperNames:
    def test_capitalised_words_stand_together(self) -> None:
        assert names_in("the bridge at Clifton Rocks and Lower Town") == ["Clifton Rocks and Lower Town"]

    def test_small_words_stand_inside_a_name_and_never_at_its_edge(self) -> None:
        assert names_in("after The Siege of the White Tower of") == ["Siege of the White Tower"]

    def test_a_full_stop_is_part_of_initials_and_titles_alone(self) -> None:
        assert names_in("She met J. K. Brook. Then Dr. Alder left.") == ["J. K. Brook", "Dr. Alder"]

    def test_numbers_alone_and_two_letters_are_no_names(self) -> None:
        assert names_in("In 1944, EU had 12.") == []

    def test_letters_with_accents_count_as_capitals(self) -> None:
        assert names_in("from Édouard Žilina to Øster") == ["Édouard Žilina", "Øster"]

    @given(st.text())
    def test_they_come_in_order_with_their_keys(self, text: str) -> None:
        found = list(proper_names(text))
        assert all(one.end <= other.start for one, other in zip(found, found[1:], strict=False))
        assert all(name.key == key_of(text[name.start : name.end]) for name in found)


def mention(text: str, word: str) -> Mention:
    at = text.index(word)
    return Mention("p", at, at + len(word), word, "Thing", word, key_of(word))


class TestSentences:
    def test_each_names_its_concepts_and_its_proper_names(self) -> None:
        text = "Spider silks are tough. They were drawn in Upper Valley, Northland."
        first, second = named_sentences(text, [mention(text, "Spider silks")])
        assert text[first.start : first.end] == "Spider silks are tough."
        assert "spider silk" in first.names
        assert {"upper valley", "northland", "upper valley northland"} <= second.names
        assert "spider silk" not in second.names

    def test_a_mention_across_two_sentences_is_in_neither(self) -> None:
        text = "It was silk. Steel is strong."
        assert not any("silk steel" in one.names for one in named_sentences(text, [mention(text, "silk. Steel")]))

    def test_a_text_without_sentences_has_none(self) -> None:
        assert named_sentences("", []) == []


def test_a_paper_is_called_by_its_title_without_what_stands_in_brackets_at_its_end() -> None:
    assert called("The Long Rivers (novel)") == "the long river"
    assert called("On (dis)order in glass") == key_of("On (dis)order in glass")
    assert beside("The Long Rivers (novel)") == {"novel"}


def test_a_text_is_about_the_first_name_of_its_first_sentence() -> None:
    assert first_name("The Long Rivers is a novel by Ada Brook. Others wrote more.") == "long river"
    assert first_name("it has no name. Ada Brook wrote it.") == ""


def test_a_word_that_only_opens_the_sentence_is_not_what_a_text_is_about() -> None:
    assert first_name("Mitochondria divide before Ada Brook counts them.") == "ada brook"
    assert first_name("Zambor is a town. The people of Zambor fish.") == "zambor"
