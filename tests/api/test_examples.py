"""Every answer that is described has an example, and the example is as described."""

import jsonschema_rs
import pytest

from infrazen.api import create_api

DOCUMENT = create_api().openapi()
ANSWERS = [
    (f"{method.upper()} {path} {status}", content)
    for path, methods in DOCUMENT["paths"].items()
    for method, facts in methods.items()
    for status, answer in facts["responses"].items()
    for kind, content in answer.get("content", {}).items()
    if status < "300" and kind == "application/json" and "schema" in content
]


@pytest.mark.parametrize(("name", "content"), ANSWERS, ids=[name for name, _ in ANSWERS])
def test_an_example_is_what_the_schema_says(name, content):
    schema = {**content["schema"], "components": DOCUMENT["components"]}
    jsonschema_rs.validator_for(schema, validate_formats=True).validate(content["example"])


def test_there_are_examples():
    assert len(ANSWERS) > 50


def test_an_example_tells_of_a_real_account():
    [listed] = [found for name, found in ANSWERS if name == "GET /api/v1/snapshots 200"]
    [snapshot] = listed["example"]["items"]
    assert snapshot["status"] in ("running", "success", "partial", "error")
    assert snapshot["counts"]["found"] == 10
    assert snapshot["cost"]["payable"]["daily"] == "60.73"
    assert snapshot["failed_endpoints"] == ["legacy.mysql", "legacy.ftp"]


def test_examples_stand_on_the_page(api):
    page = api.get("/api/docs").text
    assert "<summary>Example</summary>" in page
    assert "neurocola" in page
