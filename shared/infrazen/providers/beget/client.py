"""One Beget account: two APIs that fail apart from each other."""

from collections.abc import Sequence

from infrazen.domain.accounts import AccountInfo, AccountStatus
from infrazen.errors import ProviderError
from infrazen.provider_kit.contract import Endpoint, Verification, closed, opened
from infrazen.provider_kit.redaction import Redactor
from infrazen.provider_kit.transport import Transport
from infrazen.providers.beget.cloud import AUTH, Cloud
from infrazen.providers.beget.credentials import BegetCredentials, BegetSettings
from infrazen.providers.beget.hosting import ACCOUNT, Hosting
from infrazen.providers.beget.legacy_api import METHODS, LegacyApi, path
from infrazen.providers.beget.modern_api import AUTH as AUTH_PATH
from infrazen.providers.beget.modern_api import ModernApi
from infrazen.providers.beget.operations import Operations
from infrazen.providers.beget.prices import Prices
from infrazen.providers.beget.utilisation import Statistics

READING_POSTS = frozenset({AUTH_PATH, *map(path, METHODS)})

_HOLD_SECRETS = frozenset({"software", "s3", "cdn", "access", "accesses"})
"""Parts of records that are not kept of one that could not be read."""


class BegetProvider:
    """Reads one account through the hosting API and the cloud API."""

    def __init__(
        self, transport: Transport, credentials: BegetCredentials, settings: BegetSettings
    ) -> None:
        redactor = Redactor(_secrets(credentials), hidden=_HOLD_SECRETS)
        clock = transport.clock
        self._login = credentials.login
        self._modern = ModernApi(transport, credentials, redactor)
        self._hosting = Hosting(
            LegacyApi(transport, credentials, redactor),
            login=credentials.login,
            settings=settings,
            redactor=redactor,
            clock=clock,
        )
        self._cloud = Cloud(self._modern, settings=settings, redactor=redactor, clock=clock)
        self._prices = Prices(self._modern, self._cloud, settings=settings, redactor=redactor)
        self._operations = Operations(self._modern, self._cloud, settings=settings, clock=clock)
        self._statistics = Statistics(self._modern, self._cloud, settings=settings, clock=clock)

    async def verify(self) -> Verification:
        """Ask for the account and sign in to the cloud API; one of them is enough."""
        account = AccountInfo(account_id=self._login, status=AccountStatus.ACTIVE)
        parts = []
        errors = []
        try:
            account = await self._hosting.account()
            parts.append(opened(ACCOUNT))
        except ProviderError as error:
            parts.append(closed(ACCOUNT, error))
            errors.append(error)
        try:
            await self._modern.sign_in()
            parts.append(opened(AUTH))
        except ProviderError as error:
            parts.append(closed(AUTH, error))
            errors.append(error)
        if len(errors) == len(parts):
            raise errors[0]
        return Verification(account=account, parts=tuple(parts))

    def endpoints(self) -> Sequence[Endpoint]:
        """Both APIs' endpoints and the utilisation."""
        return (
            *self._hosting.endpoints(),
            *self._cloud.endpoints(),
            *self._prices.endpoints(),
            *self._operations.endpoints(),
            *self._statistics.endpoints(),
        )


def _secrets(credentials: BegetCredentials) -> list[str]:
    given = (credentials.password, credentials.account_password, credentials.token)
    return [secret.get_secret_value() for secret in given if secret is not None]
