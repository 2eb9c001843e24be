"""The served product before a large organization, and somebody signed in to it."""

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

import psutil

from benchmarks import dataset
from benchmarks.stores import filled_stores
from infrazen.db.queries import sign_ins
from infrazen.db.session import Database
from infrazen.domain.periods import utc_now
from infrazen.domain.roles import Role
from infrazen.security.tokens import digest
from tests.built import GALLERY, built_pages
from tests.served import Served, served
from tests.world import add_user

FOLDER = Path(__file__).parents[1] / ".data" / "bench"
RESOURCES, SMALL = 100_000, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A running server, and the cookie of an owner of its large organization."""

    server: Served
    cookie: str

    def megabytes(self) -> tuple[float, float]:
        """What the server holds: resident, and its fair share of it (PSS)."""
        memory = psutil.Process(self.server.pid).memory_full_info()
        return memory.rss / 2**20, memory.pss / 2**20


@contextmanager
def site(*, small: bool) -> Iterator[Site]:
    """The product on SQLite, with the dataset of the queries."""
    web = built_pages()
    size = SMALL if small else RESOURCES
    fill = partial(dataset.make, resources=size)
    stores = filled_stores(dataset.name(size), fill, keep_in=None if small else FOLDER)
    with closing(stores), tempfile.TemporaryDirectory(prefix="infrazen-bench-") as folder:
        _, store = next(stores)
        cookie = _signed_in(store)
        with served(Path(folder), database=store.url, web=web, **GALLERY) as running:
            yield Site(server=running, cookie=cookie)
        store.dispose()


def _signed_in(store: Database) -> str:
    """A fresh owner's cookie."""
    data, raw = dataset.found(store), uuid4().hex
    with store.writing() as session:
        email = f"{raw[:12]}@bench.example"
        user_id = add_user(session, data.organization_id, email, Role.OWNER)
        sign_ins.add_session(
            session,
            digest=digest(raw),
            user_id=user_id,
            organization_id=data.organization_id,
            at=utc_now(),
            expires_at=utc_now() + timedelta(hours=2),
            address="127.0.0.1",
            agent="bench",
        )
    return raw
