"""Beget's reference account behind the API: connected and read the way a program does it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from infrazen.db.session import Database
from infrazen.provider_kit.simulation.control import SimulatorControl
from infrazen.secret_store.rotation import ensure_master_key
from infrazen.sync.engine import Order, run
from tests.api.conftest import ApiClient
from tests.people import Person, sign_in_owner


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceAccount:
    """A connection, the owner's client, and a worker."""

    client: ApiClient
    owner: Person
    store: Database
    simulator: SimulatorControl
    id: str

    @property
    def path(self) -> str:
        """The connection's own route."""
        return f"/api/v1/connections/{self.id}"

    def sync(self) -> None:
        """What a worker does with a waiting sync."""
        run(
            self.store,
            Order(organization_id=self.owner.actor.organization_id, connection_id=UUID(self.id)),
        )

    def get(self, below: str = "") -> Any:
        """The connection, or what is ``below`` it."""
        return self.client.get(f"{self.path}{below}").raise_for_status().json()

    def items(self, path: str) -> list[Any]:
        """Every item of a list, page by page."""
        found: list[Any] = []
        url = httpx.URL(path)
        while True:
            page = self.client.get(str(url)).raise_for_status().json()
            found += page["items"]
            if page["next_cursor"] is None:
                return found
            url = url.copy_set_param("cursor", page["next_cursor"])

    def resource(self, name: str) -> Any:
        """The resource called ``name``, in full."""
        (found,) = [one for one in self.items("/api/v1/resources") if one["name"] == name]
        return self.client.get(f"/api/v1/resources/{found['id']}").json()

    def draft(self, name: str, *, password: str = "simulator-password") -> dict[str, Any]:
        """What one enters to connect the simulator's account."""
        return {
            "provider": "beget",
            "name": name,
            "display_name": "Beget, основной",
            "credentials": {"login": "demo", "password": password},
            "endpoint": self.simulator.url,
        }


def connected(api: ApiClient, store: Database, simulator: SimulatorControl) -> ReferenceAccount:
    """A new organization whose owner has connected the simulator's account; not synced yet."""
    with store.writing() as session:
        ensure_master_key(session)
    owner = sign_in_owner()
    client = api.as_session(owner.cookie)
    account = ReferenceAccount(client=client, owner=owner, store=store, simulator=simulator, id="")
    added = client.post("/api/v1/connections", json=account.draft("beget-main"))
    assert added.status_code == 201, added.text
    assert added.headers["location"].endswith(added.json()["id"])
    return ReferenceAccount(
        client=client, owner=owner, store=store, simulator=simulator, id=added.json()["id"]
    )
