"""The settings' states: role by role, what browsers may send, and what is never kept."""

import re
from uuid import uuid4

import pytest
from reflex.event import EventSpec

from infrazen.domain.roles import Role
from infrazen.errors import Unauthenticated
from infrazen.services import audit, organizations, people, tokens
from infrazen.services.sign_in import actor_for_session, actor_for_token, sign_in
from infrazen_ui.backend.audit_query import SIZE
from infrazen_ui.backend.calls import Refused
from infrazen_ui.backend.visitors import visitors
from infrazen_ui.states.audit_log import AuditState
from infrazen_ui.states.language import LanguageState
from infrazen_ui.states.my_profile import EMAIL_FORM, PASSWORD_FORM, ProfileState
from infrazen_ui.states.my_sign_ins import SignInsState
from infrazen_ui.states.organization import OrganizationState
from infrazen_ui.states.people import PeopleState, PersonFormState
from infrazen_ui.states.session import SessionState
from infrazen_ui.states.tokens import TokensState
from tests.people import PASSWORD, Person, sign_in_colleague
from tests.ui.browsers import drain, run, tab

ODD = [None, 3, True, ["x"], {"$": 1}, "' or 1=1 --", "x" * 5000]


def state_of(browser, kind):
    return run(browser.get_state(kind))


def loaded(person: Person, kind, address: str = "/settings"):
    """A section's state in a new tab, loaded."""
    browser = tab(person.cookie, address=address)
    run(state_of(browser, SessionState).load())
    state = state_of(browser, kind)
    run(state.load())
    return state


