"""A planted secret is in no command's output, of people or of JSON, and in no error."""

import pytest

from infrazen.cli.exits import Exit
from tests.canary import CANARY, assert_absent, assert_absent_from_files
from tests.cli.conftest import PASSWORD
from tests.cli.tree import commands

SAYINGS = [
    "connection add beget first --set login=demo --secret-file {both} --endpoint {url} --no-sync",
    "! connection add beget second --set login=demo --set password={secret} --endpoint {url}",
    "! connection add beget third --set login=other --secret-file {bare} --endpoint {url} --test",
    "! connection edit first --secret-file {bare} --test",
    "connection edit first --schedule 0\u00a03\u00a0*\u00a0*\u00a0*",
    "connection list",
    "connection show first",
    "connection test first",
    "connection export first",
    "connection unread first",
    "connection suspend first",
    "connection resume first",
    "sync request first",
    "sync run first",
    "sync status first",
    "sync history first",
    "snapshot show",
    "recommendation list",
    "recommendation rules",
    "recommendation show {found}",
    "recommendation accept {found}",
    "recommendation start {found}",
    "recommendation done {found}",
    "recommendation reopen {found}",
    "recommendation dismiss {found} --reason no",
    "! recommendation snooze {found} --until 2020-01-01",
    "sync run first",
    "snapshot diff",
    "connection edit first --secret-file {bare}",
    "! connection test first",
    "! sync run first",
    "sync history first",
    "user add boris@example.com --role owner --password-file {bare}",
    "user add anna@example.com --name Anna --role viewer --password-file {bare}",
    "user set-password anna@example.com --password-file {bare}",
    "user set-role anna@example.com finance",
    "user disable anna@example.com",
    "user enable anna@example.com",
    "user list",
    "user remove anna@example.com",
    "keys status",
    "keys rotate",
    "! keys retire no-such-key",
    "db check",
    "db upgrade",
    "connection release --managed-by finops/first",
    "connection purge --managed-by finops/first",
    "connection remove first --yes",
]
"""In order; those that must fail begin with ``!``."""

SERVERS = {"up", "simulate", "demo"}
"""They start servers, keep nobody's secrets, and have tests of their own."""


def words_of(saying: str, **places: object) -> list[str]:
    """A command's words."""
    places = {"both": "", "bare": "", "url": "", "found": "", "secret": CANARY} | places
    words = saying.removeprefix("! ").format(**places).split(" ")
    return [word.replace("\u00a0", " ") for word in words]


def test_every_command_is_tried():
    tried = {tuple(words_of(each)[:2]) for each in SAYINGS}
    assert {path for path, _ in commands() if path[0] not in SERVERS} == tried


@pytest.mark.parametrize("form", [(), ("--json",), ("--debug",)], ids=str)
def test_no_command_says_it(infrazen, beget_simulator, tmp_path, data_dir, form):
    beget_simulator.reset(secret=CANARY)
    both, bare = tmp_path / "both", tmp_path / "bare"
    both.write_text(f"password={PASSWORD}\ntoken={CANARY}")
    bare.write_text(CANARY)
    places = {"both": both, "bare": bare, "url": beget_simulator.url}
    for saying in SAYINGS:
        if "{found}" in saying and "found" not in places:
            places["found"] = infrazen("recommendation", "list", "--json").json[0]["id"]
        ran = infrazen(*words_of(saying, **places), *form)
        assert_absent(ran.out + ran.err, where=f"what `{saying}` says")
        went_wrong = ran.code not in {Exit.DONE, Exit.PARTIAL}
        assert went_wrong == saying.startswith("!"), f"{saying}: {ran.code} {ran.err}"
    assert_absent_from_files(data_dir)
