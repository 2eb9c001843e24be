"""What of a Secret's metadata says that its data changed."""

import pytest

from infrazen_operator.secret_version import data_version


def written(manager, time, *fields):
    known = {"f:data": {f"f:{name}": {} for name in fields}} if fields else {"f:metadata": {}}
    return {"manager": manager, "operation": "Update", "time": time, "fieldsV1": known}


def secret(*writers, version="1", uid="one"):
    return {"uid": uid, "resourceVersion": version, "managedFields": list(writers)}


BEFORE = secret(written("kubectl-create", "2026-11-26T08:00:00Z", "login", "password"))


def test_a_label_by_another_program_changes_nothing():
    label = written("kubectl-label", "2026-11-26T09:00:00Z")
    after = secret(*BEFORE["managedFields"], label, version="2")
    assert data_version(after) == data_version(BEFORE)


@pytest.mark.parametrize(
    "after",
    [
        secret(written("kubectl-create", "2026-11-26T08:00:01Z", "login", "password")),
        secret(
            written("kubectl-create", "2026-11-26T08:00:00Z", "login"),
            written("kubectl-patch", "2026-11-26T08:00:00Z", "password"),
        ),
        secret(*BEFORE["managedFields"], uid="another"),
    ],
    ids=["written again", "by another", "made anew"],
)
def test_data_that_were_written_change_it(after):
    assert data_version(after) != data_version(BEFORE)


def test_without_notes_every_change_counts():
    assert data_version({"resourceVersion": "7"}) == "7"
    assert data_version(secret(written("x", "2026-11-26T08:00:00Z"), version="8")) == "8"
