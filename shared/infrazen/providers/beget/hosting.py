"""What a sync reads of the hosting API."""

from collections.abc import Sequence
from typing import Any

import msgspec

from infrazen.domain.accounts import AccountInfo
from infrazen.domain.resources import MetricPoint, UsageSeries
from infrazen.domain.syncs import Quarantined
from infrazen.errors import UnexpectedPayload
from infrazen.provider_kit.clock import Clock
from infrazen.provider_kit.contract import Endpoint, NothingToRead, Sink, Text
from infrazen.provider_kit.records import Records
from infrazen.provider_kit.redaction import Redactor
from infrazen.provider_kit.together import for_each
from infrazen.providers.beget.credentials import BegetSettings
from infrazen.providers.beget.legacy_api import LegacyApi
from infrazen.providers.beget.mapper import hosting as mapper
from infrazen.providers.beget.mapper.common import number
from infrazen.providers.beget.wire import hosting as wire

ACCOUNT = "legacy.account"
ZONES = "legacy.zones"
DOMAINS = "legacy.domains"
SUBDOMAINS = "legacy.subdomains"
SITES = "legacy.sites"
MYSQL = "legacy.mysql"
FTP = "legacy.ftp"
MAIL = "legacy.mail"

TITLES = {
    ACCOUNT: Text("Аккаунт", "Account"),
    ZONES: Text("Цены доменных зон", "Domain zone prices"),
    DOMAINS: Text("Домены", "Domains"),
    SUBDOMAINS: Text("Поддомены", "Subdomains"),
    SITES: Text("Сайты", "Sites"),
    MYSQL: Text("Базы MySQL хостинга", "Hosting MySQL databases"),
    FTP: Text("FTP-аккаунты", "FTP accounts"),
    MAIL: Text("Почтовые ящики", "Mailboxes"),
}
"""What people call the endpoints."""

MAILBOXES_AT_ONCE = 4

_SWITCHED_OFF = Text("Выключено в настройках подключения.", "Switched off in the settings.")
_SOME_NOT_ASKED = Text(
    "Домены, которые не удалось разобрать, не опрошены.",
    "Not asked for domains that could not be read.",
)

_ACCOUNT = msgspec.json.Decoder(wire.Account, strict=False)
_LIST = msgspec.json.Decoder(list[msgspec.Raw] | None)
# An empty PHP map is an empty list.
_MAP = msgspec.json.Decoder(dict[str, msgspec.Raw] | list[msgspec.Raw] | None)


def _fqdn_key(record: Any) -> str:
    return mapper.domain_key(_name(record["fqdn"]))


