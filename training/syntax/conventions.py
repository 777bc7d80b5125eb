"""Brings treebanks of different conventions to one: Universal Dependencies 2, PTB tags, hyphenated words whole.

Relations lose their subtypes but for those in KEPT, so that treebanks that make finer distinctions do not quarrel.
Lemmas follow English UD 2, whose are made by hand; of those of GENIA and CRAFT, made by programs, what agrees is kept.
"""

from dataclasses import replace

from training.syntax.conllu import Sentence, Word, is_tree, merged

KEPT = frozenset({"nsubj:pass", "aux:pass", "csubj:pass", "acl:relcl", "compound:prt", "nmod:poss", "obl:agent"})
_BRACKETS = {"-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "-LCB-": "{", "-RCB-": "}", "``": '"', "''": '"'}
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
_INFLECTED = frozenset({"NNS", "VBD", "VBG", "VBN", "VBZ"})
# "datum" and "criterion" are not what UD says, "m" and the like are units that look like plurals.
_NO_LEMMAS = frozenset({"datum", "medium", "m", "s", "h", "k"})
_SMALL_BRACKETS = frozenset({"-lrb-", "-rrb-", "-lsb-", "-rsb-"})
_PREDICATES = ("VB", "JJ", "RB")
_NO_SPACE_BEFORE = frozenset({",", ".", ";", ":", ")", "]", "}", "%", "?", "!", "'s", "n't", "'"})
_BE = frozenset({"be", "is", "are", "was", "were", "been", "being", "am", "'s", "'re", "'m"})


def from_ud2(sentence: Sentence) -> Sentence:
    """English UD 2 as it is, with hyphenated words made whole."""
    known = [replace(word, lemma=_unless_blank(word)) for word in sentence]
    return _simplified(_hyphens_joined(known))


def from_ud1(sentence: Sentence) -> Sentence:
    """UD 1 (GENIA): relations renamed, obliques told from nominal modifiers by what they hang on, blanks restored."""
    renamed = {
        "dobj": "obj",
        "nsubjpass": "nsubj:pass",
        "csubjpass": "csubj:pass",
        "auxpass": "aux:pass",
        "mwe": "fixed",
        "name": "flat",
        "foreign": "flat",
        "remnant": "orphan",
        "dative": "iobj",
    }
    words = [
        replace(word, form=_plain(word.form), tag=_tag(word), lemma=_genia_lemma(word, at == 0))
        for at, word in enumerate(sentence)
    ]
    with_copula = {word.head for word in words if word.relation == "cop"}
    for at, word in enumerate(words):
        if word.relation in renamed:
            word.relation = renamed[word.relation]
        elif word.relation == "neg":
            word.relation = "det" if word.tag == "DT" else "advmod"
        elif word.relation.startswith("nmod") and word.relation != "nmod:poss" and word.head != at:
            if words[word.head].tag.startswith(_PREDICATES) or word.head in with_copula:
                word.relation = "obl:agent" if word.relation == "nmod:agent" else "obl"
            else:
                word.relation = "nmod"
    _conjunctions_forward(words)
    _spaces(words)
    return _simplified(words)


def from_clear(sentence: Sentence) -> Sentence:
    """ClearNLP's dependencies (CRAFT) as UD 2: content words lead, prepositions and copulas hang on them."""
    words = [replace(word, lemma=_craft_lemma(word)) for word in _hyphens_joined(sentence)]
    _copulas_below(words)
    _prepositions_below(words)
    _conjuncts_on_first(words)
    renamed = {
        "dobj": "obj",
        "nsubjpass": "nsubj:pass",
        "csubjpass": "csubj:pass",
        "auxpass": "aux:pass",
        "relcl": "acl:relcl",
        "poss": "nmod:poss",
        "neg": "advmod",
        "acomp": "xcomp",
        "attr": "xcomp",
        "oprd": "xcomp",
        "dative": "iobj",
        "npadvmod": "obl",
        "quantmod": "advmod",
        "predet": "det",
        "preconj": "cc",
        "prt": "compound:prt",
        "meta": "parataxis",
        "pcomp": "advcl",
        "prep": "obl",
        "pobj": "obl",
        "intj": "discourse",
    }
    for at, word in enumerate(words):
        before = word.relation
        word.relation = renamed.get(before, before)
        if before == "neg" and word.tag == "DT":
            word.relation = "det"
        elif before == "npadvmod" and words[word.head].tag.startswith("NN"):
            word.relation = "nmod"
        elif before == "nmod" and word.tag.startswith("NN"):
            word.relation = "compound"
        elif before == "aux" and word.form.lower() == "to":
            word.relation = "mark"
        elif before == "quantmod" and word.tag == "DT":
            word.relation = "det"
        elif before == "dep" and word.tag in ("WDT", "WP"):
            word.relation = _relative_pronoun(words, word.head)
        elif before == "advcl" and any(other.head == at and other.form == "that" for other in words):
            word.relation = "ccomp"
    _conjunctions_forward(words)
    return _simplified(words) if is_tree(words) else []


def _unless_blank(word: Word) -> str:
    return word.lemma if word.lemma != "_" or word.form == "_" else ""


def _genia_lemma(word: Word, begins: bool) -> str:
    """GENIA's lemmas are all small and leave comparatives as they are."""
    form, lemma = _plain(word.form), _plain(word.lemma.upper() if word.lemma in _SMALL_BRACKETS else word.lemma)
    if word.tag.startswith(("JJR", "JJS", "RBR", "RBS", "PRP", "DT")) or lemma in _NO_LEMMAS:
        return ""
    name = word.tag.startswith("NNP") or form[1:] != form[1:].lower() or any(c.isdigit() for c in form)
    if not name and begins:
        return lemma
    same = next((at for at, (a, b) in enumerate(zip(form, lemma, strict=False)) if a.lower() != b), len(lemma))
    return form[:same] + lemma[same:]


def _craft_lemma(word: Word) -> str:
    """CRAFT's lemmas have other numbers than the text, and some verbs and plurals ("performed") as they are."""
    inflected = word.lemma not in (word.form, word.form.lower()) and word.tag in _INFLECTED
    return word.lemma if inflected and word.lemma.isalpha() and word.lemma not in _NO_LEMMAS else ""


def _copulas_below(words: Sentence) -> None:
    """ "is (large)": the complement leads, the form of be hangs on it as cop and gives it all its other words."""
    for verb in range(len(words)):
        if words[verb].form.lower() not in _BE or not words[verb].tag.startswith("VB"):
            continue
        children = [at for at, word in enumerate(words) if word.head == verb and at != verb]
        complements = [at for at in children if words[at].relation in ("attr", "acomp", "oprd")]
        places = [at for at in children if words[at].relation == "prep" and at > verb]
        if not complements and places and not any(words[at].relation in ("ccomp", "xcomp", "expl") for at in children):
            inside = [at for at, word in enumerate(words) if word.head == places[0] and word.relation == "pobj"]
            complements = places[:1] if inside else []
        if not complements:
            continue
        new = complements[0]
        kept_as_preposition = words[new].relation == "prep"
        for at in children:
            if at != new:
                words[at].head = new
        words[new].head = new if words[verb].head == verb else words[verb].head
        if not kept_as_preposition:
            words[new].relation = words[verb].relation
        else:
            words[new].relation = "prep:" + words[verb].relation
        words[verb].head, words[verb].relation = new, "cop"


def _prepositions_below(words: Sentence) -> None:
    """ "in mice": the noun leads, the preposition hangs on it as case (before a clause: as mark)."""
    # From the right, so that "because of in-laws" or "from under X" turn from the inside out.
    for preposition in reversed(range(len(words))):
        word = words[preposition]
        relation, _, above = word.relation.partition(":")
        if relation not in ("prep", "agent"):
            continue
        inside = [at for at, other in enumerate(words) if other.head == preposition and at != preposition]
        objects = [at for at in inside if words[at].relation in ("pobj", "pcomp")]
        if not objects:
            chained = [at for at in inside if words[at].relation in ("obl", "nmod")]
            if not chained:
                continue
            objects = chained
        new = objects[0]
        clause = words[new].relation == "pcomp"
        root = word.head == preposition
        if root or above:
            outer = above or word.relation
        elif clause:
            outer = "acl" if words[word.head].tag.startswith("NN") else "advcl"
        elif relation == "agent":
            outer = "obl:agent"
        else:
            outer = (
                "obl" if words[word.head].tag.startswith(_PREDICATES) or _has_copula(words, word.head) else "nmod:of"
            )
        for at in inside:
            if at != new:
                words[at].head = new
                if words[at].relation in ("pobj", "pcomp"):
                    words[at].relation = "conj"
        words[new].head, words[new].relation = (new, "root") if root else (word.head, outer)
        word.head, word.relation = new, "mark" if clause else "case"
        for at, other in enumerate(words):
            if other.head == preposition and at != preposition:
                other.head = new


def _relative_pronoun(words: Sentence, verb: int) -> str:
    """What "that" and "which" are to the verb of their clause: the subject, where it has no other."""
    relations = {word.relation for at, word in enumerate(words) if word.head == verb and at != verb}
    if relations & {"nsubj", "nsubj:pass", "nsubjpass"}:
        return "obj"
    return "nsubj:pass" if relations & {"auxpass", "aux:pass"} else "nsubj"


def _has_copula(words: Sentence, at: int) -> bool:
    return any(word.relation == "cop" and word.head == at for word in words)


def _conjuncts_on_first(words: Sentence) -> None:
    """ClearNLP chains conjuncts, UD hangs all of them on the first."""
    for at, word in enumerate(words):
        if word.relation == "conj" and word.head != at:
            seen = {at}
            while words[word.head].relation == "conj" and word.head not in seen and words[word.head].head != word.head:
                seen.add(word.head)
                word.head = words[word.head].head


def _conjunctions_forward(words: Sentence) -> None:
    """UD 2 hangs "and" and the comma before it on the conjunct that follows."""
    for at, word in enumerate(words):
        if word.relation in ("cc", "punct") and word.head != at and at > word.head:
            following = [
                place
                for place, other in enumerate(words)
                if other.head == word.head and other.relation == "conj" and place > at
            ]
            if following and (word.relation == "cc" or word.form in (",", ";")):
                word.head = min(following)


def _hyphens_joined(sentence: Sentence) -> Sentence:
    groups: list[tuple[int, int]] = []
    at = 0
    while at < len(sentence):
        last = at
        while (
            last + 2 < len(sentence)
            and sentence[last + 1].tag == "HYPH"
            and not sentence[last].space_after
            and not sentence[last + 1].space_after
            and sentence[last + 2].form[0].isalnum()
        ):
            last += 2
        groups.append((at, last))
        at = last + 1
    return merged(sentence, groups) if len(groups) < len(sentence) else sentence


def _simplified(words: Sentence) -> Sentence:
    for at, word in enumerate(words):
        if word.head == at:
            word.relation = "ROOT"
        elif word.relation not in KEPT:
            word.relation = word.relation.partition(":")[0]
            if word.relation == "root":
                word.relation = "dep"
    return words


def _plain(form: str) -> str:
    form = _BRACKETS.get(form, form)
    for entity, character in _ENTITIES.items():
        form = form.replace(entity, character)
    return form.replace("-LSB-", "[").replace("-RSB-", "]").replace("-LRB-", "(").replace("-RRB-", ")")


def _tag(word: Word) -> str:
    return "IN" if word.tag == "TO" and word.relation == "case" else word.tag


def _spaces(words: Sentence) -> None:
    for word, following in zip(words, [*words[1:], None], strict=True):
        word.space_after = not (
            (following is not None and following.form in _NO_SPACE_BEFORE) or word.form in ("(", "[", "{")
        )
