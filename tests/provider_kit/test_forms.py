from typing import Annotated, Literal

import jsonschema_rs
import pytest
from pydantic import BaseModel, Field, SecretStr

from infrazen.errors import Invalid
from infrazen.provider_kit.contract import Credentials, Label, Text
from infrazen.provider_kit.forms import (
    FieldKind,
    form_fields,
    json_schema,
    parse_credentials,
    parse_settings,
    secret_fields,
    split_credentials,
)
from infrazen.providers import provider

BEGET = provider("beget")


def label(name: str) -> Label:
    return Label(title=Text(name, name), placeholder=f"{name}…")


class Sample(BaseModel):
    name: Annotated[str, label("name")]
    secret: Annotated[SecretStr | None, label("secret")] = None
    count: Annotated[int, Field(ge=1, le=9), label("count")] = 3
    rate: Annotated[float | None, Field(gt=0), label("rate")] = None
    on: Annotated[bool, label("on")] = True
    size: Annotated[Literal["small", "large"], label("size")] = "small"


def test_every_kind_of_field_has_its_control():
    fields = {field.name: field for field in form_fields(Sample)}
    assert [field.kind for field in fields.values()] == [
        FieldKind.TEXT,
        FieldKind.PASSWORD,
        FieldKind.NUMBER,
        FieldKind.NUMBER,
        FieldKind.BOOL,
        FieldKind.SELECT,
    ]
    assert [name for name, field in fields.items() if field.required] == ["name"]
    assert [name for name, field in fields.items() if field.secret] == ["secret"]
    assert (fields["count"].default, fields["on"].default, fields["rate"].default) == (
        "3",
        "true",
        "",
    )
    assert (fields["count"].minimum, fields["count"].maximum, fields["count"].whole) == (1, 9, True)
    assert fields["size"].options == ("small", "large")
    assert fields["name"].placeholder == "name…"


def test_a_field_without_a_label_is_our_mistake():
    class Nameless(BaseModel):
        a: str

    with pytest.raises(TypeError, match="a has no Label"):
        form_fields(Nameless)


def test_the_schema_says_what_the_form_does():
    schema = json_schema(Sample)
    jsonschema_rs.meta.validate(schema)
    valid = jsonschema_rs.validator_for(schema)
    assert valid.is_valid({"name": "x", "count": 9, "rate": 0.5, "on": False, "size": "large"})
    for wrong in ({}, {"name": 1}, {"name": "x", "count": 10}, {"name": "x", "size": "huge"}):
        assert not valid.is_valid(wrong)
    assert schema["properties"]["count"]["default"] == 3
    assert schema["properties"]["on"]["default"] is True
    assert json_schema(BEGET.credentials)["properties"]["login"]["maxLength"] == 64
    assert schema["properties"]["secret"]["format"] == "password"


def test_credentials_are_parsed_and_split():
    given_ = {"login": " me ", "password": "sesame", "token": "  ", "account_password": ""}
    public, secret = split_credentials(parse_credentials(BEGET, given_))
    assert public == {"login": "me"}
    assert secret == {"password": "sesame"}


def test_a_blank_secret_keeps_the_stored_one_and_a_given_one_replaces_it():
    stored = {"password": "old", "token": "kept"}
    parsed = parse_credentials(BEGET, {"login": "me", "password": ""}, stored=stored)
    assert split_credentials(parsed)[1] == {"password": "old", "token": "kept"}
    parsed = parse_credentials(BEGET, {"login": "me", "password": "new"}, stored=stored)
    assert split_credentials(parsed)[1]["password"] == "new"


def test_a_stored_secret_can_be_forgotten():
    stored = {"password": "old", "token": "t"}
    parsed = parse_credentials(BEGET, {"login": "me"}, stored=stored, forget={"token"})
    assert "token" not in split_credentials(parsed)[1]


def test_a_stored_public_value_is_not_kept_silently():
    with pytest.raises(Invalid) as caught:
        parse_credentials(BEGET, {"password": "p"}, stored={"login": "old"})
    assert caught.value.field == "login"


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ({}, "login"),
        ({"login": "me"}, "password"),
        ({"login": "x" * 65, "password": "p"}, "login"),
        ({"login": "me", "password": "p", "token": "tok en"}, "token"),
        ({"login": "me", "password": "p", "token": "токен"}, "token"),
        ({"login": "me", "password": "p", "sudo": "yes"}, "sudo"),
    ],
)
def test_what_is_wrong_is_named(raw, field):
    with pytest.raises(Invalid) as caught:
        parse_credentials(BEGET, raw)
    assert caught.value.field == field
    assert field in str(caught.value)


def test_a_refused_secret_is_not_repeated():
    secret = "CANARY-01" * 40
    with pytest.raises(Invalid) as caught:
        parse_credentials(BEGET, {"login": "me", "password": secret})
    assert caught.value.field == "password"
    assert secret[:20] not in str(caught.value)
    assert caught.value.__cause__ is None


def test_credentials_show_no_secret():
    parsed = parse_credentials(BEGET, {"login": "me", "password": "CANARY", "token": "CANARY"})
    assert isinstance(parsed, Credentials)
    assert "CANARY" not in repr(parsed) + str(parsed) + parsed.model_dump_json()


def test_settings_come_from_forms_and_from_manifests():
    from_form = parse_settings(BEGET, {"collect_statistics": "false", "statistics_seconds": "60"})
    from_manifest = parse_settings(BEGET, {"collect_statistics": False, "statistics_seconds": 60})
    assert from_form == from_manifest
    assert parse_settings(BEGET, {"statistics_seconds": ""}) == parse_settings(BEGET, {})


@pytest.mark.parametrize(
    "raw",
    [
        {"statistics_seconds": "soon"},
        {"statistics_seconds": 5},
        {"requests_per_second": 0},
        {"requests_per_second": float("nan")},
        {"collect_statistics": "perhaps"},
    ],
)
def test_wrong_settings_are_named(raw):
    with pytest.raises(Invalid) as caught:
        parse_settings(BEGET, raw)
    assert caught.value.field == next(iter(raw))


def test_secret_fields_are_those_for_the_vault():
    assert secret_fields(BEGET.credentials) == ("password", "account_password", "token")
