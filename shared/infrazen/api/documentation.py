"""The API's description: OpenAPI, and a page made from it that needs no other host."""

import json
from collections.abc import Iterator
from html import escape
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from infrazen import __version__
from infrazen.api.examples import add_examples
from infrazen.api.permissions import EXTENSION
from infrazen.api.problems import Problem

_DESCRIPTION = """\
Everything the interface does, for programs, with the same permissions.

**Signing in.** Send an API token as `Authorization: Bearer izt_…`. Browsers use the session
cookie, and for changes send their page's `Origin`. `x-permission` names what an operation
needs of the person's role and of the token's scopes. To change people, one needs all that the
role they have or get may do; a token needs the scopes for that too.

**Errors** are `application/problem+json` (RFC 9457). Program against `reason`; `detail` is for
people. 429 and 503 carry `Retry-After`.

**Lists** are pages: hand `next_cursor` back as `cursor` until it is null.

**Money** is a decimal string with its currency beside it. **Times** are UTC. **Secrets** go
in and never come out, but for the one route that reveals one and says so in the audit log.
"""

_PARAMETERS = {
    "annotation_id": "A note's id.",
    "change_id": "The id of a change to many resources.",
    "connection_id": "A connection's id.",
    "field": "The secret's name, as the resource's `secrets` have it.",
    "id": "A connection's id.",
    "metric": "A metric's name, as the resource's `usage` has it.",
    "newer": "The id of the later snapshot.",
    "older": "The id of the earlier snapshot.",
    "recommendation_id": "A recommendation's id.",
    "resource_id": "A resource's id.",
    "rule": "A rule's id, like `oversized_cpu`.",
    "sign_in_id": "A sign-in's id.",
    "slug": "A provider's slug, like `beget`.",
    "snapshot_id": "A snapshot's id.",
    "token_id": "A token's id, which is not its secret.",
    "user_id": "A person's id.",
    "view_id": "A saved view's id.",
}
"""What parameters mean wherever they appear."""

_STYLE = """\
:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
h2{margin-top:2.5rem;text-transform:capitalize}
article{border-top:1px solid #8884;padding:.75rem 0}
code,pre{font:13px ui-monospace,monospace}
pre{background:#8881;padding:.75rem;border-radius:6px;overflow:auto}
.method{display:inline-block;min-width:4rem;font-weight:600;color:#3b82f6}
"""


def describe(api: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, made once."""
    if api.openapi_schema is None:
        document = get_openapi(
            title="InfraZen API",
            version=__version__,
            summary="FinOps for several clouds",
            description=_DESCRIPTION,
            license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
            routes=api.routes,
        )
        schemas = document["components"].setdefault("schemas", {})
        problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= problem.pop("$defs", {})
        schemas["Problem"] = problem
        _explain(document)
        add_examples(document)
        api.openapi_schema = document
    return api.openapi_schema


def _explain(document: dict[str, Any]) -> None:
    """Say what is said nowhere else: of parameters that recur, and of pages."""
    for methods in document["paths"].values():
        for operation in methods.values():
            for parameter in operation.get("parameters", []):
                meaning = _PARAMETERS.get(parameter["name"])
                if meaning:
                    parameter.setdefault("description", meaning)
    for name, schema in document["components"]["schemas"].items():
        if name.startswith("Page_"):
            schema.setdefault("description", "A part of a list, in its order.")


def page(document: dict[str, Any]) -> str:
    """``document`` as one HTML page without scripts."""
    body = "".join(_sections(document))
    title = escape(document["info"]["title"])
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<style>{_STYLE}</style><h1>{title} {escape(document['info']['version'])}</h1>"
        f"{_paragraphs(document['info']['description'])}"
        f'<p>For tools: <a href="/api/openapi.json">openapi.json</a></p>{body}'
    )


def _sections(document: dict[str, Any]) -> Iterator[str]:
    by_tag: dict[str, list[str]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            tag = operation.get("tags", ["other"])[0]
            by_tag.setdefault(tag, []).append(_operation(path, method, operation))
    for tag, operations in by_tag.items():
        yield f"<h2>{escape(tag)}</h2>{''.join(operations)}"


def _operation(path: str, method: str, operation: dict[str, Any]) -> str:
    parameters = "".join(
        f"<li><code>{escape(each['name'])}</code> {escape(each.get('description', ''))}</li>"
        for each in operation.get("parameters", [])
    )
    permission = operation.get(EXTENSION)
    need = f" Needs <code>{escape(permission)}</code>." if permission else ""
    statuses = ", ".join(escape(status) for status in operation["responses"])
    return (
        f'<article id="{escape(operation["operationId"])}">'
        f'<h3><span class="method">{escape(method.upper())}</span> <code>{escape(path)}</code></h3>'
        f"{_paragraphs(operation.get('description', ''))}"
        f"{f'<ul>{parameters}</ul>' if parameters else ''}"
        f"<p><small>Answers: {statuses}.{need}</small></p>{_example(operation)}</article>"
    )


def _example(operation: dict[str, Any]) -> str:
    for answer in operation["responses"].values():
        found = answer.get("content", {}).get("application/json", {}).get("example")
        if found is not None:
            shown = escape(json.dumps(found, ensure_ascii=False, indent=2))
            return f"<details><summary>Example</summary><pre>{shown}</pre></details>"
    return ""


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(part)}</p>" for part in text.split("\n\n") if part.strip())
