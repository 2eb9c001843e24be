"""One Selectel account: its own APIs, and OpenStack in every project and region."""

from collections.abc import Awaitable, Callable, Sequence

from infrazen.domain.accounts import AccountInfo, AccountStatus
from infrazen.domain.syncs import EndpointResult
from infrazen.errors import ProviderError
from infrazen.provider_kit.contract import Endpoint, Verification, closed, opened
from infrazen.provider_kit.openstack.keystone import TOKENS, Keystone
from infrazen.provider_kit.redaction import Redactor
from infrazen.provider_kit.transport import Transport
from infrazen.providers.selectel.account import BALANCE, SIGN_IN, Account
from infrazen.providers.selectel.api import IDENTITY, AccountApi, identity_transport
from infrazen.providers.selectel.credentials import SelectelCredentials, SelectelSettings
from infrazen.providers.selectel.inventory import Inventory
from infrazen.providers.selectel.places import Places
from infrazen.providers.selectel.utilisation import Statistics

READING_POSTS = frozenset({IDENTITY + TOKENS})

_HOLD_SECRETS = frozenset({"metadata"})
"""Parts of records that are not kept of one that could not be read."""


class SelectelProvider:
    """Reads one account."""

    def __init__(
        self, transport: Transport, credentials: SelectelCredentials, settings: SelectelSettings
    ) -> None:
        password = credentials.password.get_secret_value()
        given = credentials.static_token
        static_token = given.get_secret_value() if given else ""
        redactor = Redactor((password, static_token), hidden=_HOLD_SECRETS)
        clock = transport.clock
        self._account_id = credentials.account_id
        keystone = Keystone(
            identity_transport(transport),
            root=IDENTITY,
            user=credentials.username,
            domain=credentials.account_id,
            password=password,
        )
        api = AccountApi(
            transport,
            keystone,
            account_id=credentials.account_id,
            static_token=static_token or None,
        )
        places = Places(transport, keystone, account_id=credentials.account_id)
        self._account = Account(
            api, places, account_id=credentials.account_id, redactor=redactor, clock=clock
        )
        self._inventory = Inventory(
            places, self._account, settings=settings, redactor=redactor, clock=clock
        )
        self._statistics = Statistics(places, self._inventory, settings=settings, clock=clock)

    async def verify(self) -> Verification:
        """Sign in and ask for the balance; one of them is enough."""
        account = AccountInfo(account_id=self._account_id, status=AccountStatus.ACTIVE)
        parts: list[EndpointResult] = []
        errors: list[ProviderError] = []
        await _try(SIGN_IN, self._account.sign_in, parts, errors)
        found = await _try(BALANCE, self._account.balance, parts, errors)
        if len(errors) == len(parts):
            raise errors[0]
        return Verification(account=found or account, parts=tuple(parts))

    def endpoints(self) -> Sequence[Endpoint]:
        """The account's, OpenStack's and the utilisation."""
        return (
            *self._account.endpoints(),
            *self._inventory.endpoints(),
            *self._statistics.endpoints(),
        )


async def _try(
    name: str,
    ask: Callable[[], Awaitable[AccountInfo | None]],
    parts: list[EndpointResult],
    errors: list[ProviderError],
) -> AccountInfo | None:
    try:
        found = await ask()
    except ProviderError as error:
        errors.append(error)
        parts.append(closed(name, error))
        return None
    parts.append(opened(name))
    return found