def notices(said) -> str:
    """What an answer of a handler shows, as text."""
    events = said if isinstance(said, list) else [said]
    told = " ".join(
        str(value) for event in events if isinstance(event, EventSpec) for _, value in event.args
    )
    return re.sub(r"\\+u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), told)


def secret_in(script: str) -> str:
    """What goes to the browser's secret panel."""
    found = re.search(r'showSecret.*?value[\\"]+: [\\"]+([\w-]+)', script)
    assert found
    return found[1]


def kept(state) -> str:
    """All that a tab's states hold, hidden vars included."""
    root = state._get_root_state()

    def below(one):
        yield one
        for child in one.substates.values():
            yield from below(child)

    return repr([[one.dict(), one._backend_vars] for one in below(root)])


def of_name(state, name: str):
    return next(row for row in state.rows if row["name"] == name)


@pytest.mark.parametrize(
    ("role", "phases"),
    [
        (Role.ADMIN, ("ready", "ready", "ready")),
        (Role.FINOPS, ("forbidden", "ready", "forbidden")),
        (Role.FINANCE, ("forbidden", "ready", "forbidden")),
        (Role.VIEWER, ("forbidden", "forbidden", "forbidden")),
    ],
)
def test_role_by_role(owner, role, phases):
    colleague = sign_in_colleague(owner, role)
    shown = [loaded(colleague, kind) for kind in (PeopleState, TokensState, AuditState)]
    assert tuple(state.phase for state in shown) == phases
    for state in shown:
        assert bool(state.rows) is (state.phase == "ready" and not isinstance(state, TokensState))
    assert loaded(colleague, OrganizationState).zones == []
    assert loaded(colleague, SignInsState).rows
    assert loaded(owner, OrganizationState).zones


def test_stored_data_that_make_no_sense_are_not_called_a_mistake_of_the_reader(
    owner, monkeypatch, caplog
):
    refusal = Refused(reason="Invalid", message="time zone: there is no 'Mars/Base'")

    async def refused(_state):
        return refusal

    monkeypatch.setattr("infrazen_ui.backend.organization.my_organization", refused)
    state = loaded(owner, OrganizationState)
    assert (state.phase, state.problem) == ("failed", "Сохранённые данные повреждены")
    assert "журнале сервера" in state.advice
    assert "Mars/Base" in caplog.text


def test_a_new_person_gets_a_password_that_no_state_keeps(owner):
    state = loaded(owner, PeopleState)
    form = run(state.get_state(PersonFormState))
    form.set_open(True)
    said = drain(
        form.add({"email": "Vera@Example.com", "name": " Вера ", "role": "finops", "x": "y"})
    )
    password = secret_in(notices(said))
    assert sign_in(email="vera@example.com", password=password)
    assert "vera@example.com" in kept(state)
    assert password not in kept(state)
    assert not form.is_open
    assert of_name(state, "Вера")["role"] == "finops"


@pytest.mark.parametrize(
    ("entered", "field"),
    [
        ({"email": "no address", "name": "A", "role": "viewer"}, "email"),
        ({"email": "a@example.com", "name": "", "role": "viewer"}, "name"),
        ({"email": "a@example.com", "name": "A", "role": "emperor"}, "role"),
        ({"email": "a@example.com", "name": "A"}, "role"),
    ],
)
def test_what_is_wrong_stands_at_its_input(owner, entered, field):
    state = loaded(owner, PeopleState)
    form = run(state.get_state(PersonFormState))
    form.set_open(True)
    drain(form.add(entered))
    assert list(form.errors) == [field]
    assert form.is_open
    assert len(people.list_people(owner.actor)) == 1


def test_a_known_address_is_explained(owner):
    state = loaded(owner, PeopleState)
    form = run(state.get_state(PersonFormState))
    drain(form.add({"email": owner.email, "name": "Ещё раз", "role": "viewer"}))
    assert form.problem == "Этот адрес уже занят"


def test_an_administrator_neither_makes_nor_touches_owners(owner):
    admin = sign_in_colleague(owner, Role.ADMIN)
    state = loaded(admin, PeopleState)
    assert "owner" not in state.roles
    anna = of_name(state, "Анна Петрова")
    assert anna["is_changeable"] is False
    run(state.ask("role", anna["id"]))
    assert "роль этого не позволяет" in notices(run(state.change_role({"role": "viewer"})))
    run(state.ask("disable", anna["id"]))
    assert "роль этого не позволяет" in notices(drain(state.confirm()))
    assert people.list_people(owner.actor)[0].role is Role.OWNER


def test_the_last_owner_stays(owner):
    state = loaded(owner, PeopleState)
    anna = of_name(state, "Анна Петрова")
    run(state.ask("role", anna["id"]))
    assert state.title == "Роль: Анна Петрова"
    assert "последний владелец" in notices(run(state.change_role({"role": "admin"})))
    assert state.asked == ""
    assert people.list_people(owner.actor)[0].role is Role.OWNER


def test_a_role_changes_at_once(owner):
    colleague = sign_in_colleague(owner, Role.VIEWER)
    state = loaded(owner, PeopleState)
    run(state.ask("role", of_name(state, "Борис")["id"]))
    assert state.chosen_role == "viewer"
    assert "Роль изменена: Финансы" in notices(run(state.change_role({"role": "finance"})))
    assert of_name(state, "Борис")["role_name"] == "Финансы"
    assert loaded(colleague, TokensState).phase == "ready"


def test_access_ends_and_comes_back(owner):
    colleague = sign_in_colleague(owner, Role.VIEWER)
    state = loaded(owner, PeopleState)
    boris = of_name(state, "Борис")["id"]
    run(state.ask("disable", boris))
    drain(state.confirm())
    assert of_name(state, "Борис")["is_disabled"]
    assert actor_for_session(colleague.cookie) is None
    assert run(visitors().find(colleague.cookie)) is None
    run(state.enable(boris))
    assert not of_name(state, "Борис")["is_disabled"]
    assert sign_in(email=colleague.email, password=PASSWORD)


def test_a_reset_shows_another_password_once(owner):
    colleague = sign_in_colleague(owner, Role.VIEWER)
    state = loaded(owner, PeopleState)
    run(state.ask("reset", of_name(state, "Борис")["id"]))
    password = secret_in(notices(drain(state.confirm())))
    assert sign_in(email=colleague.email, password=password)
    with pytest.raises(Unauthenticated):
        sign_in(email=colleague.email, password=PASSWORD)
    assert password not in kept(state)
    drain(state.confirm())
    assert sign_in(email=colleague.email, password=password)


def test_who_is_removed_is_gone(owner):
    sign_in_colleague(owner, Role.VIEWER)
    state = loaded(owner, PeopleState)
    run(state.ask("remove", of_name(state, "Борис")["id"]))
    drain(state.confirm())
    assert [row["name"] for row in state.rows] == ["Анна Петрова"]


@pytest.mark.parametrize("odd", ODD)
def test_odd_input_does_nothing_to_people(owner, odd):
    state = loaded(owner, PeopleState)
    run(state.ask(odd, odd))
    run(state.ask("remove", odd))
    assert state.asked == ""
    assert run(state.change_role(odd)) is None
    assert run(state.enable(odd)) is None
    assert drain(state.confirm()) == []
    drain(run(state.get_state(PersonFormState)).add(odd))
    assert len(people.list_people(owner.actor)) == 1


def test_a_stranger_of_another_organization_is_out_of_reach(owner, database):
    other = organizations.ensure_organization("Другая")
    state = loaded(owner, PeopleState)
    assert "Этого здесь нет" in notices(run(state.enable(str(uuid4()))))
    assert str(other.id) not in kept(state)


def test_a_token_is_shown_once_and_works(owner):
    state = loaded(owner, TokensState)
    state.set_open(True)
    said = drain(state.create({"name": "CI", "days": "30", "scope.cost:read": "on"}))
    secret = secret_in(notices(said))
    assert secret.startswith("izt_")
    assert actor_for_token(secret) is not None
    assert secret not in kept(state)
    assert not state.is_open
    (row,) = state.rows
    assert row["scopes_list"] == "Читать расходы"
    state.ask(row["id"])
    assert state.asked_name == "CI"
    assert "Токен отозван" in notices(run(state.revoke()))
    assert actor_for_token(secret) is None
    assert state.rows[0]["is_alive"] is False


@pytest.mark.parametrize(
    ("entered", "fields"),
    [
        ({"name": "", "days": "30", "scope.cost:read": "on"}, ["name"]),
        ({"name": "CI", "days": "30"}, ["scopes"]),
        ({"name": "CI", "days": "30", "scope.token:write": "on"}, ["scopes"]),
        ({"name": "x" * 101, "days": "30"}, ["name", "scopes"]),
        ({"name": "CI", "days": "9999", "scope.cost:read": "on"}, []),
    ],
)
def test_bad_tokens_are_not_made(owner, entered, fields):
    state = loaded(owner, TokensState)
    drain(state.create(entered))
    assert list(state.errors) == fields
    assert tokens.list_tokens(owner.actor) == []


def test_nobody_hands_out_rights_beyond_their_own(owner):
    finance = sign_in_colleague(owner, Role.FINANCE)
    state = loaded(finance, TokensState)
    assert "scope.user:write" not in {choice["name"] for choice in state.scopes}
    drain(state.create({"name": "CI", "days": "30", "scope.user:write": "on"}))
    assert state.form_problem == "Недостаточно прав"
    assert tokens.list_tokens(owner.actor) == []


def test_managers_see_everybodys_tokens_and_others_their_own(owner):
    finance = sign_in_colleague(owner, Role.FINANCE)
    drain(loaded(finance, TokensState).create({"name": "F", "days": "7", "scope.export": "on"}))
    assert loaded(owner, TokensState).has_others
    drain(loaded(owner, TokensState).create({"name": "O", "days": "7", "scope.export": "on"}))
    assert [row["name"] for row in loaded(finance, TokensState).rows] == ["F"]


@pytest.mark.parametrize("odd", ODD)
def test_odd_input_makes_and_revokes_no_token(owner, odd):
    drain(loaded(owner, TokensState).create({"name": "CI", "days": "7", "scope.export": "on"}))
    state = loaded(owner, TokensState)
    drain(state.create(odd))
    state.ask(odd)
    assert run(state.revoke()) is None
    assert [token.revoked_at for token in tokens.list_tokens(owner.actor)] == [None]


def test_the_organization_changes_and_changes_back(owner):
    state = loaded(owner, OrganizationState)
    said = run(state.save({"name": "Рога", "time_zone": "Asia/Omsk", "currency": "KZT"}))
    assert "Изменения сохранены" in notices(said)
    now = organizations.current_organization(owner.actor)
    assert (now.name, now.time_zone, now.currency) == ("Рога", "Asia/Omsk", "KZT")
    assert state.is_undoable
    run(state.undo())
    now = organizations.current_organization(owner.actor)
    assert (now.name, now.time_zone, now.currency) == ("Нейрокола", "Europe/Moscow", "RUB")
    assert not state.is_undoable
    assert run(state.undo()) is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"currency": "?"}, "currency"),
    ],
)
def test_a_bad_organization_is_refused_at_its_input(owner, change, field):
    state = loaded(owner, OrganizationState)
    entered = {"name": "Нейрокола", "time_zone": "Europe/Moscow", "currency": "RUB"} | change
    assert run(state.save(entered)) is None
    assert list(state.errors) == [field]
    assert organizations.current_organization(owner.actor).name == "Нейрокола"


