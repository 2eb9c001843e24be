import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrazen.provider_kit.redaction import (
    HIDDEN,
    LONGEST_RECORD,
    Redactor,
    is_safe_text,
    is_secret_name,
    redacted,
)

SECRET_NAMES = [
    "password",
    "passwd",
    "PASSWORD",
    "ftp_password",
    "adminPassword",
    "token",
    "access_token",
    "secret",
    "secret_key",
    "access_key",
    "accessKey",
    "api_key",
    "apikey",
    "private-key",
    "key",
    "Authorization",
    "auth",
    "credentials",
    "cookie",
    "session_id",
    "signature",
    "pin",
    "otp",
]
PLAIN_NAMES = [
    "name",
    "author",
    "keyboard",
    "monkey",
    "status",
    "id",
    "encoding",
    "opinion",
    "region",
]

names = st.sampled_from(SECRET_NAMES)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-1000, 1000) | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=10,
)


@pytest.mark.parametrize("name", SECRET_NAMES)
def test_names_of_secrets_are_known(name):
    assert is_secret_name(name)


@pytest.mark.parametrize("name", PLAIN_NAMES)
def test_other_names_are_left_alone(name):
    assert not is_secret_name(name)


@given(name=names, around=json_values, secret=st.text("XYZ0", min_size=12, max_size=20))
def test_whatever_lies_under_a_secrets_name_is_hidden(name, around, secret):
    value = {"a": [around, {"b": {name: {"deep": [secret, around]}}}]}
    assert secret not in json.dumps(redacted(value))


def test_a_field_that_describes_a_secret_loses_its_value():
    fields = [
        {"type": "PASSWORD", "value": "CANARY", "variable": "x"},
        {"type": "TEXT", "value": "CANARY", "variable": "admin_password"},
        {"type": "TEXT", "value": "CANARY", "label_en": "API key"},
        {"type": "TEXT", "value": "shown", "variable": "login"},
    ]
    assert [field["value"] for field in redacted(fields)] == [HIDDEN, HIDDEN, HIDDEN, "shown"]


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Cannot access method mysql", "Cannot access method mysql"),
        ("login=me&passwd=CANARY failed", "login=me&passwd=<hidden> failed"),
        ('{"password": "CANARY"}', '{"password": <hidden>"}'),
        ("Authorization: Bearer CANARY", "Authorization: <hidden>"),
        ("see https://me:CANARY@host/path?token=CANARY now", "see https://host/path now"),
        ("got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJDQU5BUlkifQ.sig here", "got <hidden> here"),
        ("the token t1.CANARYCANARY.CANARYCANARY was revoked", "the token <hidden> was revoked"),
        ("the token y0_CANARYCANARYCANARYCANARY is old", "the token <hidden> is old"),
        ("gAAAAACANARYCANARYCANARYCANARYCANARY== is none", "<hidden> is none"),
        ("type t1.micro in zone y0_a is gone", "type t1.micro in zone y0_a is gone"),
        ("-----BEGIN PRIVATE KEY-----\nCANARY", "<hidden>"),
        ("two\r\nlines\x1b[31m", "two lines [31m"),
    ],
)
def test_messages_are_cleaned(text, cleaned):
    assert Redactor().text(text) == cleaned


@given(
    secret=st.text(min_size=4, max_size=30), before=st.text(max_size=20), after=st.text(max_size=20)
)
def test_the_connections_own_secrets_never_appear(secret, before, after):
    shown = Redactor([secret]).text(f"{before}{secret}{after}")
    assert secret not in shown or secret in HIDDEN


def test_the_longest_of_overlapping_secrets_is_hidden_whole():
    assert Redactor(["abcd", "abcdefgh"]).text("x abcdefgh y") == f"x {HIDDEN} y"


def test_messages_are_short_and_of_one_line():
    assert len(Redactor().text("x" * 10_000)) == 300


@pytest.mark.parametrize("piece", ["x", "pass", "eyJ.", "://", "?a", "password ", "://a@", "'\""])
def test_no_text_takes_long(piece):
    started = time.process_time()
    Redactor(["abcd"]).text(piece * 100_000)
    Redactor(["abcd"]).record(json.dumps({"a": piece * 100_000}).encode())
    assert time.process_time() - started < 0.5


def test_records_are_shown_without_secrets():
    raw = b'{"id":"7","secret_key":"CANARY","note":"mine","n":[1,{"token":"CANARY"}]}'
    shown = Redactor(["mine"]).record(raw)
    assert json.loads(shown) == {
        "id": "7",
        "secret_key": HIDDEN,
        "note": HIDDEN,
        "n": [1, {"token": HIDDEN}],
    }


def test_parts_that_hold_secrets_are_hidden_in_whatever_shape_they_come():
    redactor = Redactor(hidden=frozenset({"software"}))
    for shape in ('"CANARY"', '["CANARY"]', '{"x":{"y":"CANARY"}}'):
        shown = redactor.record(f'{{"id":"1","in":[{{"software":{shape}}}]}}'.encode())
        assert json.loads(shown) == {"id": "1", "in": [{"software": HIDDEN}]}


def test_records_that_are_no_json_are_not_shown():
    assert Redactor().record(b"CANARY{") == "7 bytes that are not JSON"
    assert Redactor().record(b'{"a":' * 100_000).endswith("bytes that are not JSON")


def test_long_records_are_cut():
    assert len(Redactor().record(json.dumps({"a": "b" * 99_999}).encode())) == LONGEST_RECORD


@pytest.mark.parametrize("text", ["n8n.example.ru", "admin@example.ru", "https://a.b/c"])
def test_plain_texts_are_safe(text):
    assert is_safe_text(text)


@pytest.mark.parametrize(
    "text", ["https://u:p@a.b", "https://a.b/?key=1", "password: x", "eyJhbGciOi.eyJzdWIi.x"]
)
def test_texts_with_secrets_are_not(text):
    assert not is_safe_text(text)


def test_a_redactor_shows_nothing_of_itself():
    assert "CANARY" not in repr(Redactor(["CANARY"]))
