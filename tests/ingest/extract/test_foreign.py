from __future__ import annotations

import pytest

from ingest.extract.foreign import is_foreign
from tests.ingest.extract.trees import tree


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nous décrivons les résultats de la méthode", True),
        ("Cet article présente une méthode de construction de ressources", True),
        ("Mutations arise de novo in the germ line of mice", False),
        ("Die Zellen sind mit dem Virus infiziert", True),
        ("La célula contiene los cromosomas de una planta", True),
        ("The cells are infected with the virus", False),
        ("The gene la of Escherichia coli is induced", False),
        ("Wheat yield", False),
    ],
)
def test_other_languages_are_told_by_their_small_words(text: str, expected: bool) -> None:
    words = text.split()
    assert is_foreign(tree(" ".join(f"{word}/NN>{words[0]}/dep" for word in words))) is expected