def test_only_owners_change_the_organization(owner):
    admin = sign_in_colleague(owner, Role.ADMIN)
    state = loaded(admin, OrganizationState)
    said = run(state.save({"name": "Рога", "time_zone": "UTC", "currency": "RUB"}))
    assert "Недостаточно прав" in notices(said)
    assert organizations.current_organization(owner.actor).name == "Нейрокола"


def test_sign_ins_end_one_by_one_and_all_together(owner):
    first, second = (sign_in(email=owner.email, password=PASSWORD).cookie for _ in range(2))
    state = loaded(owner, SignInsState)
    assert [row["is_current"] for row in state.rows] == [True, False, False]
    run(state.end(state.rows[1]["id"]))
    assert len(state.rows) == 2
    state.ask()
    assert state.is_asking
    assert "завершены" in notices(run(state.end_others()))
    assert len(state.rows) == 1
    assert not state.is_asking
    assert [actor_for_session(cookie) for cookie in (first, second)] == [None, None]
    assert actor_for_session(owner.cookie)


def test_nobody_ends_somebody_elses_sign_in(owner):
    colleague = sign_in_colleague(owner, Role.VIEWER)
    theirs = loaded(colleague, SignInsState).rows[0]["id"]
    state = loaded(owner, SignInsState)
    assert "Этого здесь нет" in notices(run(state.end(theirs)))
    for odd in ODD:
        run(state.end(odd))
    assert actor_for_session(colleague.cookie)