def _name(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a name is a text")
    return value


class Hosting:
    """The endpoints of the hosting API, each on its own."""

    def __init__(
        self,
        api: LegacyApi,
        *,
        login: str,
        settings: BegetSettings,
        redactor: Redactor,
        clock: Clock,
    ) -> None:
        self._api = api
        self._login = login
        self._settings = settings
        self._clock = clock
        self._zones: dict[str, wire.Zone] | None = None
        self._names: set[str] = set()
        self._hosts: list[str] = []
        self._domains_missed = 0
        self._unread: set[str] = {DOMAINS, SUBDOMAINS}
        self._zone_records = Records(wire.Zone, endpoint=ZONES, redactor=redactor)
        self._domains = Records(wire.Domain, endpoint=DOMAINS, redactor=redactor, key=_fqdn_key)
        self._subdomains = Records(
            wire.Subdomain, endpoint=SUBDOMAINS, redactor=redactor, key=_fqdn_key
        )
        self._sites = Records(wire.Site, endpoint=SITES, redactor=redactor)
        self._databases = Records(
            wire.Database,
            endpoint=MYSQL,
            redactor=redactor,
            key=lambda record: f"hosting_mysql/{_name(record['name'])}",
        )
        self._ftp_accounts = Records(
            wire.FtpAccount,
            endpoint=FTP,
            redactor=redactor,
            key=lambda record: f"hosting_ftp/{_name(record['login'])}",
        )
        self._mailboxes = Records(wire.Mailbox, endpoint=MAIL, redactor=redactor)

    def endpoints(self) -> Sequence[Endpoint]:
        """In the order in which they can be read."""
        return (
            Endpoint(
                name=ACCOUNT,
                read=self._read_account,
                lists=False,
            ),
            Endpoint(
                name=ZONES,
                read=self._read_zones,
                lists=False,
                after=(ACCOUNT,),
            ),
            Endpoint(
                name=DOMAINS,
                read=self._read_domains,
                after=(ZONES,),
            ),
            Endpoint(
                name=SUBDOMAINS,
                read=self._read_subdomains,
                after=(DOMAINS,),
            ),
            Endpoint(
                name=SITES,
                read=self._read_sites,
                after=(DOMAINS, SUBDOMAINS),
            ),
            Endpoint(
                name=MYSQL,
                read=self._read_databases,
                after=(ACCOUNT,),
            ),
            Endpoint(
                name=FTP,
                read=self._read_ftp_accounts,
                after=(ACCOUNT,),
            ),
            Endpoint(
                name=MAIL,
                read=self._read_mailboxes,
                after=(DOMAINS,),
            ),
        )

    async def account(self) -> AccountInfo:
        """The account, by the cheapest call there is."""
        return mapper.account(self._login, await self._api.call("user/getAccountInfo", _ACCOUNT))

    async def _read_account(self, sink: Sink) -> None:
        sink.account(await self.account())

    async def _read_zones(self, sink: Sink) -> None:
        zones: dict[str, wire.Zone] = {}

        def put(source: wire.Zone) -> None:
            zones[source.zone.lower()] = source

        records = await self._api.call("domain/getZoneList", _MAP) or {}
        listed = records.values() if isinstance(records, dict) else records
        missed = self._zone_records.each(listed, sink, put)
        self._zones = None if missed else zones

    async def _read_domains(self, sink: Sink) -> None:
        def put(source: wire.Domain) -> None:
            sink.resource(mapper.domain(source, listing=DOMAINS, zones=self._zones))
            self._names.add(source.fqdn.lower())
            self._hosts.append(source.fqdn)

        records = await self._api.call("domain/getList", _LIST) or ()
        self._domains_missed = self._domains.each(records, sink, put)
        self._unread.discard(DOMAINS)

    async def _read_subdomains(self, sink: Sink) -> None:
        def put(source: wire.Subdomain) -> None:
            sink.resource(mapper.subdomain(source, listing=SUBDOMAINS))
            self._names.add(source.fqdn.lower())

        records = await self._api.call("domain/getSubdomainList", _LIST) or ()
        self._subdomains.each(records, sink, put)
        self._unread.discard(SUBDOMAINS)

    async def _read_sites(self, sink: Sink) -> None:
        def put(source: wire.Site) -> None:
            sink.component(mapper.site(source, listing=SITES, is_domain=self._is_domain))

        self._sites.each(await self._api.call("site/getList", _LIST) or (), sink, put)

    def _is_domain(self, fqdn: str) -> bool:
        """Whether there is such a domain; believed where the domains could not be read."""
        return bool(self._unread) or fqdn.lower() in self._names

    async def _read_databases(self, sink: Sink) -> None:
        def put(source: wire.Database) -> None:
            resource = mapper.database(source, listing=MYSQL)
            sink.resource(resource)
            size = number(source.size)
            if size is not None and self._settings.collect_statistics:
                point = MetricPoint(self._clock.now(), float(size))
                sink.usage(
                    UsageSeries(resource=resource.key, metric="disk", unit="MB", points=(point,))
                )

        self._databases.each(await self._api.call("mysql/getList", _LIST) or (), sink, put)

    async def _read_ftp_accounts(self, sink: Sink) -> None:
        def put(source: wire.FtpAccount) -> None:
            sink.resource(mapper.ftp_account(source, listing=FTP))

        self._ftp_accounts.each(await self._api.call("ftp/getList", _LIST) or (), sink, put)

    async def _read_mailboxes(self, sink: Sink) -> None:
        if DOMAINS in self._unread:
            raise NothingToRead("not asked: the domains could not be read")
        if not self._settings.collect_mailboxes:
            sink.incomplete(_SWITCHED_OFF)
            return
        if self._domains_missed:
            sink.incomplete(_SOME_NOT_ASKED)

        async def read_one(domain: str) -> None:
            await self._read_mailboxes_of(domain, sink)

        await for_each(self._hosts, read_one, at_once=MAILBOXES_AT_ONCE)

    async def _read_mailboxes_of(self, domain: str, sink: Sink) -> None:
        def put(source: wire.Mailbox) -> None:
            sink.component(mapper.mailbox(source, listing=MAIL))

        try:
            records = await self._api.call("mail/getMailboxList", _LIST, {"domain": domain})
        except UnexpectedPayload as error:
            reason = f"{domain}: {error}"
            sink.quarantine(Quarantined(endpoint=MAIL, key=None, reason=reason, raw=""))
            return
        self._mailboxes.each(records or (), sink, put)
