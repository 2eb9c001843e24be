"""Help, errors, exit codes: what every command has in common."""

import subprocess
import sys

import click
import pytest

from infrazen import errors
from infrazen.cli.exits import MEANINGS, Exit, exit_for, exit_for_reason
from infrazen.cli.failures import failure
from infrazen.cli.lazy import LazyGroup
from infrazen.cli.root import cli
from infrazen.cli.screen import Screen
from tests.cli.tree import commands

COMMANDS = [pytest.param(path, command, id=" ".join(path)) for path, command in commands()]


def all_errors(root=errors.InfraZenError):
    """Those of ``infrazen.errors``; who else is loaded may have made more of them."""
    for kind in root.__subclasses__():
        if kind.__module__ == errors.__name__:
            yield kind
        yield from all_errors(kind)


def make(kind):
    slow = (errors.TooManyAttempts, errors.StorageBusy)
    extra = {"retry_after": 3} if kind in slow else {}
    return kind("what to do", **extra)


@pytest.mark.parametrize(("words", "command"), COMMANDS)
def test_every_command_explains_itself(words, command):
    assert command.help
    for option in command.params:
        if isinstance(option, click.Option) and option.name != "role":
            assert option.help, f"{option.name} of {' '.join(words)} has no help"


@pytest.mark.parametrize(("words", "command"), COMMANDS)
def test_every_command_can_print_json_and_tracebacks(words, command):
    assert {"--json", "--debug"} <= {word for option in command.params for word in option.opts}


def test_the_lines_of_groups_are_those_of_their_commands():
    for name, entry in cli.lazy.items():
        assert entry.load().help, name
        assert entry.help.endswith(".")


def test_help_imports_nothing_that_it_does_not_need():
    code = "import sys, infrazen.cli; infrazen.cli.main(['--help']); print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "Commands:" in done.stdout
    for heavy in ("sqlalchemy", "pydantic", "httpx", "rich", "reflex", "alembic"):
        assert f"'{heavy}'" not in done.stdout


@pytest.mark.parametrize("kind", list(all_errors()))
def test_every_error_has_an_exit_code_of_its_kind(kind):
    assert exit_for(make(kind)) not in (Exit.DONE, Exit.BUG) or kind is errors.InfraZenError


def test_exit_codes_are_stable():
    assert {code.name: int(code) for code in Exit} == {
        "DONE": 0,
        "BUG": 1,
        "USAGE": 2,
        "NOT_FOUND": 3,
        "CONFLICT": 4,
        "CREDENTIALS_REFUSED": 5,
        "NOT_ALLOWED": 6,
        "TRY_LATER": 7,
        "PROVIDER": 8,
        "STORAGE": 9,
        "KEYS": 10,
        "LEASE_LOST": 11,
        "SECOND_FACTOR": 12,
        "ADDRESS_NOT_ALLOWED": 13,
        "ALREADY_RUNNING": 14,
        "PARTIAL": 20,
        "INTERRUPTED": 130,
    }
    assert set(MEANINGS) == set(Exit)


def test_narrow_errors_win_over_wide_ones():
    assert exit_for(errors.SecondFactorRequired("x")) is Exit.SECOND_FACTOR
    assert exit_for(errors.UnexpectedPayload("x")) is Exit.PROVIDER
    assert exit_for(errors.AlreadyRunning("x")) is Exit.ALREADY_RUNNING


@pytest.mark.parametrize("kind", list(all_errors()))
def test_a_reason_has_the_exit_code_of_its_error(kind):
    assert exit_for_reason(kind.reason) is exit_for(make(kind))


def test_a_reason_that_is_none_is_a_bug():
    assert exit_for_reason("NoSuchReason") is Exit.BUG


def test_a_wrong_word_is_one_line_with_a_hint(infrazen):
    ran = infrazen("db", "chekc")
    assert ran.code == Exit.USAGE
    assert ran.err.count("\n") == 1
    assert "infrazen db --help" in ran.err


def test_a_group_alone_shows_its_help(infrazen):
    ran = infrazen("db")
    assert ran.code == Exit.USAGE
    assert "Commands:" in ran.err


def test_json_errors_are_json_even_where_the_command_line_is_wrong(infrazen):
    ran = infrazen("db", "check", "--nonsense", "--json")
    assert ran.error["exit_code"] == Exit.USAGE
    assert not ran.out


def test_an_unforeseen_error_shows_no_traceback_unless_asked(infrazen, monkeypatch):
    monkeypatch.setattr(LazyGroup, "get_command", lambda *_: 1 / 0)
    ran = infrazen("db", "check")
    assert ran.code == Exit.BUG
    assert "Traceback" not in ran.err
    assert "--debug" in ran.err
    assert "Traceback" in infrazen("db", "check", "--debug").err


def test_ctrl_c_is_130():
    assert failure(KeyboardInterrupt()).code == Exit.INTERRUPTED == 130


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (28, "the disk is full"),
        (13, "no right to read or write"),
        (30, "no right to read or write"),
    ],
)
def test_the_systems_errors_say_what_to_do(number, says):
    told = failure(OSError(number, "raw", "/data/infrazen.db"))
    assert told.code is Exit.STORAGE
    assert says in told.message
    assert "/data/infrazen.db" in told.message


def test_a_wrong_setting_is_named_and_its_value_is_not_shown(fresh_infrazen):
    ran = fresh_infrazen("db", "check", INFRAZEN_LEASE_SECONDS="canary-value")
    assert ran.code == Exit.USAGE
    assert "INFRAZEN_LEASE_SECONDS" in ran.err
    assert "canary-value" not in ran.err


@pytest.mark.parametrize(("name", "value"), [("LOG_LEVEL", "loud"), ("LOG_FORMAT", "xml")])
def test_a_word_that_is_no_choice_is_a_wrong_setting(fresh_infrazen, name, value):
    ran = fresh_infrazen("db", "check", **{f"INFRAZEN_{name}": value})
    assert ran.code == Exit.USAGE
    assert f"INFRAZEN_{name}: Input should be" in ran.err


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        (errors.CredentialsRefused, "infrazen connection edit"),
        (errors.PermissionMissing, "control panel"),
        (errors.ProviderUnavailable, "try again later"),
        (errors.Throttled, "try again later"),
        (errors.UnexpectedPayload, "newer InfraZen"),
    ],
)
def test_what_a_cloud_said_comes_with_what_to_do(kind, says):
    assert failure(kind("the cloud's own words")).message.startswith("the cloud's own words; ")
    assert says in failure(kind("the cloud's own words")).message


def test_a_reader_that_goes_away_hears_no_complaint(data_dir):
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m infrazen --help | true"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert not done.stderr


def test_notes_are_json_too_where_it_is_asked_for(capsys):
    Screen(json=True).note("a key was made")
    Screen().note("a key was made")
    assert capsys.readouterr().err == '{"note":"a key was made"}\na key was made\n'


def test_tables_line_up_and_say_when_they_are_empty(capsys):
    screen = Screen()
    screen.table([{"a_b": 1, "c": True}, {"a_b": 22, "c": None}], columns=("a_b", "c"), empty="")
    screen.table([], columns=("a",), empty="nothing here")
    assert capsys.readouterr().out == "A B  C\n1    yes\n22   —\nnothing here\n"


def test_records_are_facts_or_json(capsys):
    Screen().record({"name": "x", "days_left": 3})
    Screen(json=True).record({"name": "x"})
    assert capsys.readouterr().out == 'name       x\ndays left  3\n{\n  "name": "x"\n}\n'
