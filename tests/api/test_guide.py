"""What docs/api.md says is so: its examples run in order, and answer what it shows."""

import json
import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

import httpx
import pytest

from infrazen.api import create_api
from infrazen.domain.roles import SCOPES
from infrazen.services import tokens
from tests.api.conftest import BASE, ApiClient
from tests.api.reference_account import connected
from tests.people import PASSWORD

GUIDE = Path(__file__).parents[2] / "docs/api.md"
BLOCK = re.compile(r"```(bash|json)\n(.*?)```", re.DOTALL)
DOCUMENT = create_api().openapi()
OPTIONS = {"-X", "-H", "-d", "-o", "-b", "-c"}
"""Those of curl that the examples use; each takes a value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One curl command, and what the document shows of its answer."""

    words: tuple[str, ...]
    shown: Any = None

    @property
    def url(self) -> httpx.URL:
        """What it asks."""
        (url,) = [word for word in self.words if word.startswith("$INFRAZEN/")]
        return httpx.URL(url.removeprefix("$INFRAZEN"))

    def given(self, option: str) -> list[str]:
        """The values of an option."""
        pairs = zip(self.words, self.words[1:], strict=False)
        return [value for word, value in pairs if word == option]

    @property
    def method(self) -> str:
        """As curl chooses it."""
        return next(iter(self.given("-X")), "POST" if self.given("-d") else "GET")


def examples() -> list[Example]:
    """Every curl command of the guide, in order."""
    found: list[Example] = []
    for kind, text in BLOCK.findall(GUIDE.read_text()):
        if kind == "json":
            found[-1] = Example(words=found[-1].words, shown=json.loads(text))
            continue
        commands = re.split(r"\n(?=curl )", "\n" + text.replace("\\\n", " "))
        curls = [shlex.split(each) for each in commands if each.startswith("curl ")]
        found += [Example(words=tuple(words[1:])) for words in curls]
    return found


def run(example: Example, api: ApiClient, variables: dict[str, str]) -> httpx.Response:
    """Ask what the command asks; a cookie file is the client's own."""
    headers = dict(each.split(": ", 1) for each in example.given("-H"))
    headers = {name: Template(value).substitute(variables) for name, value in headers.items()}
    data = [Template(each).safe_substitute(variables) for each in example.given("-d")]
    if "Content-Type" not in headers and data:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    client = api if {"-b", "-c"} & set(example.words) else api.at()
    return client.request(
        example.method,
        Template(str(example.url)).substitute(variables),
        origin=headers.pop("Origin", None),
        headers=headers,
        content="&".join(data).encode() or None,
    )


@pytest.fixture
def variables(api, database, beget_simulator) -> dict[str, str]:
    """What the examples' variables stand for, in a synced account."""
    account = connected(api, database, beget_simulator)
    account.sync()
    token = tokens.create_token(account.owner.actor, name="guide", scopes=SCOPES)
    return {
        "INFRAZEN": BASE,
        "TOKEN": token.secret,
        "PASSWORD": PASSWORD,
        "CONNECTION": account.id,
        "SNAPSHOT": account.items("/api/v1/snapshots")[0]["id"],
        "RESOURCE": account.resource("runner rus")["id"],
    }


def test_every_example_works_and_answers_what_is_shown(api, variables):
    ran = examples()
    assert len(ran) > 25
    for example in ran:
        answer = run(example, api, variables)
        where = f"{example.method} {example.url}"
        fails = isinstance(example.shown, dict) and "reason" in example.shown
        assert answer.is_error == fails, f"{where}: {answer.text}"
        if example.shown is not None:
            differs = difference(example.shown, answer.json())
            assert differs is None, f"{where}: {differs}"


def test_every_example_is_in_the_document():
    for example in examples():
        assert set(filter(lambda word: word.startswith("-"), example.words)) <= OPTIONS
        path = re.sub(r"\$[A-Z]+", "{}", example.url.path)
        known = {re.sub(r"\{\w+\}", "{}", each): facts for each, facts in DOCUMENT["paths"].items()}
        facts = known.get(path) or known[re.sub("/beget$", "/{}", path)]
        taken = {each["name"] for each in facts[example.method.lower()].get("parameters", [])}
        assert set(example.url.params) <= taken


def difference(shown: Any, real: Any, at: str = "answer") -> str | None:
    """Where ``real`` is not what the document shows; ``…`` in a text stands for anything."""
    if isinstance(shown, dict) and isinstance(real, dict):
        inner = ((shown[name], real.get(name), f"{at}.{name}") for name in shown)
    elif isinstance(shown, list) and isinstance(real, list) and len(shown) <= len(real):
        inner = ((one, real[n], f"{at}[{n}]") for n, one in enumerate(shown))
    elif isinstance(shown, str) and isinstance(real, str) and "…" in shown:
        pattern = ".*".join(map(re.escape, shown.split("…")))
        return None if re.fullmatch(pattern, real) else f"{at} is {real!r}"
    else:
        return None if shown == real else f"{at} is {real!r}"
    return next(filter(None, (difference(*each) for each in inner)), None)
