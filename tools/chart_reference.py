"""The chart's values as a page of the reference, from its schema and its defaults."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

CHART = Path(__file__).resolve().parent.parent / "charts" / "infrazen"
_HEAD = "| Value | Default | Meaning |\n|---|---|---|\n"
_INTRO = (
    "Values of the chart in `charts/infrazen`. A value that it does not know, or of the wrong "
    "form, is refused. How they belong together: [installing](../kubernetes/install.md)."
)


def values_page() -> str:
    """Every value with its default and meaning, a table for each part."""
    schema = json.loads((CHART / "values.schema.json").read_text())
    defaults = yaml.safe_load((CHART / "values.yaml").read_text())
    rest: list[str] = []
    sections: list[str] = []
    for name, part in schema["properties"].items():
        rows = list(_rows(part, defaults.get(name), name))
        if "properties" in part:
            sections.append(f"## {name}\n\n{part['description']}\n\n{_HEAD}" + "\n".join(rows))
        else:
            rest += rows
    whole = ["# Values of the chart", _INTRO, _HEAD + "\n".join(rest), *sections]
    return "\n\n".join(whole) + "\n"


def _rows(part: dict[str, Any], default: Any, path: str) -> Iterator[str]:
    inner = part.get("properties")
    if inner is None:
        shown = "—" if default in ("", None, [], {}) else f"`{json.dumps(default)}`"
        yield f"| `{path}` | {shown} | {part['description'].replace('|', chr(92) + '|')} |"
        return
    for name, each in inner.items():
        yield from _rows(each, (default or {}).get(name), f"{path}.{name}")
