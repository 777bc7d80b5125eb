"""In which form each step of a run is taken, with the language model or without it, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal, TypeVar

from kg.errors import LanguageModelError, NoReply
from kg.language_model import Ask

T = TypeVar("T")

Form = Literal["model", "without"]
_AT_ONCE = 4  # tasks; `llm_calls` may allow fewer


@dataclass(frozen=True, slots=True)
class Taken:
    """The form in which a step was taken; `why` it was taken without the model, "" where there is none or it did."""

    form: Form
    why: str = ""

    def as_json(self) -> dict[str, str]:
        """What every event of the step tells beside the rest."""
        return {"form": self.form, "why": self.why}


WITHOUT = Taken("without")


class Forms:
    """Takes steps with a model where there is one that answers, and else without.

    A reply that cannot be used costs the model one step. A model that cannot be used or reached, or paid for, is not
    asked again: the rest of the run is taken without it.
    """

    def __init__(self, ask: Ask | None) -> None:
        self._ask = ask
        self._gone = ""

    @property
    def asks(self) -> bool:
        """Whether there is a model that is still asked."""
        return self._ask is not None and not self._gone

    def taken(self, with_model: Callable[[Ask], T], without: Callable[[], T]) -> tuple[T, Taken]:
        """A step in the form that is to be had, and which that was. What `with_model` raises as NoReply, or any other
        LanguageModelError, is the reason for the other form."""
        value, taken, gone = self._tried(with_model, without)
        self._gone = self._gone if gone is None else gone
        return value, taken

    def side_by_side(self, tasks: Sequence[tuple[Callable[[Ask], T], Callable[[], T]]]) -> list[tuple[T, Taken]]:
        """The same for several tasks (`with_model`, `without`) at once, in their order. Each has its own try, whatever
        becomes of the others, so that the same replies come to the same end whichever is first."""
        if len(tasks) < 2 or not self.asks:
            return [self.taken(*task) for task in tasks]
        with ThreadPoolExecutor(min(_AT_ONCE, len(tasks))) as threads:
            done = list(threads.map(lambda task: self._tried(*task), tasks))
        self._gone = next((gone for _, _, gone in done if gone is not None), self._gone)
        return [(value, taken) for value, taken, _ in done]

    def _tried(self, with_model: Callable[[Ask], T], without: Callable[[], T]) -> tuple[T, Taken, str | None]:
        """The last is why the model need not be asked again, where that came out."""
        if self._ask is None or self._gone:
            return without(), Taken("without", self._gone), None
        try:
            return with_model(self._ask), Taken("model"), None
        except NoReply as error:
            return without(), Taken("without", str(error)), None
        except LanguageModelError as error:
            return without(), Taken("without", str(error)), str(error)
