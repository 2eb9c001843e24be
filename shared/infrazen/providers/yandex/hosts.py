"""Where each service lives."""

from collections.abc import Mapping

import httpx

from infrazen.errors import UnexpectedPayload

DOMAIN = "api.cloud.yandex.net"
BASE_URL = f"https://{DOMAIN}"

SERVICES: Mapping[str, str] = {
    "iam": f"iam.{DOMAIN}",
    "organization-manager": f"organization-manager.{DOMAIN}",
    "resource-manager": f"resource-manager.{DOMAIN}",
    "compute": f"compute.{DOMAIN}",
    "vpc": f"vpc.{DOMAIN}",
    "storage-api": f"storage.{DOMAIN}",
    "storage": "storage.yandexcloud.net",
    "billing": f"billing.{DOMAIN}",
    "monitoring": f"monitoring.{DOMAIN}",
}
"""Services by their id in the endpoint list, with the hosts that the documentation names."""

HOSTS = frozenset({DOMAIN, *SERVICES.values()})


def service_url(service: str, base_url: httpx.URL, listed: Mapping[str, str]) -> httpx.URL:
    """The address of ``service``.

    ``listed`` (service → ``host:port``) is what ``/endpoints`` of ``base_url`` says. What it
    leaves out is at its documented host, or at ``base_url`` where that is not Yandex's own.
    """
    place = listed.get(service)
    if place is None:
        if base_url.host != DOMAIN:
            return base_url
        place = SERVICES[service]
    try:
        return httpx.URL(f"{base_url.scheme}://{place.removesuffix(':443')}")
    except httpx.InvalidURL:
        raise UnexpectedPayload(f"the endpoint list has no address of {service}") from None
