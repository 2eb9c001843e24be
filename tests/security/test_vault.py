"""Sealed values open where they belong and nowhere else."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrazen.errors import SecretUnreadable
from infrazen.security.key_ring import KeyRing, new_key
from infrazen.security.vault import DataKey, Place, WrappedKey, new_data_key, unwrap

ORGANIZATION, CONNECTION, RESOURCE = uuid4(), uuid4(), uuid4()
HERE = Place(ORGANIZATION, CONNECTION, "password")
ELSEWHERE = [
    Place(uuid4(), CONNECTION, "password"),
    Place(ORGANIZATION, uuid4(), "password"),
    Place(ORGANIZATION, CONNECTION, "token"),
    Place(ORGANIZATION, CONNECTION, ""),
    Place(ORGANIZATION, CONNECTION, "password", RESOURCE),
    Place(CONNECTION, ORGANIZATION, "password"),
]


@given(st.text(st.characters()))
def test_what_is_sealed_opens_again(value):
    key = new_data_key()
    assert key.open(key.seal(value, HERE), HERE) == value


def test_even_half_a_surrogate_pair_survives():
    key = new_data_key()
    assert key.open(key.seal("\ud83d", HERE), HERE) == "\ud83d"
    assert len(key.fingerprint("\ud83d")) == 8


def test_sealing_twice_gives_different_bytes():
    key = new_data_key()
    assert key.seal("same", HERE) != key.seal("same", HERE)


@pytest.mark.parametrize("place", ELSEWHERE)
def test_a_moved_secret_does_not_open(place):
    key = new_data_key()
    with pytest.raises(SecretUnreadable):
        key.open(key.seal("value", HERE), place)


@given(st.data())
def test_a_flipped_bit_is_noticed(data):
    key = new_data_key()
    sealed = bytearray(key.seal("some secret value", HERE))
    position = data.draw(st.integers(0, len(sealed) - 1))
    sealed[position] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(SecretUnreadable):
        key.open(bytes(sealed), HERE)


@given(st.binary(max_size=64))
def test_garbage_is_no_secret(garbage):
    with pytest.raises(SecretUnreadable):
        new_data_key().open(garbage, HERE)


@given(st.text(), st.text())
def test_fingerprints_tell_values_apart(one, other):
    key = new_data_key()
    assert key.fingerprint(one) == key.fingerprint(one)
    assert (key.fingerprint(one) == key.fingerprint(other)) == (one == other)
    assert new_data_key().fingerprint(one) != key.fingerprint(one)


def wrapped(ring: KeyRing, key: DataKey) -> WrappedKey:
    return key.wrap(ring, organization_id=ORGANIZATION, connection_id=CONNECTION)


def test_a_data_key_comes_back_from_its_wrapping():
    ring, key = KeyRing((new_key(),)), new_data_key()
    sealed = key.seal("value", HERE)
    again = unwrap(wrapped(ring, key), ring, organization_id=ORGANIZATION, connection_id=CONNECTION)
    assert again.open(sealed, HERE) == "value"


@pytest.mark.parametrize(
    ("organization", "connection"), [(uuid4(), CONNECTION), (ORGANIZATION, uuid4())]
)
def test_a_moved_data_key_does_not_unwrap(organization, connection):
    ring = KeyRing((new_key(),))
    with pytest.raises(SecretUnreadable):
        unwrap(
            wrapped(ring, new_data_key()),
            ring,
            organization_id=organization,
            connection_id=connection,
        )


def test_without_its_master_key_a_data_key_is_lost_and_says_so():
    key = wrapped(KeyRing((new_key(),)), new_data_key())
    other = KeyRing((new_key(),))
    with pytest.raises(SecretUnreadable, match=key.master_key_id):
        unwrap(key, other, organization_id=ORGANIZATION, connection_id=CONNECTION)


def test_another_key_under_the_same_id_does_not_unwrap():
    key = wrapped(KeyRing((new_key(),)), new_data_key())
    with pytest.raises(SecretUnreadable):
        unwrap(key, KeyRing((new_key(),)), organization_id=ORGANIZATION, connection_id=CONNECTION)


def test_a_data_key_never_shows_itself():
    assert repr(DataKey(bytes(32))) == "DataKey(<hidden>)"
