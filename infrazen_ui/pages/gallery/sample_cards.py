"""Cards of connections, one for each state, as a page's state would hold them."""

from typing import Any

from infrazen_ui.locales import Language
from infrazen_ui.present.connection_accounts import (
    AccountView,
    FactView,
    LimitView,
    LineView,
    ReconciliationView,
    account_view,
)
from infrazen_ui.present.connections import CardView, MoneyView, TroubleView
from infrazen_ui.present.managed import CommandView

_NOTHING = account_view(None, (), language=Language.RU)
_ACCOUNT = AccountView(
    is_known=True,
    tone="warning",
    status="Скоро блокировка",
    alert="Баланса хватит на 2 дня",
    alert_text="Пополните счёт, иначе провайдер остановит услуги.",
    facts=[FactView(name="Тариф", value="Blog"), FactView(name="Баланс", value="174,51 ₽")],
    limits=[
        LimitView(
            name="Сайты",
            detail="2 из 5",
            shown="40 %",
            percent=40,
            tier="medium",
            tier_label="средняя",
            is_bounded=True,
        )
    ],
    server=[FactView(name="Сервер", value="web-1")],
    software=[FactView(name="PHP", value="8.3")],
    security=[],
    reconciliations=[
        ReconciliationView(
            title="Из чего складывается",
            explained="Ресурсы объясняют 60,73 из 60,73 ₽ в день",
            percent=100,
            lines=[
                LineView(name="Ресурсы", note="", per_day="60,73 ₽", per_month="—", kind="line"),
                LineView(
                    name="К оплате", note="", per_day="60,73 ₽", per_month="1 847 ₽", kind="result"
                ),
            ],
            billed="",
        )
    ],
)
_CARD = CardView(
    id="sample",
    name="Beget, основной",
    provider="beget",
    provider_title="Beget",
    tone="success",
    status="В порядке",
    is_live=False,
    is_suspended=False,
    is_managed=False,
    managed_by="",
    commands=[],
    resources="10 ресурсов",
    money=[MoneyView(per_day="60,73 ₽/день", per_month="1 847 ₽/мес")],
    last_sync="5 минут назад",
    last_sync_at="24 нояб. 2026, 12:00",
    next_sync="через 6 часов",
    next_sync_at="24 нояб. 2026, 18:00",
    schedule="каждые 6 часов",
    added="23 нояб. 2026",
    trouble_tone="",
    trouble_title="",
    trouble_text="",
    troubles=[],
    unread="",
    account=_NOTHING,
)


def _card(n: int, **changes: Any) -> CardView:
    return CardView(**{**_CARD, "id": f"sample-{n}", **changes})  # type: ignore[typeddict-item]


CARDS = [
    _card(1),
    _card(2, name="Beget с балансом на исходе", account=_ACCOUNT),
    _card(3, name="Синхронизация идёт", tone="info", status="Синхронизация", is_live=True),
    _card(
        4,
        name="Прочитано не всё",
        tone="warning",
        status="Частично",
        trouble_tone="warning",
        trouble_title="Не прочитаны 2 раздела",
        troubles=[
            TroubleView(title="Базы данных", name="mysql/getList"),
            TroubleView(title="FTP", name="ftp/getList"),
        ],
        unread="1 запись не разобрана",
    ),
    _card(
        5,
        name="Облако не приняло пароль",
        tone="danger",
        status="Ошибка",
        trouble_tone="danger",
        trouble_title="Облако не приняло учётные данные",
        trouble_text="Проверьте логин и пароль и сохраните подключение заново.",
    ),
    _card(
        6,
        name="Остановлено",
        tone="neutral",
        status="Остановлено",
        is_suspended=True,
        next_sync="приостановлено",
        next_sync_at="",
    ),
    _card(
        7,
        name="Ещё не синхронизировалось",
        money=[],
        resources="нет ресурсов",
        last_sync="ещё не было",
        last_sync_at="",
        schedule="вручную",
        next_sync="вручную",
    ),
    _card(
        8,
        name="Из кластера",
        is_managed=True,
        managed_by="finops/beget-main",
        commands=[
            CommandView(
                title="Состояние",
                command="kubectl --namespace finops get cloudconnection beget-main",
            )
        ],
    ),
]
