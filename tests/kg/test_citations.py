from __future__ import annotations

import pytest

from kg.citations import citation, cited


@pytest.mark.parametrize(
    ("text", "works"),
    [
        ("This was shown before (Brook et al., 2005).", {"@brook 2005"}),
        ("Brook and Alder (2005a) showed it.", {"@brook 2005"}),
        (
            "Several did (Brook, 2005; Alder and Žilina, 2006; Øster et al. 1999).",
            {"@brook 2005", "@alder 2006", "@øster 1999"},
        ),
        ("Brook et al. (2005, 2007b) repeat it.", {"@brook 2005", "@brook 2007"}),
        ("Brook, Alder, and Øster (2011) disagree.", {"@brook 2011"}),
        ("In May 2005 the River rose to 2000 m.", set()),
        ("As said in [12] and in 2005.", set()),
    ],
)
def test_author_and_year_name_a_work(text: str, works: set[str]) -> None:
    assert cited(text) == works


def test_a_paper_is_cited_by_its_first_author_and_year() -> None:
    assert citation(["Ada Brook", "Bo Alder"], 2005) == citation(["Brook, Ada"], 2005) == "@brook 2005"
    assert citation([], 2005) == citation(["Ada Brook"], None) == ""