def test_a_new_name_shows_at_once(owner):
    state = loaded(owner, ProfileState)
    assert (state.role, state.zone) == ("Владелец", "Europe/Moscow")
    said = drain(state.rename({"name": " Анна Иванова "}))
    assert "Изменения сохранены" in notices(said)
    session = run(state.get_state(SessionState))
    run(session.load())
    assert (session.name, session.initials) == ("Анна Иванова", "АИ")
    drain(state.rename({"name": ""}))
    assert state.name_error == "Укажите имя."


def test_what_the_api_says_of_a_password_is_explained(owner):
    state = loaded(owner, ProfileState)
    drain(
        state.answered(
            {"ok": False, "form": PASSWORD_FORM, "reason": "Invalid", "field": "current"}
        )
    )
    assert (state.failed, state.field) == (PASSWORD_FORM, "current")
    drain(
        state.answered(
            {"ok": False, "form": EMAIL_FORM, "reason": "Conflict", "field": "", "retry_after": 0}
        )
    )
    assert (state.failed, state.problem) == (EMAIL_FORM, "Этот адрес уже занят")
    state.begin()
    assert state.problem == ""
    assert "Пароль изменён" in notices(drain(state.answered({"ok": True, "form": PASSWORD_FORM})))
    for odd in (*ODD, {"form": "other", "ok": True}, {"ok": True}):
        assert drain(state.answered(odd)) == []


