"""The contract every provider signs.

A provider is one folder that exports ``PROVIDER``, a ``ProviderSpec``. Everything else
in InfraZen knows a cloud only through it: the UI makes its forms from the credential and
settings models, the sync reads its endpoints, the trial starts its simulator.
"""

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Protocol

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from infrazen.domain.accounts import AccountInfo
from infrazen.domain.billing import BilledCharge
from infrazen.domain.kinds import Kind
from infrazen.domain.labels import Label as Label  # noqa: PLC0414 (part of the contract)
from infrazen.domain.labels import Text as Text  # noqa: PLC0414 (part of the contract)
from infrazen.domain.periods import Days
from infrazen.domain.prices import PriceOffer
from infrazen.domain.resources import (
    HandedSecret,
    LogEntry,
    SeenComponent,
    SeenResource,
    UsageSeries,
)
from infrazen.domain.syncs import EndpointResult, EndpointStatus, Quarantined
from infrazen.errors import ProviderError
from infrazen.provider_kit.rate_limit import RateLimit
from infrazen.provider_kit.transport import Transport


class Credentials(BaseModel):
    """Base of a provider's credentials: ``SecretStr`` fields are write-only everywhere."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def sendable(token: SecretStr | None) -> SecretStr | None:
    """A token as it goes into a header; for ``field_validator``."""
    text = token.get_secret_value() if token else ""
    if not all("!" <= character <= "~" for character in text):
        raise ValueError("a token has no spaces and only Latin letters, digits and signs")
    return token


def public_mark(credentials: Credentials) -> str:
    """All that is no secret in the credentials, as one text."""
    values = {
        name: value
        for name in type(credentials).model_fields
        if (value := getattr(credentials, name)) is not None and not isinstance(value, SecretStr)
    }
    return json.dumps(values, sort_keys=True, default=str)


def never_apart(_one: object, _other: object) -> bool:
    """Whatever is chosen of an account, two connections to it read the same."""
    return False


class ConnectionSettings(BaseModel):
    """Base of a provider's settings: nothing secret, kept and shown as they are."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    requests_per_second: Annotated[
        float | None,
        Field(ge=0.1, le=1000),
        Label(
            title=Text("Запросов в секунду", "Requests per second"),
            help=Text(
                "Пусто — столько, сколько советует провайдер.",
                "Empty means what the provider advises.",
            ),
        ),
    ] = None


class NothingToRead(Exception):
    """An endpoint has nothing to ask, because another one that it builds on failed."""


