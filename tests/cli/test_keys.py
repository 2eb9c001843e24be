import base64
import os

import pytest

from infrazen.cli.exits import Exit


@pytest.fixture
def first(infrazen):
    return infrazen("keys", "status", "--json").json[0]["id"]


def test_the_ring_is_listed_without_a_key(infrazen, first, data_dir):
    ran = infrazen("keys", "status")
    secret = (data_dir / "keys").read_text().strip().partition(":")[2]
    assert first in ran.out
    assert secret not in ran.out + ran.err


def test_rotation_puts_a_new_key_first_and_the_old_one_can_go(infrazen, first):
    rotated = infrazen("keys", "rotate", "--json").json
    assert rotated["primary"] != first
    assert infrazen("keys", "retire", first).code == Exit.DONE
    assert [key["id"] for key in infrazen("keys", "status", "--json").json] == [rotated["primary"]]


def test_the_key_in_force_cannot_be_retired(infrazen, first):
    assert infrazen("keys", "retire", first).code == Exit.CONFLICT
    assert infrazen("keys", "retire", "unknown").code == Exit.NOT_FOUND


def test_keys_from_the_environment_are_rotated_by_the_operator(fresh_infrazen):
    key = base64.b64encode(os.urandom(32)).decode()
    ran = fresh_infrazen("keys", "rotate", INFRAZEN_MASTER_KEYS=f"a:{key}")
    assert ran.code == Exit.CONFLICT
    assert "INFRAZEN_MASTER_KEYS" in ran.err
    assert key not in ran.err


def test_a_key_file_open_to_others_is_refused(infrazen, first, data_dir):
    (data_dir / "keys").chmod(0o644)
    ran = infrazen("keys", "status")
    assert ran.code == Exit.KEYS
    assert "chmod 600" in ran.err
