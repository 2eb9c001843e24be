"""The reference account: ten resources, two closed sections, 60.73 rubles a day."""

from decimal import Decimal

from infrazen.provider_kit.simulation.collection import Collection, Record
from infrazen.providers.beget.simulator.records import (
    account,
    bucket_charge,
    bucket_service,
    database_service,
    domain,
    server,
    software,
    zones,
)

OBJECTIVE_PERRIN = "0d8c9c3e-7f4e-4b7e-9d4f-2a1f6f1d3b10"
RUNNER_RUS = "6b1e2f52-90a1-4d1c-8a37-5a3b1c9e7d21"
CLOUD_DATABASE = "3cf940aa-3704-499b-8b90-ef0ec941fc76"
HUMANE_ORRIN = "f88ce2cf-8570-4ad0-bb67-824ac5308c34"

_DOMAIN = "neurocola.com"
_DOMAIN_ID = 13314909
_SUBDOMAINS = ("api", "app", "demo", "docs", "n8n")
_SIZE = (2, 2048, 30720)


def reference(secret: str | None) -> dict[str, Collection]:
    """The reference account's records."""
    subdomains = [f"{label}.{_DOMAIN}" for label in _SUBDOMAINS]
    return {
        "account": Collection([("account", _account())]),
        "closed": Collection([("mysql", {}), ("ftp", {})]),
        "zones": zones(),
        "domains": Collection([(_DOMAIN, domain(_DOMAIN_ID, _DOMAIN, status="delegated"))]),
        "subdomains": Collection(
            (name, {"id": str(_DOMAIN_ID + n), "fqdn": name, "domain_id": str(_DOMAIN_ID)})
            for n, name in enumerate(subdomains, start=1)
        ),
        "sites": Collection(_site(n, name) for n, name in enumerate([_DOMAIN, *subdomains], 1)),
        "mailboxes": Collection([(f"info@{_DOMAIN}", _mailbox("info"))]),
        "vps": Collection(_servers(secret)),
        "services": Collection(_services(secret)),
        "projects": Collection(
            [("p-1", {"id": "p-1", "name": "Основной", "description": "", "is_default": True})]
        ),
        "buckets": Collection([("humane-orrin", bucket_charge("humane-orrin", "Humane Orrin"))]),
        "statistics": Collection(_PROFILES.items()),
    }


def _account() -> Record:
    return account(
        price=Decimal("60.73"),
        balance=174.51,
        days_to_block=2,
        sites=6,
        domains=6,
        mysql=1,
        ftp=1,
        mail=1,
        quota=1830,
    )


def _site(number: int, name: str) -> tuple[str, Record]:
    site_id = str(4_100_000 + number)
    domains = [{"id": str(_DOMAIN_ID + number - 1), "fqdn": name}]
    return site_id, {"id": site_id, "path": f"{name}/public_html", "domains": domains}


def _mailbox(name: str) -> Record:
    return {
        "mailbox": name,
        "domain": _DOMAIN,
        "spam_filter_status": "1",
        "forward_mail_status": "no_forward",
    }


def _servers(secret: str | None) -> list[tuple[str, Record]]:
    objective_perrin = server(
        OBJECTIVE_PERRIN,
        "Objective Perrin",
        size=_SIZE,
        price_day=Decimal(22),
        software=software(secret),
    )
    runner_rus = server(
        RUNNER_RUS,
        "runner rus",
        size=_SIZE,
        price_day=Decimal("9.73"),
        address="155.212.1.3",
        software=software(secret),
        disk_used=6_442_450_944,
    )
    return [(OBJECTIVE_PERRIN, objective_perrin), (RUNNER_RUS, runner_rus)]


def _services(secret: str | None) -> list[tuple[str, Record]]:
    database = database_service(
        CLOUD_DATABASE,
        "Cloud database 1",
        type="MYSQL5",
        size=(2, 2048, 20480),
        region="ru2",
        price_day=Decimal(29),
        version="5.7.34",
        host="noufekuklorheg.beget.app",
    )
    bucket = bucket_service(HUMANE_ORRIN, "Humane Orrin", region="ru2", secret=secret)
    return [(CLOUD_DATABASE, database), (HUMANE_ORRIN, bucket)]


_PROFILES: dict[str, Record] = {
    RUNNER_RUS: {
        "cpu": {"average": 7.66, "maximum": 14.86, "points": 108},
        "memory": {"average": 991.38, "maximum": 1043.22, "points": 114},
    },
    OBJECTIVE_PERRIN: {
        "cpu": {"average": 9.19, "maximum": 12.77, "points": 108},
        "memory": {"average": 1145.82, "maximum": 1201.64, "points": 114},
    },
    CLOUD_DATABASE: {
        "cpu": {"average": 18.42, "maximum": 37.05, "points": 108},
        "memory": {"average": 1310.55, "maximum": 1355.9, "points": 114},
    },
}
