"""How the training data is brought to one convention."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.syntax.conllu import Sentence, Word, is_tree, read_documents
from training.syntax.conventions import from_clear, from_ud1, from_ud2
from training.syntax.variations import clauses, in_present


def sentence(text: str) -> Sentence:
    """Words as FORM/TAG/HEAD/RELATION, heads counted from 1, 0 for the root; "~" behind a form: no blank follows."""
    words = []
    for at, item in enumerate(text.split()):
        form, tag, head, relation = item.rsplit("/", 3)
        place = at if head == "0" else int(head) - 1
        words.append(Word(form.removesuffix("~"), tag, place, relation, not form.endswith("~")))
    return words


def shown(words: Sentence) -> str:
    return " ".join(f"{word.form}/{words[word.head].form}/{word.relation}" for word in words)


def test_prepositions_and_copulas_hang_on_content_words() -> None:
    clear = sentence("Growth/NN/2/nsubj is/VBZ/0/root slow/JJ/2/acomp in/IN/2/prep the/DT/6/det cold/NN/4/pobj")
    assert (
        shown(from_clear(clear))
        == "Growth/slow/nsubj is/slow/cop slow/slow/ROOT in/cold/case the/cold/det cold/slow/obl"
    )
    nominal = sentence("loss/NN/0/root of/IN/1/prep cells/NNS/2/pobj by/IN/1/prep killing/VBG/4/pcomp")
    assert shown(from_clear(nominal)) == "loss/loss/ROOT of/cells/case cells/loss/nmod by/killing/mark killing/loss/acl"


def test_an_agent_and_a_chain_of_conjuncts_are_turned() -> None:
    clear = sentence("Eaten/VBN/0/root by/IN/1/agent cats/NNS/2/pobj ,/,/3/punct dogs/NNS/3/conj men/NNS/5/conj")
    assert shown(from_clear(clear)) == (
        "Eaten/Eaten/ROOT by/cats/case cats/Eaten/obl:agent ,/dogs/punct dogs/cats/conj men/cats/conj"
    )


def test_ud1_relations_are_renamed_and_blanks_restored() -> None:
    old = sentence(
        "IL-2/NN/3/nsubjpass was/VBD/3/auxpass bound/VBN/0/root "
        "-LRB-/-LRB-/5/punct Fig/NN/3/nmod -RRB-/-RRB-/5/punct ././3/punct"
    )
    new = from_ud1(old)
    assert [word.relation for word in new][:3] == ["nsubj:pass", "aux:pass", "ROOT"]
    assert new[4].relation == "obl"
    assert "".join(word.form + " " * word.space_after for word in new).strip() == "IL-2 was bound (Fig)."


def test_hyphenated_words_are_made_whole() -> None:
    split = sentence("light~/NN/3/compound -~/HYPH/3/punct induced/VBN/4/amod growth/NN/0/root")
    assert shown(from_ud2(split)) == "light-induced/growth/amod growth/growth/ROOT"


def test_the_past_becomes_the_present_where_the_subject_says_which() -> None:
    past = sentence("Salt/NN/2/nsubj reduced/VBD/0/root it/PRP/2/obj and/CC/5/cc cells/NNS/6/nsubj died/VBD/2/conj")
    for word, lemma in zip(past, ("salt", "reduce", "it", "and", "cell", "die"), strict=True):
        word.lemma = lemma
    assert [(word.form, word.tag) for word in in_present(past)][1] == ("reduces", "VBZ")
    assert [(word.form, word.tag) for word in in_present(past)][5] == ("die", "VBP")
    passive = sentence("It/PRP/3/nsubj was/VBD/3/aux reduced/VBD/0/root")
    assert [word.form for word in in_present(passive)] == ["It", "was", "reduced"]


def test_a_that_clause_stands_alone() -> None:
    whole = sentence(
        "We/PRP/2/nsubj found/VBD/0/root that/IN/5/mark salt/NN/5/nsubj melts/VBZ/2/ccomp "
        "thick/JJ/7/amod ice/NN/5/obj ././2/punct"
    )
    (alone,) = clauses(whole)
    assert " ".join(word.form for word in alone) == "Salt melts thick ice ."
    assert is_tree(alone)


def test_conllu_is_read_by_documents_and_broken_trees_are_left_out(tmp_path: Path) -> None:
    rows = ["# newdoc", "1\tA\ta\tX\tDT\t_\t2\tdet\t_\t_", "2\tcat\tcat\tX\tNN\t_\t0\troot\t_\tSpaceAfter=No", ""]
    circle = ["# newdoc", "1\tA\ta\tX\tDT\t_\t2\tdet\t_\t_", "2\tcat\tcat\tX\tNN\t_\t1\tdep\t_\t_", "", *rows[1:]]
    path = tmp_path / "some.conllu"
    path.write_text("\n".join(rows + circle), encoding="utf-8")
    documents = list(read_documents(path))
    assert [len(document) for document in documents] == [1, 1]
    assert [word.form for word in documents[0][0]] == ["A", "cat"]
    assert documents[0][0][1].space_after is False


def test_the_treebanks_convert_to_trees() -> None:
    folder = Path(__file__).parents[2].parent / "shared/data/treebanks"
    if not folder.exists():
        pytest.skip("the treebanks are not at hand")
    genia = [from_ud1(one) for document in read_documents(folder / "genia-dep/dev.txt") for one in document]
    assert len(genia) > 1300
    assert all(is_tree(one) for one in genia)
    assert "dobj" not in {word.relation for one in genia for word in one}
