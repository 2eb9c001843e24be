"""What a person enters to connect a Selectel account."""

from typing import Annotated

from pydantic import Field, SecretStr, field_validator

from infrazen.provider_kit.contract import (
    ConnectionSettings,
    Credentials,
    Label,
    Text,
    sendable,
)


class SelectelCredentials(Credentials):
    """A service user of an account, and perhaps a static token of a panel user.

    The service user opens OpenStack and, with the role ``reader`` of the account, billing too;
    ``static_token`` is for billing and prices where the service user may not.
    """

    account_id: Annotated[
        str,
        Field(min_length=1, max_length=32, pattern=r"^\d+$"),
        Label(
            title=Text("Номер аккаунта", "Account number"),
            help=Text(
                "Цифры в правом верхнем углу панели управления.",
                "The digits at the top right of the control panel.",
            ),
            placeholder="123456",
        ),
    ]
    username: Annotated[
        str,
        Field(min_length=1, max_length=255),
        Label(
            title=Text("Сервисный пользователь", "Service user"),
            help=Text(
                "Имя пользователя с ролью reader в аккаунте и в проектах: «Управление доступом» → "
                "«Сервисные пользователи».",
                "A user with the role reader in the account and its projects: "
                "Access management → Service users.",
            ),
            placeholder="infrazen",
        ),
    ]
    password: Annotated[
        SecretStr,
        Field(min_length=1, max_length=256),
        Label(
            title=Text("Пароль", "Password"),
            help=Text("Пароль сервисного пользователя.", "The service user's password."),
        ),
    ]
    static_token: Annotated[
        SecretStr | None,
        Field(max_length=512),
        Label(
            title=Text("Статический токен", "Static token"),
            help=Text(
                "Для баланса, расходов и цен, если сервисному пользователю они закрыты: "
                "«Профиль и настройки» → «API-ключи».",
                "For balance, consumption and prices where the service user may not read them: "
                "Profile and settings → API keys.",
            ),
        ),
    ] = None

    _sendable = field_validator("static_token")(sendable)


class SelectelSettings(ConnectionSettings):
    """What to read of a Selectel account."""

    collect_statistics: Annotated[
        bool,
        Label(
            title=Text("Собирать загрузку", "Collect utilisation"),
            help=Text(
                "Процессор, память, диск и сеть облачных серверов.",
                "CPU, memory, disk and network of cloud servers.",
            ),
        ),
    ] = True
    statistics_seconds: Annotated[
        int,
        Field(ge=10, le=3600),
        Label(
            title=Text("Время на загрузку, секунд", "Seconds for utilisation"),
            help=Text(
                "Дольше этого синхронизация загрузку не читает.",
                "How long a sync may spend on reading utilisation.",
            ),
        ),
    ] = 300
    statistics_hours: Annotated[
        int,
        Field(ge=1, le=336),
        Label(
            title=Text("Глубина загрузки, часов", "Hours of utilisation"),
            help=Text(
                "За сколько последних часов читать загрузку при каждой синхронизации.",
                "How many hours back each sync reads utilisation.",
            ),
        ),
    ] = 24