class Sink(Protocol):
    """Where an endpoint puts what it read. Order and repetition don't matter."""

    def resource(self, seen: SeenResource) -> None:
        """A resource that exists now."""

    def component(self, seen: SeenComponent) -> None:
        """Something inside a resource, or of the account."""

    def secret(self, handed: HandedSecret) -> None:
        """A secret that came with a resource; goes to the vault and nowhere else."""

    def usage(self, series: UsageSeries) -> None:
        """Readings of one metric of one resource."""

    def log(self, entry: LogEntry) -> None:
        """What was done to a resource; one that was told before stays as it is."""

    def offer(self, offer: PriceOffer) -> None:
        """A price at which something could be had."""

    def account(self, info: AccountInfo) -> None:
        """What the provider says of the account."""

    def days_to_bill(self) -> Days:
        """The days whose charges are wanted: those not read yet and the latest again.

        In the billing time zone; the last of them is today, which is not over.
        """

    def read_elsewhere(self) -> Mapping[str, str]:
        """Ids of what other connections of the organization read, with those one's names.

        Of the kinds in ``ProviderSpec.read_once``; who reads it too counts its money twice.
        """

    def charge(self, charge: BilledCharge) -> None:
        """What the provider's billing says of a line on a day.

        Unlike all else it adds up: charges of one line on one day are one charge. It
        counts only where ``billed`` names its day.
        """

    def billed(self, days: Iterable[date], *, covers: Iterable[str] | None = None) -> None:
        """Every charge of ``days`` has been told, though there may be none.

        They replace what this endpoint said of those days before. ``covers`` are the types
        of resources whose whole cost the bill states, None for all of the account: their
        prices no longer count on days that are over. Days that have no bill and never will
        are told with nothing covered: they are not asked for again, and keep what was read
        of them before.
        """

    def quarantine(self, record: Quarantined) -> None:
        """A record that could not be read; its endpoint then proves no absence of it."""

    def note(self, message: Text | str) -> None:
        """What people should know of an endpoint that ended well.

        What InfraZen says comes in both languages, what the provider said as it is.
        """

    def incomplete(self, message: Text | str) -> None:
        """Like ``note``, and what the endpoint lists is not all there is."""

    def whole(self, sub_account: str) -> None:
        """All that the endpoint lists of ``sub_account`` has been told.

        What is missing from it is gone, whatever becomes of the endpoint's other parts.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One part of the API that succeeds or fails on its own.

    ``name`` is stable and shown to engineers (``legacy.mysql``); what people see is its
    entry in ``ProviderSpec.endpoint_titles``.
    ``lists`` says that its answer is complete, so that absence from it means gone.
    ``after`` names endpoints that must have ended, well or not, before this one starts.
    ``read`` raises a ``ProviderError`` to fail, and ``NothingToRead`` where it builds on
    an endpoint that failed; what it had put in the sink stays.
    """

    name: str
    read: Callable[[Sink], Awaitable[None]]
    lists: bool = True
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What a connection test found: the account, and which parts of the API are open.

    ``parts`` has one result for each part that was tried; at least one succeeded.
    """

    account: AccountInfo
    parts: tuple[EndpointResult, ...]


def opened(name: str) -> EndpointResult:
    """A part of the API that a connection test found open."""
    return EndpointResult(name=name, status=EndpointStatus.SUCCEEDED, listed=False)


def closed(name: str, error: ProviderError) -> EndpointResult:
    """A part that it found closed, and why."""
    return EndpointResult(
        name=name,
        status=EndpointStatus.FAILED,
        listed=False,
        reason=error.reason,
        message=str(error),
    )


class Provider(Protocol):
    """Reads one cloud account, once. Never writes to the cloud or to our database."""

    async def verify(self) -> Verification:
        """Prove the credentials with the cheapest real calls.

        Raises a ``ProviderError`` where no part of the API is open to them.
        """

    def endpoints(self) -> Sequence[Endpoint]:
        """Everything a sync reads, each part on its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderSpec:
    """Everything the rest of InfraZen may know about a provider.

    ``hosts`` are the addresses that a connection may name without an allow-list entry;
    ``billing_time_zone`` decides which day a charge belongs to; ``rate`` is what the
    provider advises; ``reading_posts`` are the only paths that are ever POSTed to.
    ``account_mark`` says of credentials which account they open: two connections of one mark
    would count its money twice, unless ``are_apart`` says of their settings that nothing is read
    by both. It is stored and no secret may be read out of it.
    ``read_once`` names kinds of an account's components, told apart by ``details["id"]``, that
    only one connection of an organization may read (``Sink.read_elsewhere``): parts of clouds
    that several accounts can see.
    ``simulator`` names the class that answers like the real API, as ``module:class``: it
    is imported only where one is started (``provider_kit.simulation``); ``trial`` are
    credentials that it takes, and ``trial_settings`` are settings with which it shows all
    that it has. ``resource_types`` names every ``SeenResource.type`` and
    ``endpoint_titles`` every ``Endpoint.name``, for people; ``kinds`` says of every type
    what sort of thing it is, for rules; ``advice`` says what to do at this provider about
    an error, by its reason.
    """

    slug: str
    title: str
    description: Text
    color: str
    base_url: str
    hosts: frozenset[str]
    currency: str
    billing_time_zone: str
    service_provider_name: str
    credentials: type[Credentials]
    settings: type[ConnectionSettings]
    rate: RateLimit
    connect: Callable[[Transport, Any, Any], Provider]
    simulator: str
    account_mark: Callable[[Any], str] = public_mark
    are_apart: Callable[[Any, Any], bool] = never_apart
    read_once: frozenset[str] = frozenset()
    reading_posts: frozenset[str] = frozenset()
    trial: dict[str, str] = field(default_factory=dict, repr=False)
    trial_settings: dict[str, str] = field(default_factory=dict)
    resource_types: dict[str, Text] = field(default_factory=dict)
    kinds: dict[str, Kind] = field(default_factory=dict)
    endpoint_titles: dict[str, Text] = field(default_factory=dict)
    advice: dict[str, Text] = field(default_factory=dict)
