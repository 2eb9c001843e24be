"""The served product before large organizations, and somebody signed in to one of them."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import psutil

from benchmarks import dataset, large_demo
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
    """A running server, and the cookie of an owner of the organization that it shows."""

    server: Served
    cookie: str

    def megabytes(self) -> tuple[float, float]:
        """What the server holds: resident, and its fair share of it (PSS)."""
        memory = psutil.Process(self.server.pid).memory_full_info()
        return memory.rss / 2**20, memory.pss / 2**20

    def ids(self, of: str, count: int) -> list[str]:
        """The first ids of a list of the API, such as ``resources``."""
        answer = httpx.get(
            f"{self.server.url}/api/v1/{of}?limit={count}",
            cookies={"infrazen_session": self.cookie},
            timeout=60,
        )
        return [str(one["id"]) for one in answer.raise_for_status().json()["items"]]


@contextmanager
def site(*, small: bool) -> Iterator[Site]:
    """The product on SQLite, with the dataset of the queries."""
    size = SMALL if small else RESOURCES
    fill = partial(dataset.make, resources=size)
    with _site(dataset.name(size), fill, _of_dataset, small=small) as shown:
        yield shown


@contextmanager
def demo_site(*, small: bool) -> Iterator[Site]:
    """The product on SQLite, with the large demo."""
    size = large_demo.size(small=small)
    fill = partial(large_demo.make, resources=size)
    with _site(large_demo.name(size), fill, large_demo.found, small=small) as shown:
        yield shown


@contextmanager
def _site(
    name: str,
    fill: Callable[[Database], object],
    organization: Callable[[Database], UUID],
    *,
    small: bool,
) -> Iterator[Site]:
    web = built_pages()
    stores = filled_stores(name, fill, keep_in=None if small else FOLDER)
    with closing(stores), tempfile.TemporaryDirectory(prefix="infrazen-bench-") as folder:
        _, store = next(stores)
        cookie = _signed_in(store, organization(store))
        _bring_key(store, Path(folder))
        with served(Path(folder), database=store.url, web=web, **GALLERY) as running:
            yield Site(server=running, cookie=cookie)
        store.dispose()


def _bring_key(store: Database, folder: Path) -> None:
    """What opens the secrets that a database holds, where it holds any, lies beside it."""
    beside = Path(store.engine.url.database or "").with_name("keys")
    if beside.exists():
        shutil.copy(beside, folder)


def _of_dataset(store: Database) -> UUID:
    return dataset.found(store).organization_id


def _signed_in(store: Database, organization_id: UUID) -> str:
    """A fresh owner's cookie."""
    raw = uuid4().hex
    with store.writing() as session:
        email = f"{raw[:12]}@bench.example"
        user_id = add_user(session, organization_id, email, Role.OWNER)
        sign_ins.add_session(
            session,
            digest=digest(raw),
            user_id=user_id,
            organization_id=organization_id,
            at=utc_now(),
            expires_at=utc_now() + timedelta(hours=2),
            address="127.0.0.1",
            agent="bench",
        )
    return raw
