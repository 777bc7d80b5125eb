from __future__ import annotations

import html as library_html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.web.text import Mark, counted, html, label, marked

TAG = re.compile(r"</?span[^<>]*>")
marks = st.lists(st.builds(Mark, st.integers(-3, 40), st.integers(-3, 60), st.sampled_from(["states", "concept"]),
                           st.text(max_size=8)), max_size=6)


def shown(markup: str) -> str:
    """What a reader sees of HTML whose only tags are spans."""
    return library_html.unescape(TAG.sub("", markup))


@given(text=st.text(max_size=50), marks=marks)
def test_marks_never_change_the_text(text: str, marks: list[Mark]) -> None:
    assert shown(marked(text, marks)) == text


@given(text=st.text(max_size=50), marks=marks)
def test_only_our_own_tags_reach_the_page(text: str, marks: list[Mark]) -> None:
    assert re.sub(r'<span class="[a-z -]+"( title="[^"<>]*")?>|</span>', "", marked(text, marks)).count("<") == 0


def test_marks_that_overlap_share_their_letters() -> None:
    both = [Mark(0, 20, "states", "silk – is – tough"), Mark(0, 11, "concept", "silk")]
    markup = marked("spider silk is tough", both)
    assert markup == ('<span class="hg-states hg-concept" title="silk – is – tough; silk">spider silk</span>'
                      '<span class="hg-states" title="silk – is – tough"> is tough</span>')


def test_marks_outside_the_text_are_left_out() -> None:
    assert marked("silk", [Mark(2, 9, "states"), Mark(3, 3, "states"), Mark(-1, 2, "states")]) == "silk"


def test_html_is_safe_in_text_and_in_attributes() -> None:
    assert html("<b a=\"1\" c='2'>&") == "&lt;b a=&quot;1&quot; c=&#x27;2&#x27;&gt;&amp;"


@given(st.text(max_size=60))
def test_a_label_leaves_no_punctuation_to_markdown(text: str) -> None:
    assert not re.search(r"(?<!\\)(?:\\\\)*[*_`$\[\]<>~#|:&]", label(text))


@pytest.mark.parametrize("text", ["$x^2$", ":red[hot]", ":smile:", ":material/delete:", "**bold**", "<img src=x>",
                                  "\\"])
def test_a_label_still_says_what_the_text_says(text: str) -> None:
    assert re.sub(r"\\(.)", r"\1", label(text)).replace("\u2060", "") == text


def test_a_label_names_no_emoji_and_no_icon() -> None:
    assert not re.search(r":\w+:", re.sub(r"\\(.)", r"\1", label(":smile: :material/delete:")))


def test_a_label_is_one_short_line() -> None:
    assert label("a\nb\t c\u202e\x00d") == "a b c d"
    assert label("word " * 100, 20) == "word word word word…"


@pytest.mark.parametrize(("number", "words"), [(0, "0 papers"), (1, "1 paper"), (1200, "1,200 papers")])
def test_counted(number: int, words: str) -> None:
    assert counted(number, "paper") == words
