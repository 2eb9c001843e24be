"""The document describes what the API does, and its page asks no other host for anything."""

import re
from html.parser import HTMLParser

import pytest

from infrazen.api import create_api
from infrazen.api.problems import MEDIA_TYPE

DOCUMENT = create_api().openapi()
OPERATIONS = [
    (f"{method.upper()} {path}", facts)
    for path, methods in DOCUMENT["paths"].items()
    for method, facts in methods.items()
]
NAMES = [name for name, _ in OPERATIONS]


def test_operation_ids_are_unique_and_good_function_names():
    ids = [facts["operationId"] for _, facts in OPERATIONS]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", each) for each in ids)


@pytest.mark.parametrize(("name", "facts"), OPERATIONS, ids=NAMES)
def test_every_operation_is_described_and_its_errors_are_problems(name, facts):
    assert facts["description"].strip()
    assert facts["tags"]
    for status, answer in facts["responses"].items():
        assert answer["description"]
        if status >= "400" and name != "GET /readyz":
            assert answer["content"] == {
                MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}
            }
    if "security" in facts and "/api/v1" in name:
        assert {"401", "403"} <= set(facts["responses"])
        assert facts["security"] == [{"session": []}, {"token": []}]


@pytest.mark.parametrize(("name", "facts"), OPERATIONS, ids=NAMES)
def test_every_body_has_examples(name, facts):
    for content in facts.get("requestBody", {}).get("content", {}).values():
        schema = content["schema"]
        if "$ref" in schema:
            schema = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        for field, description in schema["properties"].items():
            assert "examples" in description, f"{name}: {field} has no example"


@pytest.mark.parametrize(("name", "facts"), OPERATIONS, ids=NAMES)
def test_every_parameter_is_explained(name, facts):
    for parameter in facts.get("parameters", []):
        assert parameter.get("description"), f"{name}: {parameter['name']}"


def test_every_schema_is_explained():
    schemas = DOCUMENT["components"]["schemas"]
    enums = {name for name, schema in schemas.items() if "enum" in schema}
    assert {name for name, schema in schemas.items() if not schema.get("description")} <= enums


def test_references_lead_somewhere():
    wanted = set(re.findall(r"#/components/schemas/([\w-]+)", str(DOCUMENT)))
    assert wanted <= set(DOCUMENT["components"]["schemas"])
    assert set(DOCUMENT["components"]["securitySchemes"]) == {"session", "token", "metrics"}


def test_the_document_is_served(api):
    answer = api.get("/api/openapi.json")
    assert answer.json() == DOCUMENT
    assert answer.json()["openapi"].startswith("3.1")


def test_the_page_names_every_operation_and_no_other_host(api):
    found: list[str] = []

    class Links(HTMLParser):
        def handle_starttag(self, tag, attrs):
            assert tag not in {"script", "link", "img", "iframe"}
            found.extend(value for name, value in attrs if name in {"src", "href"})

    answer = api.get("/api/docs")
    Links().feed(answer.text)
    assert found == ["/api/openapi.json"]
    assert "script-src" not in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    for _, facts in OPERATIONS:
        assert f'id="{facts["operationId"]}"' in answer.text
