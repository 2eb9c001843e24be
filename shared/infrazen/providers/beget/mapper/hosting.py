"""The hosting API: account, domains, databases, FTP accounts, sites, mailboxes."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from infrazen.domain.accounts import AccountCharge, AccountInfo, AccountStatus, Limit
from infrazen.domain.resources import (
    ResourceStatus,
    SeenComponent,
    SeenResource,
    ServiceCategory,
    StatedPrice,
)
from infrazen.providers.beget.mapper import CURRENCY
from infrazen.providers.beget.mapper.common import UNLIMITED, facts, moment, number, year_price
from infrazen.providers.beget.wire import hosting as wire
from infrazen.providers.beget.wire.common import Loose

WARNING_DAYS = 30
_LIMITS = (
    ("sites", "user_sites", "plan_site", ""),
    ("domains", "user_domains", "plan_domain", ""),
    ("mysql", "user_mysqlsize", "plan_mysql", "MB"),
    ("ftp", "user_ftp", "plan_ftp", ""),
    ("mail", "user_mail", "plan_mail", ""),
    ("disk", "user_quota", "plan_quota", "MB"),
)
_SOFTWARE = ("apache", "nginx", "mysql", "php", "python", "perl")


def account(login: str, source: wire.Account) -> AccountInfo:
    """The account. ``server`` has memory in MB and uptime in days."""
    balance = number(source.user_balance)
    days = number(source.user_days_to_block)
    days_to_block = None if days is None else int(days)
    return AccountInfo(
        account_id=login,
        status=account_status(balance, days_to_block),
        plan=source.plan_name or "",
        balance=balance,
        currency=CURRENCY,
        charge=_charge(source),
        days_to_block=days_to_block,
        limits=tuple(_limits(source)),
        server=_words(
            name=source.server_name,
            cpu=source.server_cpu_name,
            memory_mb=source.server_memory,
            memory_used_mb=source.server_memorycurrent,
            load=source.server_loadaverage,
            uptime_days=source.server_uptime,
        ),
        software=_words(**{name: getattr(source, f"server_{name}_version") for name in _SOFTWARE}),
        security=_words(shell=source.user_bash, control_panel="enabled", api="enabled"),
    )


def account_status(balance: Decimal | None, days_to_block: int | None) -> AccountStatus:
    """Beget states none: red when money and time are out, orange within thirty days of it."""
    if days_to_block is None:
        return AccountStatus.ACTIVE
    if days_to_block <= 0 and (balance or 0) <= 0:
        return AccountStatus.SUSPENDED
    return AccountStatus.WARNING if days_to_block < WARNING_DAYS else AccountStatus.ACTIVE


def _charge(source: wire.Account) -> AccountCharge | None:
    a_day, a_month = number(source.user_rate_current), number(source.user_rate_month)
    if a_day is None or a_month is None:
        return None
    yearly = number(source.user_rate_year)
    return AccountCharge(
        currency=CURRENCY,
        daily=a_day,
        monthly=a_month,
        yearly=yearly,
        is_yearly=number(source.user_is_year_plan) == 1,
    )


def _limits(source: wire.Account) -> Iterable[Limit]:
    for name, used_field, allowed_field, unit in _LIMITS:
        used, allowed = number(getattr(source, used_field)), number(getattr(source, allowed_field))
        if used is not None:
            bound = None if allowed is None or allowed >= UNLIMITED else allowed
            yield Limit(name=name, used=used, allowed=bound, unit=unit)


def _words(**values: Loose) -> dict[str, str]:
    return {name: str(value) for name, value in values.items() if value not in (None, "")}


def domain_key(fqdn: str) -> str:
    """A domain's key; names are compared in lower case."""
    return f"domain/{fqdn.lower()}"


