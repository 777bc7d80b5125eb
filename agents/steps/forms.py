"""In which form each step of a run is taken, with the language model or without it, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

from kg.errors import LanguageModelError, NoReply
from kg.language_model import Ask

T = TypeVar("T")

Form = Literal["model", "without"]


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
    asked again: the rest of the run is taken without it. May be used from several threads at once.
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
        if self._ask is None or self._gone:
            return without(), Taken("without", self._gone)
        try:
            return with_model(self._ask), Taken("model")
        except NoReply as error:
            return without(), Taken("without", str(error))
        except LanguageModelError as error:
            self._gone = str(error)
            return without(), Taken("without", self._gone)
