"""What states keep for the screen."""

import pytest

from infrazen.domain.roles import GRANTS, Permission, Role
from infrazen_ui.backend.calls import Refused
from infrazen_ui.locales import Language
from infrazen_ui.states.entry import EntryState
from infrazen_ui.states.language import LanguageState, spoken
from infrazen_ui.states.notices import notify, notify_refused
from infrazen_ui.states.session import SessionState, initials
from infrazen_ui.states.troubles import on_backend_error
from tests.people import sign_in_colleague
from tests.ui.browsers import run, tab


def state_of(browser, kind):
    return run(browser.get_state(kind))


def test_the_shell_shows_who_is_signed_in(owner):
    mine = state_of(tab(owner.cookie), SessionState)
    run(SessionState.load.fn(mine))
    assert (mine.name, mine.initials, mine.organization) == ("Анна Петрова", "АП", "Нейрокола")
    assert mine.role == "owner"
    assert set(mine.may) == {one.value for one in Permission}
    assert mine.is_ready


def test_the_shell_hides_what_a_role_may_not(owner):
    viewer = sign_in_colleague(owner, Role.VIEWER)
    mine = state_of(tab(viewer.cookie), SessionState)
    run(SessionState.load.fn(mine))
    assert set(mine.may) == {one.value for one in GRANTS[Role.VIEWER]}


def test_a_stranger_gets_no_shell(database):
    mine = state_of(tab(), SessionState)
    run(SessionState.load.fn(mine))
    assert not mine.is_ready
    assert mine.name == ""


def test_the_account_decides_the_language_when_its_owner_comes(owner):
    browser = tab(owner.cookie)
    state_of(browser, LanguageState).language = "en"
    run(SessionState.load.fn(state_of(browser, SessionState)))
    assert state_of(browser, LanguageState).language == "ru"


@pytest.mark.parametrize("sent", ["de", "", None, {"$": 1}, 3, ["en"]])
def test_a_strange_language_is_russian(owner, sent):
    browser = tab(owner.cookie)
    choice = state_of(browser, LanguageState)
    run(LanguageState.choose.fn(choice, sent))
    assert choice.language == "ru"
    choice.language = sent
    assert run(spoken(choice)) is Language.RU


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Анна Петрова", "АП"), ("ivan", "I"), ("  ", ""), ("а б в", "АБ"), ("", "")],
)
def test_initials(name, shown):
    assert initials(name) == shown


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_refused_sign_in_is_explained(database, language):
    browser = tab()
    state_of(browser, LanguageState).language = language
    entry = state_of(browser, EntryState)
    answer = {"ok": False, "form": "sign-in", "reason": "Unauthenticated", "retry_after": 0}
    run(EntryState.answered.fn(entry, answer))
    assert ("парол" in entry.title) is (language == "ru")
    EntryState.begin.fn(entry)
    assert entry.title == ""


def test_a_wrong_field_of_the_setup_is_marked(database):
    entry = state_of(tab(), EntryState)
    answer = {"ok": False, "form": "setup", "reason": "Invalid", "field": "password"}
    run(EntryState.answered.fn(entry, answer))
    assert entry.field == "password"


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"ok": False},
        {"reason": ["x"], "form": {"a": 1}, "field": "<b>", "retry_after": "soon"},
        {"reason": "Nope", "form": "../..", "field": "__class__", "retry_after": True},
        {"reason": "TooManyAttempts", "retry_after": -5},
        {"reason": "TooManyAttempts", "retry_after": float("inf")},
        {"reason": "TooManyAttempts", "retry_after": float("nan")},
        [],
        "text",
        None,
    ],
)
def test_an_answer_of_any_shape_does_no_harm(database, answer):
    entry = state_of(tab(), EntryState)
    run(EntryState.answered.fn(entry, answer))
    assert "<b>" not in entry.field
    assert entry.field in ("", "password")


def test_success_needs_no_words(database):
    entry = state_of(tab(), EntryState)
    run(EntryState.answered.fn(entry, {"ok": True}))
    assert entry.title == ""


def test_the_sign_in_page_knows_an_empty_installation(database):
    entry = state_of(tab(), EntryState)
    run(EntryState.look.fn(entry))
    assert entry.is_new


def test_the_sign_in_page_knows_a_lived_in_one(owner):
    entry = state_of(tab(), EntryState)
    run(EntryState.look.fn(entry))
    assert not entry.is_new


def test_notices_carry_their_words():
    assert "Сохранено" in str(notify("Сохранено"))
    shown = str(notify_refused(Refused(reason="AlreadyRunning"), Language.EN))
    assert "already running" in shown


def test_a_broken_handler_is_told_in_both_languages_and_without_details(caplog):
    shown = str(on_backend_error(RuntimeError("select * from secrets")))
    assert "secrets" not in shown
    assert "Something went wrong" in shown
    assert "RuntimeError" in caplog.text
