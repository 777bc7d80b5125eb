"""Answers with several values: a tuple that shows itself briefly and becomes a table when asked."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from pandas import DataFrame

T = TypeVar("T")
_SHOWN = 10


class Rows(tuple[T, ...]):
    """Values in the order of the answer. `rows[0]`, `len(rows)` and `for row in rows` work as ever."""

    __slots__ = ()

    def __repr__(self) -> str:
        shown = [repr(value) for value in self[:_SHOWN]]
        if len(self) > _SHOWN:
            shown.append(f"… {len(self) - _SHOWN} more")
        return "[" + ",\n ".join(shown) + "]"

    def to_frame(self) -> DataFrame:
        """A pandas table: a row each, a column for each field of the values."""
        import pandas

        if not self:
            return pandas.DataFrame()
        return pandas.DataFrame.from_records([_fields(value) for value in self])


def _fields(value: object) -> dict[str, Any]:
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return {"value": value}
