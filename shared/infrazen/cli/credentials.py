"""A connection's credentials from the command line: secrets never as an argument."""

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import msgspec

from infrazen.cli.secret_text import secret_text
from infrazen.errors import Invalid
from infrazen.provider_kit.contract import ProviderSpec
from infrazen.provider_kit.forms import FormField, form_fields

_LINE = re.compile(r"(?P<name>[A-Za-z_][\w.-]*)=(?P<value>.*)")


def given_credentials(
    spec: ProviderSpec, *, public: Mapping[str, str], secret_file: Path | None
) -> dict[str, str]:
    """What ``--set`` and ``--secret-file`` say, by field; ``Invalid`` for a secret in ``--set``."""
    fields = {field.name: field for field in form_fields(spec.credentials)}
    for name in public:
        if name not in fields:
            raise Invalid(f"{spec.title} has no field {name!r}{_known(spec)}", field=name)
        if fields[name].secret:
            raise Invalid(
                f"{name} is a secret, and arguments are seen by everybody on this machine: "
                "put it into a file and name that with --secret-file",
                field=name,
            )
    from_file = {} if secret_file is None else _named(spec, secret_text(secret_file, what="secret"))
    return from_file | dict(public)


def with_asked_secrets(spec: ProviderSpec, given: Mapping[str, str]) -> dict[str, str]:
    """``given`` and every required secret that it lacks, asked for where a person is there."""
    complete = dict(given)
    for field in form_fields(spec.credentials):
        if not field.required or complete.get(field.name, "").strip():
            continue
        if not field.secret:
            raise Invalid(f"{field.name} is required: say --set {field.name}=…", field=field.name)
        complete[field.name] = _asked(field)
    return complete


def _asked(field: FormField) -> str:
    if not sys.stdin.isatty():
        raise Invalid(
            f"{field.name} is required: put it into a file and name that with --secret-file",
            field=field.name,
        )
    answer: str = click.prompt(field.title.en, hide_input=True, err=True)
    return answer


def _named(spec: ProviderSpec, text: str) -> dict[str, str]:
    """The file's secrets by field: JSON, ``name=value`` lines, or one bare secret."""
    names = {field.name for field in form_fields(spec.credentials)}
    found = _from_json(text, names) or _from_lines(text, names)
    if found is not None:
        return found
    secrets = [f.name for f in form_fields(spec.credentials) if f.secret and f.required]
    if len(secrets) != 1:
        raise Invalid(
            f"the secret file must name what it holds, as JSON or as name=value lines{_known(spec)}"
        )
    return {secrets[0]: text}


def _from_json(text: str, names: set[str]) -> dict[str, str] | None:
    """None where ``text`` is no JSON object of fields; a secret may itself be JSON."""
    try:
        found: Any = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return None
    if not isinstance(found, dict) or not found or not names.issuperset(found):
        return None
    for name, value in found.items():
        if not isinstance(value, str):
            raise Invalid(f"{name} in the secret file must be a string", field=name)
    return found


def _from_lines(text: str, names: set[str]) -> dict[str, str] | None:
    """None where no line names a field: then the whole text is the secret."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    matches = [_LINE.fullmatch(line) for line in lines]
    if not any(match and match["name"] in names for match in matches):
        return None
    for number, match in enumerate(matches, start=1):
        if match is None or match["name"] not in names:
            raise Invalid(f"entry {number} of the secret file names no field of this provider")
    return {match["name"]: match["value"] for match in matches if match}


def _known(spec: ProviderSpec) -> str:
    return f"; it has {', '.join(field.name for field in form_fields(spec.credentials))}"
