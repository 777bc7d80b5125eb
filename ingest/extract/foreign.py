"""Sentences in another language than English, of which the patterns would make nonsense."""

from ingest.extract.parse import Parse

_ENGLISH = frozenset(
    "the of and to in is are was were that this these with for by from which as at an be been has have had not it we"
    " on or our their its can may".split()
)
_OTHER = frozenset(
    "de cet le la les des du une est et dans pour avec sur aux qui que nous sont"
    " par pas plus cette ces son ses leur mais ou"
    " der die das und ist nicht mit für von dem den ein eine einer auf wird werden sind im zu als auch durch bei"
    " el los las del una es en para con por más como pero sus il lo gli della delle che di per nel sono"
    " os uma não com dos das het een van niet och att som är".split()
)


def is_foreign(parse: Parse) -> bool:
    """Whether the small words of a sentence are mostly of another language."""
    other = sum(word in _OTHER for word in parse.lower)
    return other >= 2 and other > sum(word in _ENGLISH for word in parse.lower)
