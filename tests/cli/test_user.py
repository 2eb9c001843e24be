import io

import pytest

from infrazen.cli.exits import Exit
from infrazen.services.sign_in import sign_in

PASSWORD = "a long enough password"


@pytest.fixture
def owner(infrazen, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(f"{PASSWORD}\n".encode())))
    ran = infrazen(
        "user", "add", "owner@example.com", "--role", "owner", "--password-file", "-", "--json"
    )
    assert ran.code == Exit.DONE, ran.err
    return ran.json


def test_the_first_command_prepares_everything_and_says_so(fresh_infrazen, data_dir):
    ran = fresh_infrazen("user", "list")
    assert ran.code == Exit.DONE
    assert "nobody yet" in ran.out
    assert "master key was made" in ran.err
    assert str(data_dir / "keys") in ran.err
    assert (data_dir / "keys").stat().st_mode & 0o777 == 0o600
    assert not fresh_infrazen("user", "list").err


def test_a_person_can_sign_in_with_the_password_from_standard_input(owner):
    assert owner["role"] == "owner"
    assert owner["password"] is None
    assert sign_in(email="owner@example.com", password=PASSWORD, address="::1", agent="test")


def test_a_made_up_password_works_and_is_printed_once(infrazen, owner):
    made = infrazen("user", "add", "viewer@example.com", "--json").json
    assert made["role"] == "viewer"
    assert sign_in(email=made["email"], password=made["password"], address="::1", agent="test")
    assert made["password"] not in infrazen("user", "list").out


def test_listing_shows_everybody(infrazen, owner):
    assert "owner@example.com" in infrazen("user", "list").out
    assert [each["email"] for each in infrazen("user", "list", "--json").json] == [
        "owner@example.com"
    ]


def test_roles_can_be_changed_but_one_owner_stays(infrazen, owner):
    infrazen("user", "add", "second@example.com", "--role", "owner")
    assert infrazen("user", "set-role", "second@example.com", "finance").code == Exit.DONE
    ran = infrazen("user", "set-role", "owner@example.com", "viewer", "--json")
    assert ran.code == Exit.CONFLICT
    assert ran.error["reason"] == "Conflict"


def test_accounts_close_and_open(infrazen, owner):
    infrazen("user", "add", "second@example.com")
    assert infrazen("user", "disable", "second@example.com", "--json").json["is_disabled"]
    assert not infrazen("user", "enable", "second@example.com", "--json").json["is_disabled"]


def test_passwords_can_be_reset_from_a_file(infrazen, owner, tmp_path):
    file = tmp_path / "password"
    file.write_text("another long password\n")
    ran = infrazen("user", "set-password", "OWNER@example.com", "--password-file", str(file))
    assert ran.code == Exit.DONE
    assert sign_in(
        email="owner@example.com", password="another long password", address="::1", agent="test"
    )


def test_who_is_removed_is_gone(infrazen, owner):
    infrazen("user", "add", "second@example.com")
    assert infrazen("user", "remove", "second@example.com").code == Exit.DONE
    assert infrazen("user", "disable", "second@example.com").code == Exit.NOT_FOUND


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"\xff\xfe\xfa", "not UTF-8"), (b"x" * 70_000, "64 KiB"), (None, "does not exist")],
)
def test_a_password_file_of_another_kind_is_named(infrazen, tmp_path, content, says):
    file = tmp_path / "password"
    if content is not None:
        file.write_bytes(content)
    ran = infrazen("user", "add", "a@example.com", "--password-file", str(file))
    assert ran.code == Exit.USAGE
    assert says in ran.err


def test_bad_input_says_which_field(infrazen, owner, tmp_path):
    assert infrazen("user", "add", "no-address", "--json").error["field"] == "email"
    assert infrazen("user", "add", "a@example.com", "--role", "king").code == Exit.USAGE
    empty = tmp_path / "empty"
    empty.touch()
    ran = infrazen("user", "add", "a@example.com", "--password-file", str(empty), "--json")
    assert ran.error["field"] == "password"
    missing = infrazen("user", "add", "a@example.com", "--password-file", str(tmp_path / "none"))
    assert missing.code != Exit.DONE
    assert str(tmp_path / "none") in missing.err


def test_an_unknown_organization_is_not_found(infrazen, owner):
    ran = infrazen("user", "list", "--organization", "nowhere")
    assert ran.code == Exit.NOT_FOUND
    assert "main" in ran.err
