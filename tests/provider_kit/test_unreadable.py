"""Why a record could not be read: the decoder's own texts, and what we make of them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

import msgspec
import pytest

from infrazen.provider_kit.unreadable import DUPLICATE, Trouble, TroubleKind, reason, trouble_of

CANARY = "hunter2"


class Flavor(msgspec.Struct):
    cpu: int
    disks: list[int] = []


class Wire(msgspec.Struct):
    id: str
    size: int | None = None
    price: int | str | None = None
    state: Literal["on", "off"] = "on"
    count: Annotated[int, msgspec.Meta(ge=0)] = 0
    name: Annotated[str, msgspec.Meta(max_length=3)] = ""
    since: datetime | None = None
    day: date | None = None
    amount: Decimal | None = None
    uid: UUID | None = None
    flavor: Flavor | None = None
    prices: dict[str, int] = {}


def told(raw: bytes) -> Trouble:
    """What is understood of how ``raw`` cannot be read."""
    with pytest.raises((msgspec.DecodeError, UnicodeDecodeError)) as failed:
        msgspec.json.decode(raw, type=Wire)
    written = reason(failed.value)
    assert CANARY not in written
    return trouble_of(written)


@pytest.mark.parametrize(
    ("raw", "field", "expected", "got"),
    [
        (b'{"id":7}', "id", "str", "int"),
        (b'{"id":"1","size":"hunter2"}', "size", "int | null", "str"),
        (b'{"id":"1","price":["hunter2"]}', "price", "int | str | null", "array"),
        (b'{"id":"1","flavor":{"cpu":1,"disks":[1,{}]}}', "flavor.disks[1]", "int", "object"),
        (b'{"id":"1","prices":{"hunter2":""}}', "prices[...]", "int", "str"),
        (b'["hunter2"]', "", "object", "array"),
    ],
)
def test_a_wrong_type(raw, field, expected, got):
    assert told(raw) == Trouble(
        kind=TroubleKind.WRONG_TYPE, field=field, expected=expected, got=got
    )


@pytest.mark.parametrize(
    ("raw", "field"), [(b"{}", "id"), (b'{"id":"1","flavor":{}}', "flavor.cpu")]
)
def test_a_missing_field(raw, field):
    assert told(raw) == Trouble(kind=TroubleKind.MISSING, field=field)


@pytest.mark.parametrize(
    ("raw", "kind", "field"),
    [
        (b'{"id":"1","count":-1}', TroubleKind.OUT_OF_RANGE, "count"),
        (b'{"id":"1","name":"hunter2"}', TroubleKind.OUT_OF_RANGE, "name"),
        (b'{"id":"1","state":"hunter2"}', TroubleKind.UNKNOWN_VALUE, "state"),
        (b'{"id":"1","state":"hunter2 - at `$.x`"}', TroubleKind.UNKNOWN_VALUE, "state"),
        (b'{"id":"1","since":"hunter2"}', TroubleKind.BAD_FORMAT, "since"),
        (b'{"id":"1","day":"hunter2"}', TroubleKind.BAD_FORMAT, "day"),
        (b'{"id":"1","amount":"hunter2"}', TroubleKind.BAD_FORMAT, "amount"),
        (b'{"id":"1","uid":"hunter2"}', TroubleKind.BAD_FORMAT, "uid"),
        (b'{"id":"hunter2', TroubleKind.CUT_SHORT, ""),
        (b'{"id":hunter2}', TroubleKind.NOT_JSON, ""),
        (b'{"id":"\xff"}', TroubleKind.NOT_JSON, ""),
    ],
)
def test_other_troubles(raw, kind, field):
    found = told(raw)
    assert (found.kind, found.field) == (kind, field)


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        (reason(ValueError(CANARY)), TroubleKind.CONTRADICTION),
        (DUPLICATE, TroubleKind.DUPLICATE),
        ("/v1/vps: expected JSON, got an HTML or XML page", TroubleKind.NOT_JSON),
        (
            "/v1/vps: expected JSON, got JSON that is cut short or malformed (text/html, 3 bytes)",
            TroubleKind.CUT_SHORT,
        ),
        ("a text that nobody here writes", TroubleKind.OTHER),
        ("", TroubleKind.OTHER),
    ],
)
def test_what_no_decoder_wrote(written, kind):
    assert trouble_of(written) == Trouble(kind=kind)


def test_an_answer_that_is_not_as_documented_keeps_its_field():
    written = "a.ru: /mail: not the documented JSON: Expected `array`, got `str` - at `$.answer`"
    assert trouble_of(written) == Trouble(
        kind=TroubleKind.WRONG_TYPE, field="answer", expected="array", got="str"
    )
