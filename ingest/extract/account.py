"""What a language model did for papers that were read: what it cost, what was dropped, and what went without it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kg.budget import Usage


@dataclass(frozen=True, slots=True)
class Account:
    """Of one paper, or of many together.

    `model` is PROVIDER:NAME. `papers` and `passages` were read with it. `dropped` counts by reason what it said and
    was not taken, and the passages of which it gave no usable reply; `without` counts by reason the papers that were
    read without it.
    """

    model: str
    usage: Usage = field(default_factory=Usage)
    papers: int = 0
    passages: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)
    without: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: Account) -> Account:
        return Account(
            self.model,
            self.usage + other.usage,
            self.papers + other.papers,
            self.passages + other.passages,
            _sum(self.dropped, other.dropped),
            _sum(self.without, other.without),
        )

    def as_json(self) -> dict[str, Any]:
        """As `hypograph ingest --json` says it; `money` is null where no price is known."""
        return {
            "model": self.model,
            "calls": self.usage.calls,
            "cached": self.usage.cached,
            "tokens": {"read": self.usage.read, "written": self.usage.written},
            "money": None if self.usage.money is None else round(self.usage.money, 6),
            "papers": self.papers,
            "passages": self.passages,
            "dropped": dict(sorted(self.dropped.items())),
            "without": dict(sorted(self.without.items())),
        }


def _sum(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return dict(Counter(one) + Counter(other))
