"""One parsed sentence as a plain value: what the patterns read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Parse:
    """Words with their PTB tags, their heads (own place for a root) and their UD relations.

    `starts` and `ends` are offsets into the passage. `start` and `end` are those of the sentence the words stand in;
    a bracket's content is a parse of its own with its sentence's bounds, and `beside` is then the place, in the parse
    of that sentence, of the word before the bracket.
    """

    start: int
    end: int
    words: tuple[str, ...]
    tags: tuple[str, ...]
    relations: tuple[str, ...]
    heads: tuple[int, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    cited: frozenset[int] = frozenset()
    reread: bool = False
    lower: tuple[str, ...] = field(init=False, repr=False)
    children: tuple[tuple[int, ...], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        below: list[list[int]] = [[] for _ in self.words]
        for at, head in enumerate(self.heads):
            if head != at:
                below[head].append(at)
        object.__setattr__(self, "lower", tuple(word.lower() for word in self.words))
        object.__setattr__(self, "children", tuple(tuple(places) for places in below))

    def __len__(self) -> int:
        return len(self.words)

    def with_words(self, words: tuple[str, ...]) -> "Parse":
        """The same tree over these words: a second reading shows the parser another verb."""
        return replace(self, words=words, reread=True)

    def below(self, at: int, *relations: str) -> Iterator[int]:
        """The children of a word that hang on it by one of these relations, from left to right."""
        for child in self.children[at]:
            if self.relations[child] in relations:
                yield child

    def first_below(self, at: int, *relations: str) -> int | None:
        """The first such child; None where there is none."""
        return next(self.below(at, *relations), None)

    def is_noun(self, at: int) -> bool:
        """Whether a word is tagged as a noun (foreign words and symbols are not)."""
        return self.tags[at].startswith("NN")

    def is_verb(self, at: int) -> bool:
        """Whether a word is tagged as a form of a verb, modals excluded."""
        return self.tags[at].startswith("VB")

    def preposition(self, at: int) -> str:
        """The preposition of a phrase by its head: "of", "such as", "because of"; "" without one."""
        marks = [child for child in self.children[at] if self.relations[child] == "case"]
        if not marks:
            return ""
        words: list[str] = []
        for mark in marks:
            words.append(self.lower[mark])
            words += [self.lower[child] for child in self.children[mark] if self.relations[child] == "fixed"]
        return " ".join(words)

    def text(self, places: Sequence[int]) -> str:
        """The words at these places, joined by blanks."""
        return " ".join(self.words[at] for at in places)
