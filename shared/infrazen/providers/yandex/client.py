"""One connection to Yandex Cloud: every folder that its key can see."""

from collections.abc import Awaitable, Callable, Sequence

from infrazen.domain.accounts import AccountInfo, AccountStatus
from infrazen.domain.syncs import EndpointStatus
from infrazen.errors import PermissionMissing, ProviderError
from infrazen.provider_kit.contract import Endpoint, Sink, Verification, closed, opened
from infrazen.provider_kit.redaction import Redactor
from infrazen.provider_kit.transport import Transport
from infrazen.providers.yandex import tokens
from infrazen.providers.yandex.api import Api
from infrazen.providers.yandex.billing import ACCOUNT, Billing
from infrazen.providers.yandex.compute import Compute
from infrazen.providers.yandex.credentials import YandexCredentials, YandexSettings
from infrazen.providers.yandex.export import EXPORT, UsageExport
from infrazen.providers.yandex.folders import CLOUDS, SIGN_IN, Folders
from infrazen.providers.yandex.monitoring import PATH as MONITORING_PATH
from infrazen.providers.yandex.monitoring import Monitoring
from infrazen.providers.yandex.network import Network
from infrazen.providers.yandex.storage import Storage
from infrazen.providers.yandex.verification import FirstLook

READING_POSTS = frozenset({tokens.PATH, MONITORING_PATH})

_HOLD_SECRETS = frozenset({"metadata"})
"""Parts of records that are not kept of one that could not be read."""


class YandexProvider:
    """Reads clouds and folders, service family by service family.

    A family is a module with its endpoints; a new one is made here and told of in
    ``endpoints``.
    """

    def __init__(
        self, transport: Transport, credentials: YandexCredentials, settings: YandexSettings
    ) -> None:
        secret = credentials.key.get_secret_value()
        redactor = Redactor([secret], hidden=_HOLD_SECRETS)
        clock = transport.clock
        self._api = api = Api(transport, secret, redactor)
        self._folders = folders = Folders(api, settings=settings, redactor=redactor)
        self._billing = billing = Billing(api, folders, redactor=redactor, clock=clock)
        compute = Compute(api, folders, billing, redactor=redactor)
        self._export = export = UsageExport(
            api, folders, compute, settings=settings, redactor=redactor
        )
        self._families = (
            compute,
            Network(api, folders, billing, compute, redactor=redactor),
            Storage(api, folders, billing, settings=settings, redactor=redactor, clock=clock),
            export,
            Monitoring(api, folders, compute, settings=settings, clock=clock),
        )

    async def verify(self) -> Verification:
        """Sign in, list the clouds and ask who pays for them; the sign-in must work."""
        look = FirstLook()
        await self._api.sign_in()
        parts = [opened(SIGN_IN)]
        asked: list[tuple[str, Callable[[Sink], Awaitable[None]]]] = [
            (CLOUDS, self._folders.read_clouds),
            (ACCOUNT, self._billing.read_account),
        ]
        if self._export.endpoints():
            asked.append((EXPORT, self._export.look))
        for name, read in asked:
            try:
                await read(look)
            except ProviderError as error:
                parts.append(closed(name, error))
            else:
                parts.append(opened(name))
        if not self._folders.clouds and parts[1].status is EndpointStatus.SUCCEEDED:
            parts[1] = closed(CLOUDS, PermissionMissing("no cloud can be seen with this key"))
        account = look.found or AccountInfo(account_id=SIGN_IN, status=AccountStatus.ACTIVE)
        return Verification(account=account, parts=tuple(parts))

    def endpoints(self) -> Sequence[Endpoint]:
        """Where things are, what they cost, and every family's endpoints."""
        first = (*self._folders.endpoints(), *self._billing.endpoints())
        families = (endpoint for family in self._families for endpoint in family.endpoints())
        return (*first, *families)
