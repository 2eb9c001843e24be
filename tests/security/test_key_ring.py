"""Key ring: parsing, the first key, rights of the file, changes while it is in use."""

import base64
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrazen.errors import Conflict, SecretUnreadable
from infrazen.security.key_ring import (
    KeyFile,
    KeyRing,
    KeyVariable,
    MasterKey,
    format_ring,
    key_source,
    new_key,
    parse_ring,
)
from infrazen.settings import Settings

KEYS = st.lists(
    st.builds(
        MasterKey,
        st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,20}", fullmatch=True),
        st.binary(min_size=32, max_size=32),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda key: key.id,
)


@given(KEYS)
def test_a_ring_survives_being_written_and_read(keys):
    ring = KeyRing(tuple(keys))
    assert parse_ring(format_ring(ring)).keys == ring.keys
    assert parse_ring(format_ring(ring).replace("\n", ",")).keys == ring.keys


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "primary",
        "primary:",
        "primary:not base64",
        "primary:" + base64.b64encode(b"short").decode(),
        ":" + base64.b64encode(bytes(32)).decode(),
        "a b:" + base64.b64encode(bytes(32)).decode(),
        "\n".join(["same:" + base64.b64encode(bytes(32)).decode()] * 2),
    ],
)
def test_a_bad_ring_is_refused_without_showing_it(text):
    with pytest.raises(SecretUnreadable) as caught:
        parse_ring(text)
    assert "AAAA" not in str(caught.value)


def test_a_key_never_shows_its_value():
    key = new_key()
    assert base64.b64encode(key.value).decode() not in repr(key)
    assert repr(key.value) not in repr(key)


def test_the_id_of_a_retired_key_never_comes_back():
    retired = new_key()
    ring = KeyRing((new_key(),)).with_primary(retired)
    ring = ring.with_primary(new_key()).without(retired.id)
    assert new_key().id not in {retired.id, *ring.ids}


def test_the_first_key_is_closed_to_others_from_the_start(tmp_path):
    file = KeyFile(tmp_path / "fresh" / "keys")
    before = os.umask(0)
    try:
        assert file.create() is True
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.path.parent.stat().st_mode) == 0o700
    assert len(file.load().keys) == 1


def test_an_existing_file_is_never_overwritten(tmp_path):
    file = KeyFile(tmp_path / "keys")
    file.create()
    first = file.path.read_bytes()
    assert KeyFile(file.path).create() is False
    assert file.path.read_bytes() == first
    assert [path.name for path in tmp_path.iterdir()] == ["keys"]


def test_processes_that_start_at_once_get_the_same_key(tmp_path):
    files = [KeyFile(tmp_path / "keys") for _ in range(16)]
    with ThreadPoolExecutor(16) as pool:
        created = list(pool.map(KeyFile.create, files))
    assert created.count(True) == 1
    assert len({file.load().primary.value for file in files}) == 1


@pytest.mark.parametrize("mode", [0o644, 0o604, 0o660, 0o602, 0o601])
def test_a_file_open_to_others_is_refused(tmp_path, mode):
    file = KeyFile(tmp_path / "keys")
    file.create()
    file.path.chmod(mode)
    with pytest.raises(SecretUnreadable, match="chmod 600"):
        file.load()


@pytest.mark.parametrize("mode", [0o400, 0o600, 0o440])
def test_a_group_may_read_as_mounted_secrets_need(tmp_path, mode):
    file = KeyFile(tmp_path / "keys")
    file.create()
    file.path.chmod(mode)
    assert file.load().primary


def test_a_missing_file_says_how_to_get_it_back(tmp_path):
    with pytest.raises(SecretUnreadable, match="backup"):
        KeyFile(tmp_path / "keys").load()


def test_a_file_that_may_not_be_read_says_so(tmp_path, monkeypatch):
    file = KeyFile(tmp_path / "keys")
    file.create()

    def refused(*_arguments, **_options):
        raise PermissionError(13, "Permission denied", str(file.path))

    monkeypatch.setattr(Path, "read_text", refused)  # root may read everything
    with pytest.raises(SecretUnreadable, match=r"cannot be read \(Permission denied\)"):
        file.load()


def test_a_key_added_through_a_link_is_in_the_file_behind_it(tmp_path):
    (tmp_path / "safe").mkdir()
    behind, link = KeyFile(tmp_path / "safe/keys"), KeyFile(tmp_path / "keys")
    behind.create()
    link.path.symlink_to(behind.path)
    link.replace(link.load().with_primary(new_key()))
    assert link.path.is_symlink()
    assert behind.load().ids == link.load().ids
    assert len(behind.load().ids) == 2


def test_a_running_process_sees_a_changed_file(tmp_path):
    mine, theirs = KeyFile(tmp_path / "keys"), KeyFile(tmp_path / "keys")
    mine.create()
    old = mine.load()
    theirs.replace(theirs.load().with_primary(new_key()))
    assert mine.load().ids == (*theirs.load().ids[:1], *old.ids)
    assert stat.S_IMODE(mine.path.stat().st_mode) == 0o600


def test_the_primary_cannot_be_taken_out(tmp_path):
    ring = KeyRing((new_key(),))
    with pytest.raises(Conflict, match="rotate first"):
        ring.without(ring.primary.id)


def test_the_variable_wins_and_cannot_be_replaced(tmp_path):
    ring = KeyRing((new_key(),))
    chosen = Settings(data_dir=tmp_path, master_keys=format_ring(ring))
    source = key_source(chosen)
    assert isinstance(source, KeyVariable)
    assert source.load().keys == ring.keys
    assert ring.primary.value.hex() not in repr(chosen)
    with pytest.raises(Conflict, match="INFRAZEN_MASTER_KEYS"):
        source.replace(ring)


def test_a_blank_variable_means_the_file(tmp_path):
    chosen = Settings(data_dir=tmp_path, master_keys=" ")
    assert isinstance(key_source(chosen), KeyFile)
    assert key_source(chosen) is key_source(chosen)
