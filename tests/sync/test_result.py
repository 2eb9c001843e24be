"""The result of a run as one small document."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrazen.db.queries.snapshots import Snapshot
from infrazen.domain.money import from_micro
from infrazen.domain.syncs import EndpointStatus, Phase, SyncStatus, Trigger
from infrazen.sync.result import (
    MOST_BYTES,
    amount,
    decoded,
    encoded,
    failure_of,
    result_of,
)

STARTED = datetime(2026, 11, 23, 20, 57, 3, 912_000, tzinfo=UTC)
SNAPSHOT = Snapshot(
    id=UUID(int=1),
    organization_id=UUID(int=2),
    connection_id=UUID(int=3),
    trigger=Trigger.SCHEDULE,
    requested_by="schedule",
    status=SyncStatus.PARTIAL,
    started_at=STARTED,
    finished_at=STARTED + timedelta(seconds=2),
    duration_ms=2000,
    beat_at=STARTED,
    progress=None,
    found=10,
    created=0,
    updated=1,
    deleted=0,
    unchanged=9,
    quarantined=0,
    by_type={"vps": 2},
    by_status={"running": 2},
    currency="RUB",
    listed_daily=Decimal("121.460000"),
    listed_monthly=Decimal("3668.900000"),
    payable_daily=Decimal("60.730000"),
    payable_monthly=Decimal("1847.000000"),
    endpoints=[
        {"name": "legacy.account", "status": "Succeeded", "message": "for people"},
        {"name": "modern.cdn", "status": "Skipped", "message": "sign-in failed"},
        {"name": "legacy.mysql", "status": "Failed", "message": "Cannot access method mysql"},
    ],
    error_reason=None,
    error_message=None,
    config={"provider": "beget"},
)
FAILED = replace(
    SNAPSHOT,
    status=SyncStatus.ERROR,
    currency=None,
    error_reason="CredentialsRefused",
    error_message="wrong login or password",
)


def test_a_partial_run_in_the_custom_resources_words():
    assert json.loads(encoded(result_of(SNAPSHOT, job_name="beget-main-29394"))) == {
        "snapshotId": "00000000-0000-0000-0000-000000000001",
        "connectionId": "00000000-0000-0000-0000-000000000003",
        "jobName": "beget-main-29394",
        "trigger": "Schedule",
        "phase": "Partial",
        "startTime": "2026-11-23T20:57:03Z",
        "completionTime": "2026-11-23T20:57:05Z",
        "resources": {"found": 10, "created": 0, "updated": 1, "deleted": 0, "unchanged": 9},
        "cost": {
            "currency": "RUB",
            "payable": {"daily": "60.73", "monthly": "1847.00"},
            "listed": {"daily": "121.46", "monthly": "3668.90"},
        },
        "endpoints": [
            {
                "name": "legacy.mysql",
                "status": "Failed",
                "message": "Cannot access method mysql",
            },
            {"name": "modern.cdn", "status": "Skipped", "message": "sign-in failed"},
        ],
    }


def test_a_failed_run_says_why():
    document = json.loads(encoded(result_of(FAILED)))
    assert (document["phase"], document["reason"]) == ("Failed", "CredentialsRefused")
    assert document["message"] == "wrong login or password"
    assert document["cost"] is None
    assert document["jobName"] is None


def test_a_run_that_never_began_has_no_snapshot():
    result = failure_of(
        reason="StorageUnavailable",
        message="the database does not answer",
        trigger=Trigger.MANUAL,
        started_at=STARTED,
        finished_at=STARTED,
    )
    assert decoded(encoded(result)) == result
    assert (result.snapshot_id, result.connection_id) == (None, None)
    assert result.phase is Phase.FAILED


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("60.730000", "60.73"),
        ("1847", "1847.00"),
        ("0", "0.00"),
        ("0E-6", "0.00"),
        ("1E+3", "1000.00"),
        ("0.333333", "0.333333"),
        ("-12.5", "-12.50"),
        ("9223372036854.775807", "9223372036854.775807"),
    ],
)
def test_amounts_keep_every_digit(value, written):
    assert amount(Decimal(value)) == written


@given(micro=st.integers(-(2**63), 2**63 - 1))
def test_no_amount_that_can_be_stored_loses_anything(micro):
    written = amount(from_micro(micro))
    assert Decimal(written) == from_micro(micro)
    assert len(written.partition(".")[2]) >= 2


names = st.text(max_size=200)
troubles = st.lists(
    st.fixed_dictionaries(
        {
            "name": names,
            "status": st.sampled_from([status.value for status in EndpointStatus]),
            "message": st.none() | st.text(max_size=3000),
        }
    ),
    max_size=60,
)


@given(endpoints=troubles, message=st.text(max_size=5000), job_name=st.text(max_size=600))
def test_whatever_a_provider_says_it_fits_and_reads_back(endpoints, message, job_name):
    snapshot = replace(FAILED, endpoints=endpoints, error_message=message)
    result = result_of(snapshot, job_name=job_name)
    document = encoded(result)
    assert len(document) <= MOST_BYTES < 4096
    again = decoded(document)
    assert (again.phase, again.reason) == (Phase.FAILED, "CredentialsRefused")
    assert again.resources == result.resources
    assert len(again.endpoints) <= len(result.endpoints)


def test_of_very_many_endpoints_the_last_entry_says_how_many_more():
    endpoints = [
        {"name": f"mail.{n}", "status": "Failed", "message": "не отвечает " * 50}
        for n in range(3000)
    ]
    document = encoded(result_of(replace(SNAPSHOT, endpoints=endpoints)))
    assert len(document) <= MOST_BYTES
    kept = decoded(document).endpoints
    assert kept[0].name == "mail.0"
    assert kept[0].message.startswith("не отвечает")
    assert kept[-1].message == f"and {3000 - len(kept) + 1} more: see the snapshot"


def test_a_few_long_messages_are_cut_and_none_is_dropped():
    endpoints = [
        {"name": f"part.{n}", "status": "Failed", "message": "x" * 4000} for n in range(12)
    ]
    kept = decoded(encoded(result_of(replace(SNAPSHOT, endpoints=endpoints)))).endpoints
    assert [one.name for one in kept] == [f"part.{n}" for n in range(12)]
    assert all(one.message.endswith("…") for one in kept)


def test_what_is_no_result_is_refused():
    for document in (b"", b"[]", b"{}", b'{"phase": "Failed", "reason": "x"}'):
        with pytest.raises(msgspec.DecodeError):
            decoded(document)


def test_who_reads_results_needs_no_database():
    code = "import infrazen.sync.result, sys; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {"sqlalchemy", "sqlmodel", "infrazen.db", "pydantic"}
