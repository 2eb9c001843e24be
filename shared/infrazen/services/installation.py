"""Getting an installation ready for its first and every later start."""

from dataclasses import dataclass

from infrazen.db.revision import is_current
from infrazen.db.session import Database, database, storage_errors
from infrazen.errors import StorageUnavailable
from infrazen.secret_store.rotation import KeyPlace
from infrazen.services.keys import ensure_master_key
from infrazen.services.open_doors import local
from infrazen.services.organizations import ensure_organization, list_organizations

FIRST_ORGANIZATION = "main"
_WHY = "prepares database and keys, which whoever runs the installation owns"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What a start found or did: revisions applied, and where the master keys are."""

    revisions: tuple[str, ...]
    keys: KeyPlace


@local(_WHY)
def prepare() -> Prepared:
    """Make database, master key and first organization ready, or say what is missing.

    The embedded database is made and upgraded as needed. A server's database is upgraded
    by ``infrazen db upgrade`` alone, as other processes may be using it; where it is
    behind, this raises ``StorageUnavailable``.
    """
    store = database()
    revisions = _embedded(store) if store.is_sqlite else _served(store)
    keys = ensure_master_key()
    if not list_organizations():
        ensure_organization("InfraZen", slug=FIRST_ORGANIZATION)
    return Prepared(revisions=revisions, keys=keys)


def _embedded(store: Database) -> tuple[str, ...]:
    if is_current(store):
        return ()
    from infrazen.db.migrations import upgrade  # noqa: PLC0415 (half a second, seldom needed)

    with storage_errors():
        return tuple(upgrade(store))


def _served(store: Database) -> tuple[str, ...]:
    if not is_current(store):
        raise StorageUnavailable(
            "the database is not at this version's schema: run `infrazen db upgrade`"
        )
    return ()
