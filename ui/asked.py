"""What a language model was asked for a job, what came of it and what it cost, in sentences for people.

They are made of the forms in which reports tell it (`ingest.extract.account`, `ingest.report`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from agents.trial import Trial
    from kg.budget import Budget, Usage
    from kg.chat_models import Access


def sentences(told: Mapping[str, Any]) -> Iterator[str]:
    """What a model did: how much it read, what went without it, and what was dropped of what it said."""
    read = f"{_some(told['passages'], 'passage')} of {_some(told['papers'], 'paper')}"
    yield f"{told['model']} read {read}: {_cost(told)}."
    for reason, papers in told["without"].items():
        yield f"Read without it: {_some(papers, 'paper')} ({reason})."
    if told["dropped"]:
        reasons = sorted(told["dropped"].items(), key=lambda one: (-one[1], one[0]))
        yield f"Not taken of what it said: {'; '.join(f'{reason} ({count:,})' for reason, count in reasons)}."


def expected(told: Mapping[str, Any]) -> str:
    """What a model would likely be asked, by an estimate."""
    return f"The language model would likely take {_cost(told)}; its time is not among the seconds."


def trial(told: Trial) -> str:
    """What came of a tiny question."""
    return f"It answered “{told.answer}” in {told.seconds:.1f} s: {cost(told.usage)}"


def cost(usage: Usage) -> str:
    """Calls, tokens and money, without a full stop."""
    return _cost({"calls": usage.calls, "cached": usage.cached, "money": usage.money,
                  "tokens": {"read": usage.read, "written": usage.written}})  # fmt: skip


def price(access: Access) -> str:
    """What a model costs, and who says so."""
    if access.price is None:
        return "not known (a prices.toml beside the library may tell it)"
    if access.priced_by is None:
        return "nothing, as it runs on Ollama"
    return f"{access.price}, by {access.priced_by}"


def budget(limits: Budget) -> str:
    """The most that one run or job may spend."""
    told = [f"{limits.tokens:,} tokens" if limits.tokens is not None else "",
            f"{limits.money:g} of money" if limits.money is not None else "",
            f"{limits.seconds:g} seconds" if limits.seconds is not None else ""]  # fmt: skip
    return "no limit" if limits.unlimited else ", ".join(filter(None, told))


def _cost(told: Mapping[str, Any]) -> str:
    tokens, money = told["tokens"], told["money"]
    kept = f", {_some(told['cached'], 'reply', 'replies')} kept from before" if told["cached"] else ""
    price = "at a price that is not known" if money is None else f"for {money:.4g}"
    both = f"{tokens['read']:,} tokens read and {tokens['written']:,} written"
    return f"{_some(told['calls'], 'call')}{kept}, {both}, {price}"


def _some(count: int, one: str, more: str | None = None) -> str:
    return f"{count:,} {one if count == 1 else f'{one}s' if more is None else more}"
