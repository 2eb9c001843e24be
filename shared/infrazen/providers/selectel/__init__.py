"""Selectel: cloud servers, volumes, addresses and object storage, one account per connection."""

from infrazen.domain.kinds import Kind
from infrazen.errors import CredentialsRefused, PermissionMissing, ProviderUnavailable
from infrazen.provider_kit.contract import ProviderSpec, Text
from infrazen.provider_kit.rate_limit import RateLimit
from infrazen.providers.selectel import account, inventory, utilisation
from infrazen.providers.selectel.api import HOST, IDENTITY_HOST
from infrazen.providers.selectel.client import READING_POSTS, SelectelProvider
from infrazen.providers.selectel.credentials import SelectelCredentials, SelectelSettings
from infrazen.providers.selectel.mapper import CURRENCY, TIME_ZONE

PROVIDER = ProviderSpec(
    slug="selectel",
    title="Selectel",
    description=Text(
        "Облачные серверы, диски, адреса и объектное хранилище Selectel.",
        "Selectel cloud servers, volumes, addresses and object storage.",
    ),
    color="#C4122F",
    base_url=f"https://{HOST}",
    hosts=frozenset({HOST, IDENTITY_HOST, ".selcloud.ru"}),
    currency=CURRENCY,
    billing_time_zone=TIME_ZONE,
    service_provider_name="Selectel",
    credentials=SelectelCredentials,
    settings=SelectelSettings,
    rate=RateLimit(per_second=5.0, burst=10),
    connect=SelectelProvider,
    account_mark=lambda credentials: f"account:{credentials.account_id}",
    simulator="infrazen.providers.selectel.simulator:SelectelSimulator",
    reading_posts=READING_POSTS,
    trial={
        "account_id": "123456",
        "username": "infrazen",
        "password": "simulator-password",
        "static_token": "simulator-token",
    },
    endpoint_titles=account.TITLES | inventory.TITLES | utilisation.TITLES,
    advice={
        CredentialsRefused.reason: Text(
            "Проверьте номер аккаунта, имя и пароль сервисного пользователя: «Управление "
            "доступом» → «Сервисные пользователи». Если отказано только в балансе, расходах и "
            "ценах, выпустите новый статический токен.",
            "Check the account number and the service user's name and password under Access "
            "management → Service users. Where only balance, consumption and prices are refused, "
            "issue a new static token.",
        ),
        PermissionMissing.reason: Text(
            "Дайте сервисному пользователю роль reader в аккаунте и в каждом проекте и "
            "синхронизируйте ещё раз. Если доступ к API ограничен по адресам, добавьте адрес "
            "InfraZen.",
            "Give the service user the role reader in the account and in each project, then sync "
            "again. Where API access is limited to addresses, add that of InfraZen.",
        ),
        ProviderUnavailable.reason: Text(
            "Selectel не отвечает или отвечает сбоем. Что прочитано, сохранено; InfraZen попробует "
            "ещё раз при следующей синхронизации.",
            "Selectel does not answer, or answers with failures. What was read is kept; InfraZen "
            "tries again with the next sync.",
        ),
    },
    resource_types={
        "server": Text("Облачный сервер", "Cloud server"),
        "volume": Text("Сетевой диск", "Network volume"),
        "snapshot": Text("Снимок диска", "Volume snapshot"),
        "image": Text("Образ", "Image"),
        "floating_ip": Text("Публичный IP-адрес", "Public IP address"),
        "bucket": Text("Бакет", "Bucket"),
    },
    kinds={
        "server": Kind.SERVER,
        "volume": Kind.DISK,
        "snapshot": Kind.SNAPSHOT,
        "image": Kind.IMAGE,
        "floating_ip": Kind.ADDRESS,
        "bucket": Kind.BUCKET,
    },
)
