"""Tokens are long, random, and known by their digest only."""

from datetime import UTC, datetime, timedelta

from infrazen.security.sessions import TOUCH_EVERY, needs_touch, session_end
from infrazen.security.tokens import digest, matches, new_token, shown_part

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_tokens_are_long_and_never_repeat():
    tokens = {new_token("izt_") for _ in range(1_000)}
    assert len(tokens) == 1_000
    assert all(len(token) == 47 and token.startswith("izt_") for token in tokens)


def test_a_token_matches_its_own_digest_only():
    one, other = new_token(), new_token()
    assert matches(one, digest(one))
    assert not matches(one, digest(other))
    assert not matches("\ud83d", digest(one))
    assert len(digest(one)) == 64
    assert one not in digest(one)


def test_what_is_shown_gives_little_away():
    token = new_token("izt_")
    assert token.startswith(shown_part(token))
    assert len(shown_part(token)) == 12


def test_a_session_ends_at_its_hour_however_it_is_used():
    assert session_end(NOW, hours=12) == NOW + timedelta(hours=12)


def test_last_seen_is_written_now_and_then():
    assert needs_touch(None, NOW)
    assert needs_touch(NOW - TOUCH_EVERY, NOW)
    assert not needs_touch(NOW - TOUCH_EVERY / 2, NOW)
