"""Argon2id, its limits, and how it treats who does not exist."""

import time

import pytest
from argon2 import PasswordHasher

from infrazen.errors import Invalid
from infrazen.security.passwords import hash_password, needs_rehash, password_matches

GOOD = "correct horse battery"


def test_only_the_right_password_matches():
    stored = hash_password(GOOD)
    assert stored.startswith("$argon2id$")
    assert GOOD not in stored
    assert password_matches(GOOD, stored)
    assert not password_matches(GOOD + "x", stored)
    assert not password_matches(GOOD, None)
    assert not password_matches("", stored)
    assert not password_matches(GOOD, "not a hash")


def test_the_same_characters_match_however_they_were_typed():
    assert password_matches("caf\u00e9 на углу", hash_password("cafe\u0301 на углу"))


@pytest.mark.parametrize(
    "weak", ["", "short", "123456789", "aaaaaaaaaaaa", "abababababab", "x" * 201]
)
def test_weak_passwords_are_refused_with_a_reason(weak):
    with pytest.raises(Invalid, match="characters") as caught:
        hash_password(weak, field="new_password")
    assert caught.value.field == "new_password"


def test_a_very_long_guess_is_cut_and_never_matches():
    stored = hash_password("ab1!" * 50)
    assert password_matches("ab1!" * 50, stored)
    assert not password_matches("ab1!" * 100_000, stored)


def test_strange_characters_are_no_error():
    stored = hash_password("\ud83d lone surrogate")
    assert password_matches("\ud83d lone surrogate", stored)


def test_old_parameters_ask_for_a_new_hash():
    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(GOOD)
    assert password_matches(GOOD, old)
    assert needs_rehash(old)
    assert not needs_rehash(hash_password(GOOD))


def test_an_unknown_name_takes_as_much_work_as_a_known_one():
    """Processor time of this thread alone, in turn: other load on the machine is not in it."""
    stored = hash_password(GOOD)

    def work(hashed: str | None) -> float:
        started = time.thread_time()
        password_matches("a wrong guess", hashed)
        return time.thread_time() - started

    both = [(work(stored), work(None)) for _ in range(9)]
    known, unknown = (min(times) for times in zip(*both, strict=True))
    assert 0.5 < known / unknown < 2
