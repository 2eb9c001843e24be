"""Who pays, and the price list."""

from collections.abc import Sequence

from infrazen.domain.accounts import AccountInfo, AccountStatus
from infrazen.provider_kit.clock import Clock
from infrazen.provider_kit.contract import Endpoint, Sink, Text
from infrazen.provider_kit.records import Records
from infrazen.provider_kit.redaction import Redactor
from infrazen.providers.yandex import notes
from infrazen.providers.yandex.api import Api
from infrazen.providers.yandex.folders import CLOUDS, Folders
from infrazen.providers.yandex.mapper import CURRENCY
from infrazen.providers.yandex.mapper import billing as mapper
from infrazen.providers.yandex.mapper.prices import PriceList
from infrazen.providers.yandex.wire import billing as wire

ACCOUNT = "billing.account"
SKUS = "billing.skus"

TITLES = {
    ACCOUNT: Text("Платёжный аккаунт", "Billing account"),
    SKUS: Text("Прайс-лист", "Price list"),
}
"""What people call the endpoints."""

_MOST_ASKED = 20  # billing accounts whose clouds are looked at


class Billing:
    """The billing account of the chosen clouds and its prices.

    ``prices`` are None where the price list could not be read.
    """

    def __init__(self, api: Api, folders: Folders, *, redactor: Redactor, clock: Clock) -> None:
        self._api = api
        self._folders = folders
        self._clock = clock
        self._account: wire.BillingAccount | None = None
        self.prices: PriceList | None = None
        self._accounts = Records(wire.BillingAccount, endpoint=ACCOUNT, redactor=redactor)
        self._bindings = Records(wire.Binding, endpoint=ACCOUNT, redactor=redactor)
        self._skus = Records(wire.Sku, endpoint=SKUS, redactor=redactor)

    def endpoints(self) -> Sequence[Endpoint]:
        """In the order in which they can be read."""
        return (
            Endpoint(
                name=ACCOUNT,
                read=self.read_account,
                lists=False,
                after=(CLOUDS,),
            ),
            Endpoint(
                name=SKUS,
                read=self._read_skus,
                after=(ACCOUNT,),
            ),
        )

    async def read_account(self, sink: Sink) -> None:
        """Tell of the account that pays for the chosen clouds, else of their organization."""
        self._api.check_signed_in()
        accounts: list[wire.BillingAccount] = []

        def put(source: wire.BillingAccount) -> None:
            mapper.account(source)  # one that cannot be understood is quarantined
            accounts.append(source)

        path = "/billing/v1/billingAccounts"
        async for raws in self._api.pages("billing", path, "billingAccounts"):
            self._accounts.each(raws, sink, put)
        self._account = await self._paying(accounts, sink)
        if self._account is not None:
            sink.account(mapper.account(self._account))
            return
        sink.note(notes.NO_BILLING_ACCOUNT)
        for cloud in self._folders.clouds:
            owner = cloud.organization_id or cloud.id
            sink.account(AccountInfo(account_id=owner, status=AccountStatus.ACTIVE))
            return

    async def _paying(
        self, accounts: list[wire.BillingAccount], sink: Sink
    ) -> wire.BillingAccount | None:
        """The one that pays for one of the clouds; of a single one that is not asked."""
        ours = {cloud.id for cloud in self._folders.clouds}
        if len(accounts) > 1:
            for account in accounts[:_MOST_ASKED]:
                if not ours.isdisjoint(await self._clouds_of(account, sink)):
                    return account
        active = [account for account in accounts if account.active]
        return next(iter(active or accounts), None)

    async def _clouds_of(self, account: wire.BillingAccount, sink: Sink) -> set[str]:
        found: set[str] = set()
        path = f"/billing/v1/billingAccounts/{account.id}/billableObjectBindings"
        async for raws in self._api.pages("billing", path, "billableObjectBindings"):
            self._bindings.each(raws, sink, lambda one: found.add(one.billable_object.id))
        return found

    async def _read_skus(self, sink: Sink) -> None:
        self._api.check_signed_in()
        account = self._account
        currency = (account.currency if account else "") or CURRENCY
        params: dict[str, str | int] = {"currency": currency}
        if account is not None:
            params["billingAccountId"] = account.id
        prices = PriceList(currency=currency, now=self._clock.now())
        async for raws in self._api.pages("billing", "/billing/v1/skus", "skus", params):
            self._skus.each(raws, sink, prices.add)
        for offer in prices.offers(listing=SKUS):
            sink.offer(offer)
        self.prices = prices
