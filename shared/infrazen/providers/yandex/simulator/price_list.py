"""SKUs with prices as Yandex Cloud had them: rubles with VAT, an old version and the newest.

Figures of May 2025 and May 2026 as far as they are known; those of other platforms are in
proportion.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

COMPUTE = "dn22pas77ftg9h3f2djj"
NETWORK = "dn28okfvqh19eiue6l2m"
STORAGE = "dn2li5qddoc5cad2n6br"
BEFORE, NOW = "2025-04-30T21:00:00Z", "2026-04-30T21:00:00Z"
FREE_GIB_HOURS = "720"

_RATES = {"RUB": Decimal(1), "USD": Decimal("0.0105"), "KZT": Decimal("5.6")}

_CORE_HOURS = (
    ("dn299ll54t5jt2gojh7e", "Intel Broadwell. 100% vCPU", "1.1529", "1.2400"),
    ("dn2dka206olokggsieuu", "Intel Broadwell. RAM", "0.4033", "0.4330"),
    ("dn218a07u143r9v1r5ms", "Intel Cascade Lake. 100% vCPU", "1.2852", "1.3824"),
    ("dn2qbqi1am9oq6oc9s05", "Intel Cascade Lake. 50% vCPU", "0.7776", "0.8364"),
    ("dn26skitjdon841jqit7", "Intel Cascade Lake. 20% vCPU", "0.5292", "0.5692"),
    ("dn2l09d8brnv9s8m5p2r", "Intel Cascade Lake. 5% vCPU", "0.1323", "0.1423"),
    ("dn2fhtcoocq50j1uj4tg", "Intel Cascade Lake. RAM", "0.3348", "0.3601"),
    ("dn2k3vqlk9snp1jv351u", "Regular VM. Intel Ice Lake. 100% vCPU", "1.1529", "1.2400"),
    ("dn2f0q0d6gtpcom4b1p6", "Regular VM. Intel Ice Lake. 50% vCPU", "0.6916", "0.7438"),
    ("dn2r8aklo79bmpkd87l3", "Regular VM. Intel Ice Lake. 20% vCPU", "0.4742", "0.5100"),
    ("dn2ilq72mjc3bej6j74p", "Regular VM. Intel Ice Lake. RAM", "0.3074", "0.3300"),
    ("dn2e2fphfupugm21k4hv", "Preemptible VM. Intel Ice Lake. 100% vCPU", "0.3184", "0.3400"),
    ("dn2333h2iv190t06bon8", "Preemptible VM. Intel Ice Lake. 50% vCPU", "0.2196", "0.2362"),
    ("dn2pdedm5fon78kbl0fh", "Preemptible VM. Intel Ice Lake. 20% vCPU", "0.1537", "0.1653"),
    ("dn26ur5frjbgdek2a0g5", "Preemptible VM. Intel Ice Lake. RAM", "0.0768", "0.0830"),
    ("dn2lag3718gm9oq8dus2", "Intel Ice Lake (Compute Optimized). 100% vCPU", "1.9600", "2.1080"),
    ("dn23hq90a5khr3o6fivm", "Intel Ice Lake (Compute Optimized). RAM", "0.5226", "0.5610"),
    ("dn2simulatoramdzen3c", "AMD Zen 3. 100% vCPU", "1.0376", "1.1160"),
    ("dn2simulatoramdzen3m", "AMD Zen 3. RAM", "0.2767", "0.2970"),
)
_GIGABYTE_HOURS = (
    ("dn27ajm6m8mnfcshbi61", "Fast network storage (SSD)", "0.018500", "0.019900"),
    ("dn2al287u6jr3a710u8g", "Standard network storage (HDD)", "0.004140", "0.004453"),
    ("dn24kdllggk8ahsol15g", "Non-replicated fast network storage (SSD)", "0.013300", "0.014306"),
    ("dn25ksor7p112bvs2qts", "Ultra fast network storage with 3 replicas", "0.028500", "0.030655"),
    ("dn2d7s257l01hsl9rc6d", "Disk snapshot", "0.004742", "0.005100"),
    ("dn2gnu9gs67vf056r8dj", "Disk image", "0.004742", "0.005100"),
)
_ADDRESS_HOURS = (
    ("dn229q5mnmp58t58tfel", "Public IP address", "0.24500", "0.26352"),
    ("dn2nqa0nqffbhihsq2n5", "Inactive static public IP address", "0.31600", "0.34038"),
)
_STORED = (
    ("dn2simulatorstandard", "Standard storage used space", "0.002792", "0.003002"),
    ("dn2simulatorcoldspac", "Cold storage used space", "0.001488", "0.001600"),
    ("dn2simulatoricespace", "Ice storage used space", "0.000765", "0.000822"),
)
_UNRELATED = (
    ("dn28ml7sjbb5v98jkuj3", "Egress internet traffic", "gbyte", NETWORK, "1.68"),
    ("dn237e0l3j9208rdb2q8", "Network load balancer", "hour", NETWORK, "0.8564"),
    ("dn2simulatorputstand", "PUT operations, standard storage", "10*request", STORAGE, "0.00521"),
    ("dn2simulatormysqlcpu", "MySQL. Intel Ice Lake. 100% vCPU", "core*hour", COMPUTE, "2.0200"),
)


def skus(currency: str) -> Iterator[dict[str, Any]]:
    """Every SKU in ``currency``."""
    for id_, name, before, now in _CORE_HOURS:
        unit = "gbyte*hour" if name.endswith("RAM") else "core*hour"
        yield _sku(id_, name, unit=unit, service=COMPUTE, versions=_changed(before, now, currency))
    for id_, name, before, now in _GIGABYTE_HOURS:
        yield _sku(
            id_, name, unit="gbyte*hour", service=COMPUTE, versions=_changed(before, now, currency)
        )
    for id_, name, before, now in _ADDRESS_HOURS:
        yield _sku(
            id_, name, unit="fip*hour", service=NETWORK, versions=_changed(before, now, currency)
        )
    for id_, name, before, now in _STORED:
        free = name.startswith("Standard")
        yield _sku(
            id_,
            name,
            unit="gbyte*hour",
            service=STORAGE,
            versions=_changed(before, now, currency, free=free),
        )
    for id_, name, unit, service, price in _UNRELATED:
        yield _sku(
            id_, name, unit=unit, service=service, versions=[_version(BEFORE, price, currency)]
        )


def own_sku(id_: str, price: str, *, since: str) -> dict[str, Any]:
    """A SKU at a price that an account has had all along, in rubles."""
    listed = next(one for one in skus("RUB") if one["id"] == id_)
    return listed | {"pricingVersions": [_version(since, price, "RUB")]}


def _sku(
    id_: str, name: str, *, unit: str, service: str, versions: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "id": id_,
        "name": name,
        "serviceId": service,
        "pricingUnit": unit,
        "pricingVersions": versions,
    }


def _changed(before: str, now: str, currency: str, *, free: bool = False) -> list[dict[str, Any]]:
    return [
        _version(BEFORE, before, currency, free=free),
        _version(NOW, now, currency, free=free),
    ]


def _version(since: str, price: str, currency: str, *, free: bool = False) -> dict[str, Any]:
    rates = [{"startPricingQuantity": "0", "unitPrice": "0", "currency": currency}] if free else []
    rates.append(
        {
            "startPricingQuantity": FREE_GIB_HOURS if free else "0",
            "unitPrice": format((Decimal(price) * _RATES[currency]).normalize(), "f"),
            "currency": currency,
        }
    )
    return {
        "type": "STREET_PRICE",
        "effectiveTime": since,
        "pricingExpressions": [{"rates": rates}],
    }


CURRENCIES = frozenset(_RATES)
