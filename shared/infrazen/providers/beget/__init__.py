"""Beget: hosting and cloud, one account per connection."""

from infrazen.domain.kinds import Kind
from infrazen.errors import CredentialsRefused, PermissionMissing, SecondFactorRequired
from infrazen.provider_kit.contract import ProviderSpec, Text
from infrazen.provider_kit.rate_limit import RateLimit
from infrazen.providers.beget import cloud, hosting, operations, prices, utilisation
from infrazen.providers.beget.client import READING_POSTS, BegetProvider
from infrazen.providers.beget.credentials import BegetCredentials, BegetSettings
from infrazen.providers.beget.mapper import CURRENCY, TIME_ZONE

PROVIDER = ProviderSpec(
    slug="beget",
    title="Beget",
    description=Text(
        "Хостинг, виртуальные серверы и облачные сервисы Beget.",
        "Beget hosting, virtual servers and cloud services.",
    ),
    color="#0B5CFF",
    base_url="https://api.beget.com",
    hosts=frozenset({"api.beget.com"}),
    currency=CURRENCY,
    billing_time_zone=TIME_ZONE,
    service_provider_name="Beget",
    credentials=BegetCredentials,
    settings=BegetSettings,
    rate=RateLimit(per_second=2.0, burst=10),
    connect=BegetProvider,
    account_mark=lambda credentials: f"login:{credentials.login}",
    simulator="infrazen.providers.beget.simulator:BegetSimulator",
    reading_posts=READING_POSTS,
    trial={"login": "demo", "password": "simulator-password"},
    endpoint_titles=hosting.TITLES
    | cloud.TITLES
    | prices.TITLES
    | operations.TITLES
    | utilisation.TITLES,
    advice={
        CredentialsRefused.reason: Text(
            "Проверьте логин и пароль API. Его задают в панели Beget: «Настройки» → "
            "«Доступ к API»; обычно это не тот пароль, с которым входят в панель.",
            "Check the login and the API password. It is set in the Beget panel under Settings "
            "→ API access, and usually differs from the password for the panel itself.",
        ),
        SecondFactorRequired.reason: Text(
            "Выпустите в панели Beget токен облачного API и впишите его в подключение.",
            "Issue a cloud API token in the Beget panel and enter it in the connection.",
        ),
        PermissionMissing.reason: Text(
            "В панели Beget откройте «Настройки» → «Доступ к API», включите этот раздел и "
            "синхронизируйте ещё раз.",
            "In the Beget panel open Settings → API access, enable this section, then sync again.",
        ),
    },
    resource_types={
        "domain": Text("Домен", "Domain"),
        "vps": Text("Виртуальный сервер", "Virtual server"),
        "mysql": Text("Облачная MySQL", "Cloud MySQL"),
        "postgresql": Text("Облачная PostgreSQL", "Cloud PostgreSQL"),
        "s3": Text("Хранилище S3", "S3 bucket"),
        "cdn": Text("CDN", "CDN"),
        "cloud_service": Text("Облачный сервис", "Cloud service"),
        "snapshot": Text("Снимок сервера", "Server snapshot"),
        "ip_address": Text("Дополнительный IP-адрес", "Additional IP address"),
        "hosting_mysql": Text("База MySQL хостинга", "Hosting MySQL database"),
        "hosting_ftp": Text("FTP-аккаунт хостинга", "Hosting FTP account"),
    },
    kinds={
        "domain": Kind.DOMAIN,
        "vps": Kind.SERVER,
        "mysql": Kind.DATABASE,
        "postgresql": Kind.DATABASE,
        "s3": Kind.BUCKET,
        "cdn": Kind.CDN,
        "cloud_service": Kind.OTHER,
        "snapshot": Kind.SNAPSHOT,
        "ip_address": Kind.ADDRESS,
        "hosting_mysql": Kind.HOSTING,
        "hosting_ftp": Kind.HOSTING,
    },
)
