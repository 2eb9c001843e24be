"""A connection as the command line shows it: a document for programs, lines for people."""

from typing import Any

import msgspec

from infrazen.cli.figures import money, per_day_and_month, words
from infrazen.cli.screen import facts_text
from infrazen.domain.billing import BilledDay
from infrazen.domain.costs import Rate, Reconciliation
from infrazen.domain.syncs import EndpointResult, EndpointStatus
from infrazen.provider_kit.contract import ProviderSpec, Verification
from infrazen.services.connection_views import ConnectionCard
from infrazen.sync.result import amount

COLUMNS = ("name", "provider", "state", "resources", "payable_daily", "last_sync", "next_sync")


def row(card: ConnectionCard) -> dict[str, Any]:
    """One line of the list."""
    one = card.connection
    return {
        "name": one.name,
        "provider": one.provider,
        "state": card.state.value,
        "resources": card.resources,
        "payable_daily": [money(r.payable.daily, r.currency) for r in card.reconciliations],
        "last_sync": one.last_sync_at,
        "next_sync": one.next_sync_at,
    }


def document(card: ConnectionCard) -> dict[str, Any]:
    """Everything about a connection; of secrets that they are set, and their fingerprints."""
    one = card.connection
    return {
        "id": str(one.id),
        "name": one.name,
        "display_name": one.display_name,
        "provider": one.provider,
        "endpoint": one.endpoint,
        "state": card.state.value,
        "is_suspended": one.is_suspended,
        "managed_by": one.managed_by,
        "credentials": one.credentials,
        "secrets": [
            {"field": s.field, "fingerprint": s.fingerprint, "set_at": s.set_at}
            for s in card.secrets
        ],
        "settings": one.settings,
        "schedule": one.schedule,
        "time_zone": one.time_zone,
        "timeout_seconds": one.timeout_seconds,
        "starting_deadline_seconds": one.starting_deadline_seconds,
        "created_at": one.created_at,
        "next_sync_at": one.next_sync_at,
        "last_sync_at": one.last_sync_at,
        "last_success_at": one.last_success_at,
        "last_status": one.last_status,
        "last_snapshot_id": one.last_snapshot_id,
        "resources": card.resources,
        "unread_records": card.unread,
        "costs": [_costs(found) for found in card.reconciliations],
        "billed": [_billed(found) for found in card.billed],
        "account": None if card.account is None else msgspec.to_builtins(card.account),
    }


def text(card: ConnectionCard, spec: ProviderSpec) -> str:
    """The same for people."""
    one = card.connection
    facts: dict[str, Any] = {
        "name": one.name,
        "display_name": one.display_name,
        "provider": spec.title,
        "state": card.state.value,
        **({"managed_by": one.managed_by} if one.managed_by else {}),
        "endpoint": one.endpoint or spec.base_url,
        **one.credentials,
        **{s.field: f"set, fingerprint {s.fingerprint}" for s in card.secrets},
        **one.settings,
        "schedule": f"{one.schedule} ({one.time_zone})" if one.schedule else "by hand only",
        "next_sync": one.next_sync_at,
        "last_sync": one.last_sync_at,
        "last_snapshot": one.last_snapshot_id,
        "resources": card.resources,
        "unread_records": card.unread,
        **_money_facts(card.reconciliations),
        **_billed_facts(card),
        **_account_facts(card),
    }
    return facts_text(facts)


def tested(found: Verification, spec: ProviderSpec) -> dict[str, Any]:
    """What a connection test found, for programs."""
    return {
        "account": msgspec.to_builtins(found.account),
        "parts": [
            {
                "name": part.name,
                "title": _title(part, spec),
                "is_open": part.status is EndpointStatus.SUCCEEDED,
                "reason": part.reason,
                "message": part.message,
            }
            for part in found.parts
        ],
    }


def tested_text(found: Verification, spec: ProviderSpec) -> str:
    """The same for people: the account, then each part of the API."""
    account = found.account
    facts = {"account": f"{account.account_id}, {account.status.value}"}
    if account.plan:
        facts["plan"] = account.plan
    if account.balance is not None:
        facts["balance"] = money(account.balance, account.currency)
    facts |= {_title(part, spec): _part(part) for part in found.parts}
    return facts_text(facts)


def _part(part: EndpointResult) -> str:
    if part.status is EndpointStatus.SUCCEEDED:
        return "open"
    return f"closed, {words(part.reason)}: {part.message}"


def _title(part: EndpointResult, spec: ProviderSpec) -> str:
    title = spec.endpoint_titles.get(part.name)
    return title.en if title else part.name


def _costs(found: Reconciliation) -> dict[str, Any]:
    names = ("payable", "listed", "account", "explained", "separate")
    rates = (*names, "residual", "excess", "offset")
    return {"currency": found.currency} | {name: _rate(getattr(found, name)) for name in rates}


def _rate(rate: Rate | None) -> dict[str, str] | None:
    if rate is None:
        return None
    return {"daily": amount(rate.daily), "monthly": amount(rate.monthly)}


def _money_facts(reconciliations: tuple[Reconciliation, ...]) -> dict[str, str]:
    facts = {}
    for found in reconciliations:
        mark = f"_{found.currency}" if len(reconciliations) > 1 else ""
        facts[f"payable{mark}"] = per_day_and_month(found.payable, found.currency)
        facts[f"listed{mark}"] = per_day_and_month(found.listed, found.currency)
    return facts


def _billed(found: BilledDay) -> dict[str, Any]:
    return {
        "day": found.day,
        "currency": found.currency,
        "billed": amount(found.billed),
        "priced": None if found.priced is None else amount(found.priced),
        "residual": None if found.residual is None else amount(found.residual),
    }


def _billed_facts(card: ConnectionCard) -> dict[str, str]:
    facts = {}
    for found in card.billed:
        mark = f"_{found.currency}" if len(card.billed) > 1 else ""
        said = f"{money(found.billed, found.currency)} on {found.day}"
        if found.residual is not None:
            said += f", {money(found.residual, found.currency)} beyond its prices"
        facts[f"billed{mark}"] = said
    return facts


def _account_facts(card: ConnectionCard) -> dict[str, Any]:
    account = card.account
    if account is None:
        return {}
    facts: dict[str, Any] = {"account": account.account_id, "account_status": account.status.value}
    if account.balance is not None:
        facts["balance"] = money(account.balance, account.currency)
    if account.days_to_block is not None:
        facts["days_to_block"] = account.days_to_block
    return facts
