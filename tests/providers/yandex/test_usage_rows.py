"""Files of the usage export, however they are cut on their way."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrazen.errors import UnexpectedPayload
from infrazen.providers.yandex.mapper.usage import Lines
from infrazen.providers.yandex.wire.usage import UsageRows

DAY = date(2026, 11, 24)
HEAD = (
    "date,currency,cost,credit,pricing_quantity,resource_id,sku_id,sku_name,label.user_labels.env"
)
ROWS = (
    HEAD,
    '2026-11-24,RUB,10.5,-0.5,24,web,dn2k3vqlk9snp1jv351u,"Ядро, ""100 %"" vCPU",prod',
    '2026-11-24,RUB,1,,,,dn2other,"two\nlines",',
    "2026-11-24,RUB,,-1,24,web,dn2other,no cost,",
    "2026-11-24,RUB,NaN,,1,web,dn2other,no number,",
    "2026-11-23,RUB,1,,1,web,dn2other,another day,",
    "2026-11-24,rubles,1,,1,web,dn2other,no currency,",
    "2026-11-24,RUB,1,,1",
)
WHOLE = "\ufeff" + "\r\n".join(ROWS) + "\r\n"


class Taken:
    def __init__(self):
        self.rows = []
        self.rejected = []

    def read(self, *parts: bytes):
        rows = UsageRows("f.csv", day=DAY, put=self._put, reject=self._reject)
        for part in parts:
            rows.feed(part)
        rows.end()
        return self

    def _put(self, item, amounts):
        self.rows.append((item, amounts))

    def _reject(self, row, error):
        self.rejected.append((row.get("sku_name", ""), str(error)))


def test_columns_are_found_by_name_and_broken_rows_say_why():
    taken = Taken().read(WHOLE.encode())
    [(first, amounts), (second, more)] = taken.rows
    assert (first.resource_id, first.sku_name) == ("web", 'Ядро, "100 %" vCPU')
    assert first.labels == (("env", "prod"),)
    assert amounts == (Decimal("10.5"), Decimal("-0.5"), Decimal(24))
    assert (second.sku_name, second.labels, more) == ("two\nlines", (), (1, 0, None))
    assert taken.rejected == [
        ("no cost", "Object missing required field `cost`"),
        ("no number", "Invalid decimal string - at `$.cost`"),
        ("another day", "a charge of another day than its file's"),
        ("no currency", "Invalid enum value - at `$.currency`"),
        ("", "the row is cut short: 5 values of 9"),
    ]


def test_only_line_ends_end_a_row():
    """Not the other signs at which a text breaks: a label or a name may hold them."""
    names = ["a\u2028b", "a\x0bb", "a\x85b"]
    rows = "".join(f"2026-11-24,RUB,300,{name}\n" for name in names)
    taken = Taken().read(f"\ndate,currency,cost,sku_name\n{rows}".encode())
    assert [item.sku_name for item, _ in taken.rows] == names
    assert taken.rejected == []


@given(cuts=st.lists(st.integers(1, len(WHOLE.encode()) - 1), max_size=12))
def test_where_a_file_is_cut_does_not_matter(cuts):
    body = WHOLE.encode()
    places = [0, *sorted(set(cuts)), len(body)]
    parts = [body[start:end] for start, end in pairwise(places)]
    whole, cut = Taken().read(body), Taken().read(*parts)
    assert (cut.rows, cut.rejected) == (whole.rows, whole.rejected)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "an empty file"),
        (b"<!doctype html><h1>502</h1>", "a page"),
        (b"when,what\n2026-11-24,x\n", "no column date"),
        (b"\xff\xfe\x00", "not a text in UTF-8"),
        (b'date,currency,cost\n"' + b"x" * 3_000_000, "a row of more than"),
    ],
    ids=["empty", "page", "other", "bytes", "endless"],
)
def test_what_is_no_file_of_the_export_is_named(body, said):
    with pytest.raises(UnexpectedPayload, match=said):
        Taken().read(*(body[n : n + 65_536] for n in range(0, len(body), 65_536)))


@pytest.mark.parametrize("cost", ["1e-999999999", "0." + "0" * 200 + "1", "1" + "0" * 200])
def test_an_amount_beyond_all_reason_costs_its_row(cost):
    taken = Taken().read(f"date,currency,cost\n2026-11-24,RUB,{cost}\n".encode())
    assert not taken.rows
    assert taken.rejected == [("", "Invalid decimal string - at `$.cost`")]


def test_what_people_keep_in_labels_is_nobodys_business():
    head = "date,currency,cost,sku_id,label.user_labels.env,label.user_labels.db-password"
    taken = Taken().read(f"{head}\n2026-11-24,RUB,1,dn2,prod,hunter2\n".encode())
    [(_, line)] = Lines(lambda _id: None).of(item for item, _ in taken.rows)
    assert line.tags == (("env", "prod"),)
