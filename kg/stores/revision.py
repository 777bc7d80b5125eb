"""The fingerprint of a library's facts."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

from kg.model import Decision

_MODULUS = 2**128


@dataclass(frozen=True, slots=True)
class Revision:
    """A sum of hashes, so that facts can come and go in any order and equal facts have equal revisions.

    Addition modulo 2^128 over hashes of distinct elements, as in Clarke et al. 2003 (doi:10.1007/978-3-540-40061-5_12,
    MSet-Add-Hash), without a secret key: it tells states apart, it does not withstand an attacker.
    """

    sum: int = 0

    @staticmethod
    def of(fact: str | Decision) -> Revision:
        """The revision of a library with one fact: the id of a record, or a decision."""
        text = fact if isinstance(fact, str) else "\x1f".join((fact.kind, fact.a, fact.b))
        return Revision(int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest(), "big"))

    def __add__(self, other: Revision) -> Revision:
        return Revision((self.sum + other.sum) % _MODULUS)

    def __sub__(self, other: Revision) -> Revision:
        return Revision((self.sum - other.sum) % _MODULUS)

    def __str__(self) -> str:
        return f"{self.sum:032x}"

    @staticmethod
    def parse(text: str) -> Revision:
        return Revision(int(text, 16))
