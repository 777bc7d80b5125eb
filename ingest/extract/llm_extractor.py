"""A language model as an extractor: one question a passage, and of the reply only what stands in the passage.

A paper is read by the model wholly or not at all. Where the budget ends, or the model cannot be reached, the whole
paper is read by another extractor, and its record says so: read again with more budget, it is another record, and what
the model has said already is in the cache.
"""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property

from ingest.extract.abbreviations import abbreviations
from ingest.extract.account import Account
from ingest.extract.extractor import Extraction, Extractor, FoundMention, FoundRelation
from ingest.extract.llm_reply import TYPES, Reading, Standing, standing
from kg.budget import Usage
from kg.errors import BudgetSpent, LanguageModelError, ModelNotReached, NoReply
from kg.language_model import Ask, Prompt, likely_tokens, quoted
from kg.predicates import PREDICATES
from kg.prompts import PromptFile, prompt_file

PROMPT = "relations.v1"
CODE_VERSION = "1"
"""Raise it with every change of what is taken from a reply; the prompt's name and digest stand beside it."""

WRITTEN_FOR_READ = 2.0
"""Tokens of a reply for one of its passage: a guess for estimates, on the high side."""

_HALF_A_PAIR = dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}")
"""Half a pair of surrogates is no character, and no request can hold it; what stands for it is as long."""

Expected = Callable[[Prompt, type[Reading], int], Usage]


class LlmExtractor:
    """Asks `ask`, a model called `model`, up to `calls` passages at once. `without` reads the papers that the model
    does not. `expected` tells what a question would cost; without it, tokens are estimated. `parameters` says, in a
    word, what else decides about the model's replies."""

    name = "llm"

    def __init__(
        self,
        ask: Ask,
        model: str,
        without: Extractor,
        calls: int = 1,
        expected: Expected | None = None,
        parameters: str = "",
    ) -> None:
        self.model, self.without, self._parameters = model, without, parameters
        self._ask, self._calls, self._expected = ask, calls, expected

    @property
    def version(self) -> str:
        """ "PROVIDER:NAME/PARAMETERS/PROMPT-DIGEST/CODE". The digest is of the prompt as it is filled in, vocabulary
        and all. What reads the papers that the model does not is left out: their records name that instead."""
        prompt = self._asked("")
        digest = hashlib.sha256(f"{prompt.system}\0{prompt.user}".encode()).hexdigest()[:8]
        return f"{'-'.join(self.model.split())}/{self._parameters}/{PROMPT}-{digest}/{CODE_VERSION}"

    def extract(self, texts: Sequence[str]) -> Extraction:
        """What the model finds, or, with `instead`, what the other extractor does."""
        try:
            return self._read(texts)
        except (BudgetSpent, ModelNotReached) as error:
            reason = "the budget was spent" if isinstance(error, BudgetSpent) else str(error)
            usage = Usage() if error.usage is None else error.usage
            other = self.without.extract(texts)
            account = Account(self.model, usage, without={reason: 1})
            return replace(other, instead=f"{self.without.name}@{self.without.version}", account=account)

    def cost(self, texts: Sequence[str]) -> Usage:
        """What reading a paper would likely cost; nothing is asked."""
        usage = Usage()
        for text in texts:
            if text.strip():
                prompt, written = self._asked(text), round(WRITTEN_FOR_READ * likely_tokens(text))
                if self._expected is not None:
                    usage += self._expected(prompt, Reading, written)
                else:
                    usage += Usage(1, 0, likely_tokens(prompt.system) + likely_tokens(prompt.user), written, None)
        return usage

    @property
    def free(self) -> Extractor:
        """What reads the papers that the model does not."""
        return self.without

    @cached_property
    def _prompt(self) -> PromptFile:
        return prompt_file("ingest.extract", PROMPT)

    @cached_property
    def _words(self) -> dict[str, str]:
        types = ", ".join(f"{name} ({means})" if means else name for name, means in TYPES.items())
        return {"types": types, "predicates": ", ".join(one.name for one in PREDICATES)}

    def _asked(self, text: str) -> Prompt:
        return self._prompt.filled(passage=quoted(text), **self._words)

    def _read(self, texts: Sequence[str]) -> Extraction:
        long_forms = abbreviations(texts)
        places = [place for place, text in enumerate(texts) if text.strip()]
        readings = self._readings([texts[place].translate(_HALF_A_PAIR) for place in places])
        mentions: list[FoundMention] = []
        relations: list[FoundRelation] = []
        dropped: Counter[str] = Counter()
        usage = Usage()
        for place, (reading, cost) in zip(places, readings, strict=True):
            usage += cost
            if isinstance(reading, NoReply):
                dropped[f"the reply on a passage was {reading.reason}"] += 1
                continue
            found: Standing = standing(reading, place, texts[place], long_forms, f"{self.name}:{self.model}")
            first = len(mentions)
            mentions += found.mentions
            relations += [
                replace(one, subject=first + one.subject, object=first + one.object) for one in found.relations
            ]
            dropped.update(found.dropped)
        read = sum(not isinstance(reading, NoReply) for reading, _ in readings)
        account = Account(self.model, usage, 1, read, dropped) if places else None
        return Extraction(tuple(mentions), tuple(relations), account=account)

    def _readings(self, texts: Sequence[str]) -> list[tuple[Reading | NoReply, Usage]]:
        """What the model says of each text. The first BudgetSpent or ModelNotReached ends it, and carries the cost of
        all that was asked."""
        if not texts:
            return []
        ended = threading.Event()

        def one(text: str) -> tuple[Reading | NoReply, Usage] | LanguageModelError | None:
            if ended.is_set():
                return None
            try:
                return self._one(text)
            except (BudgetSpent, ModelNotReached) as error:
                ended.set()
                return error

        with ThreadPoolExecutor(min(self._calls, len(texts)), "language-model") as threads:
            try:
                answers = list(threads.map(one, texts))
            finally:
                ended.set()  # after Ctrl-C nothing more is asked
        readings = [answer for answer in answers if isinstance(answer, tuple)]
        errors = [answer for answer in answers if isinstance(answer, LanguageModelError)]
        if errors:
            costs = [cost for _, cost in readings] + [error.usage for error in errors if error.usage is not None]
            errors[0].usage = sum(costs, Usage())
            raise errors[0]
        return readings

    def _one(self, text: str) -> tuple[Reading | NoReply, Usage]:
        try:
            reply = self._ask(self._asked(text), Reading)
        except NoReply as error:
            return error, Usage() if error.usage is None else error.usage
        return reply.value, reply.usage
