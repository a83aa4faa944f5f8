"""The OpenAPI description against the server itself: whatever it allows is answered as it says, nothing breaks."""

from unittest import SkipTest

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_answer_is_as_the_schema_says(served, mode):
    schema = schemathesis.openapi.from_dict(served.json("/openapi.json"))
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) == 11
    for operation in operations:
        _asked_many_ways(operation, served.address, mode)


def _asked_many_ways(operation, address, mode):
    @settings(max_examples=10, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def asked(case):
        case.call_and_validate(base_url=address, checks=CHECKS)

    try:
        asked()
    except (Unsatisfiable, SkipTest):
        # What takes no parameters cannot be asked wrongly.
        assert mode is GenerationMode.NEGATIVE
        assert operation.path in {"/api/subjects", "/api/state"}


def test_every_endpoint_is_described(served):
    paths = served.json("/openapi.json")
    assert paths["openapi"].startswith("3.1")
    assert set(paths["paths"]) == {
        "/api/search", "/api/ask", "/api/asked", "/api/articles", "/api/articles/{url}", "/api/subjects",
        "/api/related", "/api/claims", "/api/duplicates", "/api/problems", "/api/state",
    }  # fmt: skip
