"""What a person enters to connect Yandex Cloud."""

import re
from typing import Annotated

from pydantic import Field, SecretStr, field_validator

from infrazen.provider_kit.contract import ConnectionSettings, Credentials, Label, Text

_SEPARATORS = re.compile(r"[\s,;]+")
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{2,62}")
_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,49}")


class YandexCredentials(Credentials):
    """One secret: a service account's authorized key, or a user's OAuth token."""

    key: Annotated[
        SecretStr,
        Field(min_length=1, max_length=16_384),
        Label(
            title=Text("Авторизованный ключ или OAuth-токен", "Authorized key or OAuth token"),
            help=Text(
                "Вставьте файл ключа сервисного аккаунта (authorized_key.json) целиком. "
                "OAuth-токен тоже подойдёт, но он даёт все права пользователя.",
                "Paste the whole key file of a service account (authorized_key.json). An OAuth "
                "token works too, but it carries all rights of its user.",
            ),
            placeholder='{"id": "ajk…", "service_account_id": "aje…", "private_key": "…"}',
        ),
    ]


class YandexSettings(ConnectionSettings):
    """What to read of the clouds that the credentials can see."""

    cloud_ids: Annotated[
        str | None,
        Field(max_length=2000),
        Label(
            title=Text("Облака", "Clouds"),
            help=Text(
                "Идентификаторы через запятую. Пусто — все доступные.",
                "Ids separated by commas. Empty means all that can be seen.",
            ),
            placeholder="b1g…, b1g…",
        ),
    ] = None
    folder_ids: Annotated[
        str | None,
        Field(max_length=2000),
        Label(
            title=Text("Каталоги", "Folders"),
            help=Text(
                "Идентификаторы через запятую. Пусто — все каталоги выбранных облаков.",
                "Ids separated by commas. Empty means all folders of the chosen clouds.",
            ),
            placeholder="b1g…, b1g…",
        ),
    ] = None
    collect_statistics: Annotated[
        bool,
        Label(
            title=Text("Собирать загрузку", "Collect utilisation"),
            help=Text(
                "Процессор, диск и сеть виртуальных машин из Monitoring; память и место на "
                "диске — если в машине установлен Unified Agent.",
                "CPU, disk and network of virtual machines from Monitoring; memory and disk space "
                "where Unified Agent runs in the machine.",
            ),
        ),
    ] = True
    statistics_hours: Annotated[
        int,
        Field(ge=1, le=168),
        Label(
            title=Text("Глубина загрузки, часов", "Hours of utilisation"),
            help=Text(
                "За сколько последних часов читать загрузку при каждой синхронизации.",
                "How many hours back each sync reads utilisation.",
            ),
        ),
    ] = 24
    export_bucket: Annotated[
        str | None,
        Field(max_length=63),
        Label(
            title=Text("Бакет с детализацией расходов", "Bucket of the usage export"),
            help=Text(
                "Куда Yandex Cloud Billing выгружает детализацию по дням. Пусто — расходы "
                "считаются по прайс-листу.",
                "Where Yandex Cloud Billing puts daily usage details. Empty means that costs "
                "come from the price list.",
            ),
            placeholder="company-billing",
        ),
    ] = None
    export_prefix: Annotated[
        str | None,
        Field(max_length=500),
        Label(
            title=Text("Каталог детализации", "Directory of the export"),
            help=Text(
                "Как в настройках выгрузки, с косой чертой на конце. Пусто — корень бакета.",
                "As in the export's settings, with a slash at its end. Empty means the root.",
            ),
            placeholder="details/",
        ),
    ] = None

    @field_validator("export_bucket")
    @classmethod
    def _is_a_bucket(cls, given: str | None) -> str | None:
        if given and not _BUCKET.fullmatch(given):
            raise ValueError("a bucket's name has 3 to 63 Latin letters, digits, dots and hyphens")
        return given

    @field_validator("cloud_ids", "folder_ids")
    @classmethod
    def _are_ids(cls, given: str | None) -> str | None:
        for word in chosen(given):
            if not _ID.fullmatch(word):
                raise ValueError("ids are Latin letters and digits, separated by commas")
        return given


def chosen(given: str | None) -> frozenset[str]:
    """The ids in a setting; none means no choice."""
    return frozenset(word for word in _SEPARATORS.split(given or "") if word)


def are_apart(one: YandexSettings, other: YandexSettings) -> bool:
    """Whether two choices have no cloud, or no folder, in common."""
    choices = (
        (chosen(one.cloud_ids), chosen(other.cloud_ids)),
        (chosen(one.folder_ids), chosen(other.folder_ids)),
    )
    return any(mine and theirs and mine.isdisjoint(theirs) for mine, theirs in choices)