def led_to(said) -> str:
    (path,) = [str(value) for key, value in said.args if str(key) == "path"]
    return path.strip('"')


def test_the_log_shows_what_the_address_says(owner):
    sign_in_colleague(owner, Role.VIEWER)
    state = loaded(owner, AuditState, "/settings/audit?area=user")
    assert [row["sentence"] for row in state.rows] == ["Добавлен пользователь boris@example.com"]
    assert state.export_href.endswith("audit.csv?area=user")
    assert led_to(state.toggle("area", "user")) == "/settings/audit"
    assert led_to(state.toggle("actor", owner.email)).endswith("actor=anna%40example.com&area=user")
    assert led_to(state.choose_outcome("refused")) == "/settings/audit?area=user&outcome=refused"
    dated = led_to(state.choose_days({"since": "2026-11-01", "until": "nonsense"}))
    assert dated == "/settings/audit?area=user&since=2026-11-01"
    assert led_to(state.clear()) == "/settings/audit"
    assert loaded(owner, AuditState, "/settings/audit?area=secret").phase == "nothing"
    assert "x" in loaded(owner, AuditState, "/settings/audit?x=1").odd


def test_the_log_goes_page_by_page_and_back(owner):
    for number in range(SIZE + 5):
        people.add_person(
            owner.actor,
            email=f"p{number}@example.com",
            name="P",
            role=Role.VIEWER,
            password=PASSWORD,
        )
    newest = loaded(owner, AuditState, "/settings/audit?area=user")
    assert (len(newest.rows), newest.has_newer, newest.has_older) == (SIZE, False, True)
    older = loaded(owner, AuditState, led_to(newest.go(1)))
    assert (len(older.rows), older.has_newer, older.has_older) == (5, True, False)
    back = tab(owner.cookie, address=led_to(older.go(-1)))
    assert led_to(run(state_of(back, AuditState).load())) == "/settings/audit?area=user"
    oldest = loaded(owner, AuditState, "/settings/audit?area=user&after=1")
    assert (len(oldest.rows), oldest.has_newer, oldest.has_older) == (SIZE, True, True)


def test_a_whole_log_and_a_changed_one_are_told_apart(owner, database):
    sign_in_colleague(owner, Role.VIEWER)
    state = loaded(owner, AuditState)
    assert "Журнал цел" in notices(run(state.verify()))
    with database.writing() as session:
        session.connection().exec_driver_sql(
            "UPDATE audit_event SET actor = 'm' WHERE sequence = 2"
        )
    assert "Начиная с записи № 2" in notices(run(state.verify()))
    assert audit.verify_log(owner.actor) == 2


@pytest.mark.parametrize("odd", ODD)
def test_odd_input_leads_to_the_whole_log(owner, odd):
    state = loaded(owner, AuditState, "/settings/audit")
    for said in (state.toggle(odd, odd), state.choose_outcome(odd), state.choose_days(odd)):
        assert led_to(said) == "/settings/audit"


def test_the_settings_speak_english(owner):
    browser = tab(owner.cookie, address="/settings/people")
    run(browser.get_state(LanguageState)).language = "en"
    state = state_of(browser, PeopleState)
    run(state.load())
    assert (state.count, state.rows[0]["role_name"]) == ("1 person", "Owner")
