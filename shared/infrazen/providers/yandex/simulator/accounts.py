"""What every simulated organization begins with."""

from infrazen.provider_kit.simulation.collection import Record
from infrazen.providers.yandex.simulator.ids import made_id
from infrazen.providers.yandex.simulator.records import proto

World = dict[str, list[tuple[str, Record]]]

CREATED = "2025-02-03T09:00:00Z"


def account(
    seed: str,
    title: str,
    *,
    folders: dict[str, str],
    created: str = CREATED,
    balance: str = "84210.37",
) -> World:
    """An organization with one cloud, its folders (by the word of their id) and who pays."""
    organization, cloud = made_id("bpf", seed, "organization"), made_id("b1g", seed, "cloud")
    billing = made_id("dn2", seed, "billing")
    return {
        "organizations": [
            (organization, proto(id=organization, created_at=created, name=seed, title=title))
        ],
        "clouds": [
            (
                cloud,
                proto(
                    id=cloud, created_at=created, name=f"cloud-{seed}", organization_id=organization
                ),
            )
        ],
        "folders": [
            (
                made_id("b1g", seed, word),
                proto(
                    id=made_id("b1g", seed, word),
                    cloud_id=cloud,
                    created_at=created,
                    name=name,
                    status="ACTIVE",
                ),
            )
            for word, name in folders.items()
        ],
        "billingAccounts": [
            (
                billing,
                {
                    "id": billing,
                    "name": f"{seed}-main",
                    "createdAt": created,
                    "countryCode": "RU",
                    "currency": "RUB",
                    "active": True,
                    "balance": balance,
                },
            )
        ],
    }