def domain(
    source: wire.Domain, *, listing: str, zones: Mapping[str, wire.Zone] | None
) -> SeenResource:
    """A domain; it has a price where it is registered through Beget.

    ``zones`` are None where the price list could not be read: the price is then unknown.
    """
    ours = bool(source.registrar)
    status = source.registrar_status or ""
    return SeenResource(
        listing=listing,
        external_id=source.fqdn.lower(),
        type="domain",
        name=source.fqdn,
        service="Domains",
        category=ServiceCategory.NETWORKING,
        status=_domain_status(source),
        provider_status=status or source.register_order_status or "",
        price=renewal_price(source.fqdn, zones) if ours and zones is not None else None,
        config=facts(
            kind="domain",
            registrar=source.registrar,
            registered=_text(source.date_register),
            expires=_text(source.date_expire),
            auto_renew=_flag(source.auto_renew),
            order_status=source.register_order_status,
            under_control=_flag(source.is_under_control),
        ),
        created_at=moment(source.date_register) or moment(source.date_add),
        unknown=("price",) if ours and zones is None else (),
    )


def _domain_status(source: wire.Domain) -> ResourceStatus:
    status = source.registrar_status
    registered = moment(source.date_register) is not None
    if status == "delegated" or (registered and status not in {"not_active", "undelegated"}):
        return ResourceStatus.ACTIVE
    return ResourceStatus.INACTIVE


def renewal_price(fqdn: str, zones: Mapping[str, wire.Zone]) -> StatedPrice | None:
    """A year's renewal in the longest zone that ``fqdn`` ends with."""
    labels = fqdn.lower().split(".")
    suffixes = (".".join(labels[start:]) for start in range(1, len(labels)))
    zone = next((zones[suffix] for suffix in suffixes if suffix in zones), None)
    if zone is None:
        return None
    international = labels[0].startswith("xn--") or not labels[0].isascii()
    special = number(zone.price_idn_renew) if international else None
    return year_price(special or number(zone.price_renew))


def _text(value: Loose) -> str | None:
    return None if value in (None, "", 0, "0") else str(value)


def _flag(value: Loose) -> bool | None:
    """0 or 1 as a bool; None for anything else."""
    return {"0": False, "1": True}.get(str(value))


def subdomain(source: wire.Subdomain, *, listing: str) -> SeenResource:
    """A subdomain: no registration of its own, hence inactive and without a price."""
    return SeenResource(
        listing=listing,
        external_id=source.fqdn.lower(),
        type="domain",
        name=source.fqdn,
        service="Domains",
        category=ServiceCategory.NETWORKING,
        status=ResourceStatus.INACTIVE,
        provider_status="",
        config=facts(kind="subdomain", domain_id=_text(source.domain_id)),
    )


def database(source: wire.Database, *, listing: str) -> SeenResource:
    """A database of the hosting plan."""
    return SeenResource(
        listing=listing,
        external_id=source.name,
        type="hosting_mysql",
        name=source.name,
        service="Hosting MySQL",
        category=ServiceCategory.DATABASES,
        status=ResourceStatus.ACTIVE,
        provider_status="",
        config=facts(accesses=sorted(access.name or "" for access in source.accesses or ())),
    )


def ftp_account(source: wire.FtpAccount, *, listing: str) -> SeenResource:
    """An FTP account of the hosting plan."""
    return SeenResource(
        listing=listing,
        external_id=source.login,
        type="hosting_ftp",
        name=source.login,
        service="Hosting FTP",
        category=ServiceCategory.STORAGE,
        status=ResourceStatus.ACTIVE,
        provider_status="",
        config=facts(home=source.homedir),
    )


def site(source: wire.Site, *, listing: str, is_domain: Callable[[str], bool]) -> SeenComponent:
    """A site, inside the first of its domains that exists, else of the account."""
    names = [domain.fqdn for domain in source.domains or ()]
    home = next((name for name in names if is_domain(name)), None)
    return SeenComponent(
        listing=listing,
        resource=domain_key(home) if home else None,
        kind="site",
        name=source.path,
        status="active",
        details=facts(id=str(source.id), domains=names),
    )


def mailbox(source: wire.Mailbox, *, listing: str) -> SeenComponent:
    """A mailbox, inside its domain."""
    return SeenComponent(
        listing=listing,
        resource=domain_key(source.domain),
        kind="mailbox",
        name=f"{source.mailbox}@{source.domain}",
        status="active",
        details=facts(
            spam_filter=_flag(source.spam_filter_status), forward=source.forward_mail_status
        ),
    )
