"""What a person enters to connect a Beget account."""

from typing import Annotated

from pydantic import Field, SecretStr, field_validator

from infrazen.provider_kit.contract import (
    ConnectionSettings,
    Credentials,
    Label,
    Text,
    sendable,
)


class BegetCredentials(Credentials):
    """A Beget login and the passwords of its two APIs.

    The hosting API takes the API password set in the control panel. The cloud API takes
    ``token``; without one it signs in with ``account_password``, or with ``password``.
    """

    login: Annotated[
        str,
        Field(min_length=1, max_length=64),
        Label(
            title=Text("Логин", "Login"),
            help=Text("Логин аккаунта Beget.", "The login of the Beget account."),
            placeholder="login",
        ),
    ]
    password: Annotated[
        SecretStr,
        Field(min_length=1, max_length=256),
        Label(
            title=Text("Пароль API", "API password"),
            help=Text(
                "Задаётся в панели Beget: «Настройки» → «Доступ к API». Там же включите разделы.",
                "Set in the Beget panel under Settings → API access; enable the sections there.",
            ),
        ),
    ]
    account_password: Annotated[
        SecretStr | None,
        Field(max_length=256),
        Label(
            title=Text("Пароль аккаунта", "Account password"),
            help=Text(
                "Для облачного API, если отличается от пароля API.",
                "For the cloud API, where it differs from the API password.",
            ),
        ),
    ] = None
    token: Annotated[
        SecretStr | None,
        Field(max_length=8192),
        Label(
            title=Text("Токен облачного API", "Cloud API token"),
            help=Text(
                "Долгоживущий токен из панели. Нужен, если включён вход по коду.",
                "A long-lived token from the panel; needed where sign-in asks for a code.",
            ),
        ),
    ] = None

    _sendable = field_validator("token")(sendable)


class BegetSettings(ConnectionSettings):
    """What to read of a Beget account."""

    collect_statistics: Annotated[
        bool,
        Label(
            title=Text("Собирать загрузку", "Collect utilisation"),
            help=Text(
                "Процессор, память, диск и сеть виртуальных серверов и баз данных; "
                "журнал операций с серверами.",
                "CPU, memory, disk and network of servers and managed databases; "
                "the operations log of servers.",
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
    collect_mailboxes: Annotated[
        bool,
        Label(
            title=Text("Читать почтовые ящики", "Read mailboxes"),
            help=Text("По запросу на каждый домен.", "One request for each domain."),
        ),
    ] = True
