"""What the settings say of people, tokens, sign-ins and the log."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from infrazen.db.queries.audit import AuditEvent, AuditFilter
from infrazen.domain.people import ApiToken, Member, SignIn
from infrazen.domain.roles import SCOPES, Permission, Role
from infrazen.services.use_case import USE_CASES
from infrazen_ui.backend.audit_query import AREAS
from infrazen_ui.locales import Language, catalogue
from infrazen_ui.present import audit_log
from infrazen_ui.present.devices import device, is_phone
from infrazen_ui.present.eyes import Eyes
from infrazen_ui.present.people import person_rows
from infrazen_ui.present.sign_ins import sign_in_rows
from infrazen_ui.present.tokens import token_rows

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
EYES = Eyes(language=Language.RU, zone=ZoneInfo("Europe/Moscow"), now=NOW)
ENGLISH = replace(EYES, language=Language.EN)

EVENT = AuditEvent(
    sequence=7,
    at=NOW,
    actor="anna@example.com",
    actor_kind="user",
    action="user.add",
    target="boris@example.com",
    outcome="done",
    address="192.0.2.7",
    details={"role": "viewer"},
)


def told(eyes=EYES, **changes) -> audit_log.AuditRow:
    (row,) = audit_log.audit_rows([replace(EVENT, **changes)], eyes=eyes)
    return row


# Actions that log under two names, or without a use case's own.
MORE_ACTIONS = {
    "session.start",
    "session.end",
    "user.change-password",
    "user.change-email",
    "user.enable",
    "user.disable",
    "connection.resume",
    "connection.take-over",
    "connection.take-up",
}


def test_every_action_has_its_sentences():
    actions = {each.audit for each in USE_CASES.values() if each.audit} | MORE_ACTIONS
    for language in Language:
        known = {
            key.removeprefix("audit_action.").rpartition(".")[0]
            for key in catalogue(language)
            if key.startswith("audit_action.")
        }
        assert actions <= known, actions - known
        assert {action.partition(".")[0] for action in actions} == set(AREAS)


def test_every_scope_and_role_has_a_name():
    for language in Language:
        assert {f"scope.{scope.value}" for scope in SCOPES} <= catalogue(language).keys()
        for role in Role:
            assert {f"role.{role}.name", f"role.{role}.can"} <= catalogue(language).keys()


@pytest.mark.parametrize(
    ("changes", "sentence", "details"),
    [
        ({}, "Добавлен пользователь boris@example.com", "роль: Наблюдатель"),
        (
            {"action": "user.set-role", "details": {"from": "viewer", "to": "finops"}},
            "Изменена роль boris@example.com",
            "Наблюдатель → FinOps-специалист",
        ),
        (
            {"action": "user.set-enabled", "details": {"enabled": False}},
            "Отключён доступ boris@example.com",
            "",
        ),
        (
            {"action": "user.set-enabled", "details": {"enabled": True}},
            "Открыт доступ boris@example.com",
            "",
        ),
        (
            {
                "action": "token.create",
                "target": "CI",
                "details": {"scopes": ["cost:read", "export"], "days": 30},
            },
            "Создан токен CI",
            "права: читать расходы, выгружать данные · срок: 30 дн.",
        ),
        (
            {
                "action": "organization.change",
                "target": "main",
                "details": {"name": "Рога", "time_zone": "UTC", "currency": "RUB"},
            },
            "Изменена организация main",
            "Рога · UTC · RUB",
        ),
        (
            {"action": "connection.add", "target": "b", "details": {"provider": "beget"}},
            "Добавлено подключение b",
            "провайдер: Beget",
        ),
        (
            {"action": "connection.remove", "target": "b", "details": {"keep_history": False}},
            "Удалено подключение b",
            "история стёрта",
        ),
        ({"action": "session.start", "target": "", "details": {}}, "Вход в систему", ""),
        (
            {
                "action": "rule.set",
                "target": "idle_server",
                "details": {"is_enabled": True, "parameters": {"average_percent": 3}},
            },
            "Изменено правило «Простаивающий сервер»",
            "включено: да · параметры: Процессор в среднем ниже, %: 3",
        ),
        (
            {
                "action": "recommendation.decide",
                "details": {"rule": "low_balance", "resource": "vm-1", "state": "in_progress"},
            },
            "Принято решение по рекомендации",
            "правило: Баланс на исходе · ресурс: vm-1 · решение: в работе",
        ),
        (
            {"action": "connection.edit", "target": "b", "details": {"changed": ["password", "x"]}},
            "Изменено подключение b",
            "изменено: пароль API, x",
        ),
        (
            {"action": "resource.context", "target": "7", "details": {"fields": ["owner"]}},
            "Изменён бизнес-контекст ресурсов: 7",
            "поля: владелец",
        ),
        (
            {
                "action": "resource.price",
                "target": "vps/1",
                "details": {"price": "1500 RUB / month", "reason": "Скидка"},
            },
            "Задана своя цена ресурса vps/1",
            "цена: 1500 RUB в месяц · причина: Скидка",
        ),
        (
            {
                "action": "resource.bulk-change",
                "target": "3",
                "details": {"put": ["team"], "only_these": True},
            },
            "Массово изменены ресурсы: 3",
            "заданы: team · остальные теги убраны",
        ),
        (
            {"action": "new.thing", "target": "x", "details": {"a": {"b": 1}, "c": list(range(9))}},
            "Действие new.thing: x",
            "a: b: 1 · c: 0, 1, 2, 3, 4, 5, 6, 7…",
        ),
        (
            {"details": {"role": "emperor"}},
            "Добавлен пользователь boris@example.com",
            "роль: emperor",
        ),
    ],
)
def test_what_was_done_in_a_sentence(changes, sentence, details):
    row = told(**changes)
    assert (row["sentence"], row["details"]) == (sentence, details)
    assert not row["is_refused"]


def test_what_was_refused_says_so_and_why():
    row = told(outcome="Forbidden", target="", details={})
    assert row["sentence"] == "Попытка добавить пользователя"
    assert (row["is_refused"], row["outcome"]) == (True, "недостаточно прав")
    wrong = told(action="session.start", outcome="Unauthenticated", target="")
    assert (wrong["sentence"], wrong["outcome"]) == ("Неудачный вход", "неверный пароль")
    assert told(outcome="Strange")["outcome"] == "Strange"


def test_who_did_it():
    assert (told()["actor_name"], told()["actor_note"]) == ("anna@example.com", "")
    token = told(actor="anna@example.com (CI (main))", actor_kind="token")
    assert token["actor_name"] == "anna@example.com"
    assert token["actor_note"] == "через токен «CI (main)»"
    assert told(actor="local operator", actor_kind="system")["actor_name"] == "Оператор сервера"


@pytest.mark.parametrize(
    ("numbers", "shown"), [([120, 100, 71], "записи № 120–71"), ([8], "запись № 8"), ([], "")]
)
def test_which_records_a_page_shows(numbers, shown):
    events = [replace(EVENT, sequence=number) for number in numbers]
    assert audit_log.shown_numbers(events, language=Language.RU) == shown


def test_the_log_in_english():
    row = told(ENGLISH)
    assert row["sentence"] == "Added the user boris@example.com"
    assert row["details"] == "role: Viewer"


def test_things_are_called_as_people_call_them():
    row = told(action="connection.edit", target="beget-main", called="Beget, основной", details={})
    assert (row["sentence"], row["called"]) == (
        "Изменено подключение «Beget, основной»",
        "Beget, основной",
    )
    assert row["target"] == "beget-main"
    many = {"action": "resource.tags", "target": "1, 2 and 3 more", "called": "a, b and 3 more"}
    assert told(**many)["sentence"] == "Изменены теги ресурсов: a, b и ещё 3"
    assert told(ENGLISH, **many)["sentence"].endswith(": a, b and 3 more")
    kept = {"called": "Shop", "id": str(uuid4()), "price": "5 RUB / day"}
    assert told(action="resource.price", details=kept)["details"] == "цена: 5 RUB в день"


def test_what_is_still_there_has_a_link():
    one = str(uuid4())
    assert told(action="resource.annotate", subject=one)["href"] == f"/resources/{one}"
    assert told(action="secret.reveal", subject=one)["href"] == f"/resources/{one}"
    assert told(action="connection.edit", subject=one)["href"] == f"/connections/{one}"
    assert told(action="sync.request", subject=one)["href"] == f"/connections/{one}"
    assert told(action="recommendation.decide", target=one)["href"] == (
        f"/recommendations?open={one}"
    )
    assert told(action="recommendation.decide", target="")["href"] == ""
    assert told(action="resource.annotate", target=one)["href"] == ""
    assert told()["href"] == ""


def test_the_choice_of_one_thing_says_what_that_is_called():
    event = replace(EVENT, action="sync.request", target="beget-main", called="Beget, основной")
    wanted = AuditFilter(target="beget-main")
    (chip,) = audit_log.chips(wanted, [event], language=Language.RU)
    assert (chip["value"], chip["label"]) == ("beget-main", "Beget, основной")
    (alone,) = audit_log.chips(wanted, language=Language.RU)
    assert alone["label"] == "beget-main"


def test_choices_keep_what_is_asked_for():
    wanted = AuditFilter(actors=("gone@example.com",), areas=("user",), since=NOW.date())
    names = audit_log.actor_choices(["a@example.com"], wanted, language=Language.RU)
    assert [(one["value"], one["is_chosen"]) for one in names] == [
        ("a@example.com", False),
        ("gone@example.com", True),
    ]
    chips = audit_log.chips(wanted, language=Language.RU)
    assert [chip["label"] for chip in chips] == [
        "Пользователи",
        "gone@example.com",
        "с 23 нояб. 2026",
    ]


PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1"
WINDOWS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 {} Safari/537.36"
)


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (PHONE, "Safari, iPhone"),
        (WINDOWS.format(""), "Chrome, Windows"),
        (WINDOWS.format("YaBrowser/24.10"), "Яндекс Браузер, Windows"),
        (WINDOWS.format("Edg/130.0"), "Edge, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Firefox/130.0", "Firefox, Linux"),
        ("curl/8.9.1", "curl"),
        ("", "Неизвестное устройство"),
        ("x" * 300, "x" * 40),
    ],
)
def test_devices(agent, name):
    assert device(agent, language=Language.RU) == name
    assert is_phone(agent) is (agent == PHONE)


def sign_in(minutes: int, *, is_current: bool = False) -> SignIn:
    return SignIn(
        id=f"{minutes:016x}",
        created_at=NOW - timedelta(days=2),
        seen_at=NOW - timedelta(minutes=minutes),
        expires_at=NOW + timedelta(days=1),
        address="",
        agent=PHONE,
        is_current=is_current,
    )


def test_this_sign_in_comes_first_and_each_says_when_it_was_used():
    rows = sign_in_rows([sign_in(1), sign_in(90), sign_in(30, is_current=True)], eyes=EYES)
    assert [row["is_current"] for row in rows] == [True, False, False]
    assert [row["seen"] for row in rows] == [
        "активен сейчас",
        "активен сейчас",
        "был активен 2\xa0часа назад",
    ]
    assert rows[0]["address"] == "адрес неизвестен"


def token(**changes) -> ApiToken:
    usual = ApiToken(
        id=uuid4(),
        user_id=uuid4(),
        owner="anna@example.com",
        name="CI",
        prefix="izt_abcdefgh",
        scopes=frozenset({Permission.EXPORT, Permission.COST_READ}),
        created_at=NOW,
        expires_at=NOW + timedelta(days=60),
        used_at=None,
        revoked_at=None,
    )
    return replace(usual, **changes)


def test_tokens_that_work_come_first():
    found = [
        token(name="revoked", revoked_at=NOW),
        token(name="expired", expires_at=NOW),
        token(name="soon", expires_at=NOW + timedelta(days=3), used_at=NOW - timedelta(hours=1)),
        token(name="all", scopes=SCOPES),
    ]
    rows = token_rows(found, me=found[2].user_id, eyes=EYES)
    assert [(row["name"], row["state"]) for row in rows] == [
        ("soon", "Действует"),
        ("all", "Действует"),
        ("revoked", "Отозван"),
        ("expired", "Истёк"),
    ]
    soon, every = rows[0], rows[1]
    assert (soon["expires_note"], soon["used"]) == ("осталось 3 дня", "1\xa0час назад")
    assert (soon["scopes"], soon["scopes_list"]) == ("2 права", "Читать расходы, выгружать данные")
    assert (soon["is_mine"], every["is_mine"]) == (True, False)
    assert (every["scopes"], every["scopes_list"]) == ("все права", "")
    assert every["used"] == "ни разу"


def test_people_beyond_ones_reach_cannot_be_changed():
    members = [
        Member(
            user_id=uuid4(),
            email=f"{role}@example.com",
            name="Анна Петрова",
            role=role,
            is_disabled=role is Role.VIEWER,
            since=NOW,
            last_sign_in_at=None,
        )
        for role in (Role.OWNER, Role.VIEWER)
    ]
    rows = person_rows(members, roles=[Role.VIEWER], me=members[0].user_id, eyes=EYES)
    assert [(row["is_changeable"], row["is_me"]) for row in rows] == [(False, True), (True, False)]
    assert [row["state"] for row in rows] == ["Активен", "Отключён"]
    assert (rows[0]["initials"], rows[0]["last"]) == ("АП", "ещё не входил")
