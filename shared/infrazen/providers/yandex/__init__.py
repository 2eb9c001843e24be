"""Yandex Cloud: the clouds and folders that one key can see."""

from infrazen.domain.kinds import Kind
from infrazen.errors import CredentialsRefused, PermissionMissing, Throttled
from infrazen.provider_kit.contract import ProviderSpec, Text
from infrazen.provider_kit.rate_limit import RateLimit
from infrazen.providers.yandex import (
    billing,
    compute,
    export,
    folders,
    monitoring,
    network,
    shares,
    storage,
)
from infrazen.providers.yandex.authorized_key import account_mark
from infrazen.providers.yandex.client import READING_POSTS, YandexProvider
from infrazen.providers.yandex.credentials import YandexCredentials, YandexSettings, are_apart
from infrazen.providers.yandex.hosts import BASE_URL, HOSTS
from infrazen.providers.yandex.mapper import CURRENCY, TIME_ZONE

PROVIDER = ProviderSpec(
    slug="yandex",
    title="Yandex Cloud",
    description=Text(
        "Виртуальные машины, диски, адреса и бакеты во всех облаках и каталогах.",
        "Virtual machines, disks, addresses and buckets in all clouds and folders.",
    ),
    color="#5282FF",
    base_url=BASE_URL,
    hosts=HOSTS,
    currency=CURRENCY,
    billing_time_zone=TIME_ZONE,
    service_provider_name="Yandex Cloud",
    credentials=YandexCredentials,
    settings=YandexSettings,
    rate=RateLimit(per_second=10.0, burst=20),
    connect=YandexProvider,
    account_mark=account_mark,
    are_apart=are_apart,
    read_once=frozenset({shares.FOLDER, shares.USAGE_EXPORT}),
    simulator="infrazen.providers.yandex.simulator:YandexSimulator",
    reading_posts=READING_POSTS,
    trial={"key": "simulator-oauth-token"},
    trial_settings={"export_bucket": "simulated-billing", "export_prefix": "details/"},
    endpoint_titles=folders.TITLES
    | billing.TITLES
    | compute.TITLES
    | network.TITLES
    | storage.TITLES
    | export.TITLES
    | monitoring.TITLES,
    advice={
        CredentialsRefused.reason: Text(
            "Создайте для сервисного аккаунта новый авторизованный ключ («Сервисный аккаунт» → "
            "«Создать новый ключ») и вставьте скачанный файл целиком. Если ключ удалён или "
            "аккаунт другой, прежний файл не подойдёт.",
            "Create a new authorized key for the service account (Service account → Create new "
            "key) and paste the whole file. A file of a deleted key is no good any more.",
        ),
        PermissionMissing.reason: Text(
            "Назначьте сервисному аккаунту роли viewer и monitoring.viewer на облако или каталог "
            "и billing.accounts.viewer на платёжный аккаунт, а для детализации расходов — "
            "storage.viewer на бакет с ней; проверьте и имя бакета. Каталоги, которые читать не "
            "нужно, исключите в настройках подключения.",
            "Give the service account the roles viewer and monitoring.viewer on the cloud or "
            "folder, billing.accounts.viewer on the billing account, and, for the usage export, "
            "storage.viewer on its bucket; check the bucket's name too. Exclude folders that "
            "need not be read in the connection's settings.",
        ),
        Throttled.reason: Text(
            "Yandex Cloud просит подождать. Уменьшите число запросов в секунду в настройках "
            "подключения.",
            "Yandex Cloud asks to wait. Lower the requests per second in the connection's "
            "settings.",
        ),
    },
    resource_types={
        "instance": Text("Виртуальная машина", "Virtual machine"),
        "disk": Text("Диск", "Disk"),
        "snapshot": Text("Снимок диска", "Disk snapshot"),
        "image": Text("Образ диска", "Disk image"),
        "address": Text("Публичный IP-адрес", "Public IP address"),
        "bucket": Text("Бакет", "Bucket"),
    },
    kinds={
        "instance": Kind.SERVER,
        "disk": Kind.DISK,
        "snapshot": Kind.SNAPSHOT,
        "image": Kind.IMAGE,
        "address": Kind.ADDRESS,
        "bucket": Kind.BUCKET,
    },
)
