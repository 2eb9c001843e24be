"""What a secret file may look like."""

from dataclasses import replace
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from infrazen.cli.credentials import given_credentials, with_asked_secrets
from infrazen.cli.secret_text import MOST_BYTES
from infrazen.errors import Invalid
from infrazen.provider_kit.contract import Credentials, Label, Text
from infrazen.providers import provider
from tests.canary import CANARY, assert_absent

BEGET = provider("beget")


def read(tmp_path, content, spec=BEGET, **public):
    file = tmp_path / "secrets"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return given_credentials(spec, public=public, secret_file=file)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("hunter2", {"password": "hunter2"}),
        ("hunter2\r\n", {"password": "hunter2"}),
        ("\ufeffhunter2", {"password": "hunter2"}),
        (" spaces stay ", {"password": " spaces stay "}),
        ("pass=word", {"password": "pass=word"}),
        ("# not a comment", {"password": "# not a comment"}),
        ('{"key": "of another kind"}', {"password": '{"key": "of another kind"}'}),
        ("[1]", {"password": "[1]"}),
        ("{}", {"password": "{}"}),
        ('{"password": "a", "token": "b"}', {"password": "a", "token": "b"}),
        ("password=a=b\ntoken=c\n", {"password": "a=b", "token": "c"}),
        ("# from the panel\n\nlogin=demo\npassword=a", {"login": "demo", "password": "a"}),
    ],
)
def test_one_bare_secret_json_or_lines(tmp_path, content, found):
    assert read(tmp_path, content) == found


PRINTABLE = st.characters(
    exclude_categories=["C", "Z"], include_characters=" ", exclude_characters="="
)


@given(secret=st.text(PRINTABLE, min_size=1, max_size=40).filter(str.strip))
def test_any_secret_of_one_line_stays_what_it_is(secret, tmp_path_factory):
    if secret.startswith("{"):
        secret = f"a{secret}"
    folder = tmp_path_factory.mktemp("secret")
    assert read(folder, secret + "\n") == {"password": secret}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "empty"),
        (" \n", "empty"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"x" * (MOST_BYTES + 1), "64 KiB"),
        (f"password=a\n{CANARY}", "entry 2"),
        ('{"password": 5}', "password"),
    ],
)
def test_a_file_that_makes_no_sense_says_why_without_its_content(tmp_path, content, says):
    with pytest.raises(Invalid, match=says) as caught:
        read(tmp_path, content)
    assert_absent(str(caught.value), where="the error")


def test_what_is_set_and_what_the_file_says_come_together(tmp_path):
    assert read(tmp_path, "a", login="demo") == {"login": "demo", "password": "a"}


def test_a_field_that_nobody_knows_is_named():
    with pytest.raises(Invalid, match="login, password") as caught:
        given_credentials(BEGET, public={"user": "x"}, secret_file=None)
    assert caught.value.field == "user"


def test_a_required_field_that_is_no_secret_is_not_asked_for():
    with pytest.raises(Invalid, match="--set login=") as caught:
        with_asked_secrets(BEGET, {"password": "a"})
    assert caught.value.field == "login"


class TwoSecrets(Credentials):
    """Neither of them can be the bare one."""

    key_id: Annotated[SecretStr, Label(title=Text("Ключ", "Key id"))]
    key: Annotated[SecretStr, Label(title=Text("Секрет", "Key"))]


def test_several_secrets_must_be_named(tmp_path):
    spec = replace(BEGET, credentials=TwoSecrets)
    with pytest.raises(Invalid, match="key_id, key"):
        read(tmp_path, "bare", spec)
    assert read(tmp_path, "key_id=a\nkey=b", spec) == {"key_id": "a", "key": "b"}
