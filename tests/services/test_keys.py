"""Key rotation as the command line runs it."""

import pytest

from infrazen.errors import Conflict
from infrazen.secret_store.connection_secrets import connection_secrets
from infrazen.security.key_ring import KeyFile, format_ring, new_key
from infrazen.services import keys
from infrazen.settings import settings


def secrets_of(database, tenant):
    with database.reading() as session:
        return connection_secrets(
            session, organization_id=tenant.organization_id, connection_id=tenant.connection_id
        )


def test_rotation_reports_progress_and_keeps_everything_readable(world, database):
    (old,) = keys.key_status()
    seen = []
    done = keys.rotate_keys(on_progress=lambda now, total: seen.append((now, total)))
    assert (done.rewrapped, done.unreadable) == (2, 0)
    assert done.primary != old.id
    assert seen == [(2, 2)]
    assert [(use.id, use.data_keys) for use in keys.key_status()] == [
        (done.primary, 2),
        (old.id, 0),
    ]
    keys.retire_key(old.id)
    assert secrets_of(database, world.alpha) == {"password": "alpha-canary-password"}


def test_a_key_in_use_is_not_retired(world):
    (old,) = keys.key_status()
    keys.rotate_keys()
    keys.retire_key(old.id)
    with pytest.raises(Conflict):
        keys.retire_key(keys.key_status()[0].id)


def test_keys_from_the_environment_rotate_by_the_operator(world, database, monkeypatch):
    old = KeyFile(settings().key_file).load()
    new = old.with_primary(new_key())
    settings().key_file.unlink()
    monkeypatch.setenv("INFRAZEN_MASTER_KEYS", format_ring(new))
    settings.cache_clear()
    with pytest.raises(Conflict, match="INFRAZEN_MASTER_KEYS"):
        keys.rotate_keys()
    assert keys.rotate_keys(add_key=False).rewrapped == 2
    monkeypatch.setenv("INFRAZEN_MASTER_KEYS", format_ring(new.without(old.primary.id)))
    settings.cache_clear()
    assert secrets_of(database, world.beta) == {"password": "beta-canary-password"}
