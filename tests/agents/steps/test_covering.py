from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agents.steps.covering import holds, left_out, share
from agents.steps.planning import plan

ASKED = plan("?", ["starving", "proteorhodopsin", "do"], [3, 2, 90], 100)


def test_what_no_quote_holds_is_left_out_the_weightiest_first() -> None:
    assert left_out(ASKED, ["They do it."]) == ("proteorhodopsin", "starving")
    assert left_out(ASKED, ["Proteorhodopsins help."]) == ("starving",)


def test_any_form_of_a_word_counts() -> None:
    assert left_out(ASKED, ["Proteorhodopsin helps", "in starvation."]) == ()
    assert holds("stiff", "Its stiffness is high.")
    assert not holds("stiff", "It is still.")


def test_words_that_hardly_weigh_are_passed_over() -> None:
    assert "do" not in left_out(ASKED, [])


def test_the_share_grows_with_what_is_held() -> None:
    assert share(ASKED, "") == 0 < share(ASKED, "starvation") < share(ASKED, "starved of proteorhodopsin, do") == 1


@given(st.text(), st.text())
def test_more_text_never_holds_less(one: str, other: str) -> None:
    assert share(ASKED, f"{one} {other}") >= share(ASKED, one) - 1e-9
