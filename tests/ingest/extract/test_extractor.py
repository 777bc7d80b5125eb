from __future__ import annotations

import pytest

from ingest.extract.extractor import Extractor, extractor_named, extractor_names
from kg.errors import UsageError
from tests.contracts.extractor import ExtractorContract
from tests.fakes.extractor import CapitalsExtractor


class TestCapitalsExtractor(ExtractorContract):
    @pytest.fixture
    def extractor(self) -> Extractor:
        return CapitalsExtractor()


class TestSyntaxExtractor(ExtractorContract):
    @pytest.fixture
    def extractor(self) -> Extractor:
        return extractor_named("syntax")


def test_an_extractor_is_made_once() -> None:
    assert extractor_named("syntax") is extractor_named("syntax")


def test_an_unknown_name_is_told_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"No extractor 'sintax'\. There are: .*syntax.* --extractor"):
        extractor_named("sintax")
    assert {"syntax", "llm"} <= {*extractor_names()}
