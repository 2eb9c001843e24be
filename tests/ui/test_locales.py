"""Both catalogues say the same things, and say nothing that nobody asks for."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import infrazen_ui
from infrazen import errors
from infrazen_ui.locales import Language, catalogue, plural, text
from infrazen_ui.locales.typesetting import kept_together
from infrazen_ui.present.failures import UNKNOWN, explain
from infrazen_ui.states.entry import FORMS

SOURCES = Path(infrazen_ui.__file__).parent
ASKING = {"t", "text", "plural", "counted"}
ASKING_BY_TITLE = {"page", "public_page"}
# Keys made from a value of the program: their last part is not written in the sources.
FAMILIES = (
    "audit_action.",
    "audit_area.",
    "audit_detail.",
    "audit_field.",
    "my_sessions.said.",
    "palette.action.",
    "people.ask.",
    "role.",
    "scope.",
    "settings.said.",
    "settings.section.",
    "tokens.lasts.",
    "bulk.",
    "compare.section.",
    "lifecycle.",
    "managed.alert.",
    "managed.command.",
    "managed.condition.",
    "managed.note.",
    "managed.state.",
    "managed.truth.",
    "condition_reason.",
    "connection_word.",
    "error.",
    "error_at.",
    "unit.",
    "overrides.said.",
    "overrides.text.",
    "overrides.title.",
    "overrides.what.",
    "overrides.wrong.",
    "recommendations.",
    "resource.owner_field.",
    "resource.said.",
    "resource_word.",
    "resources.column.",
    "resources.facet.",
    "resources.order.",
    "resources.payable.",
    "unread.",
    "views.said_",
)
FORMS_NEEDED = {Language.RU: {"one", "few", "many", "other"}, Language.EN: {"one", "other"}}


def keys_asked_for() -> Iterator[tuple[str, str]]:
    """(key, file) of every text that the sources ask for by a literal."""
    for file in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield from ((key, file.name) for key in _keys(node))


def _keys(call: ast.Call) -> Iterator[str]:
    name = getattr(call.func, "id", None) or getattr(call.func, "attr", None)
    place = {**dict.fromkeys(ASKING, 0), **dict.fromkeys(ASKING_BY_TITLE, 1)}.get(name or "")
    if place is None or len(call.args) <= place:
        return
    asked = call.args[place]
    for node in (asked.body, asked.orelse) if isinstance(asked, ast.IfExp) else (asked,):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def reasons() -> set[str]:
    """The reasons of every error of InfraZen."""

    def below(kind: type[errors.InfraZenError]) -> Iterator[type[errors.InfraZenError]]:
        yield kind
        for child in kind.__subclasses__():
            if child.__module__ == errors.__name__:
                yield from below(child)

    return {kind.reason for kind in below(errors.InfraZenError)}


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_both_languages_have_the_same_keys():
    assert catalogue(Language.RU).keys() == catalogue(Language.EN).keys()


@pytest.mark.parametrize("key", sorted(catalogue(Language.RU)))
def test_a_text_takes_the_same_values_in_both(key):
    russian, english = catalogue(Language.RU)[key], catalogue(Language.EN)[key]
    assert type(russian) is type(english)
    if isinstance(russian, str):
        assert placeholders(russian) == placeholders(str(english))
        assert russian.strip() == russian != ""


@pytest.mark.parametrize("language", Language)
def test_counted_words_have_every_form_of_their_language(language):
    for forms in catalogue(language).values():
        if isinstance(forms, dict):
            assert set(forms) == FORMS_NEEDED[language]


def test_every_text_asked_for_exists():
    missing = {(key, file) for key, file in keys_asked_for() if key not in catalogue(Language.RU)}
    assert not missing


def test_every_text_is_asked_for():
    asked = {key for key, _ in keys_asked_for()}
    idle = {
        key for key in catalogue(Language.RU) if key not in asked and not key.startswith(FAMILIES)
    }
    assert not idle


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("reason", sorted(reasons()))
def test_every_error_is_explained(reason, language):
    words = explain(reason, language=language)
    assert words.title
    assert words.action
    if f"error.{reason}" != UNKNOWN:
        assert words != explain("NeverHeardOf", language=language)


def test_every_explanation_is_of_an_error():
    known = reasons() | {"Offline", "WorkerDied", "Interrupted"}
    explained = {
        key.split(".")[1] for key in catalogue(Language.RU) if key.startswith("error.")
    } | {key.split(".")[2] for key in catalogue(Language.RU) if key.startswith("error_at.")}
    assert explained <= known
    places = {key.split(".")[1] for key in catalogue(Language.RU) if key.startswith("error_at.")}
    assert places == {
        *FORMS,
        "email",
        "owner",
        "page",
        "people",
        "connection",
        "connection-edit",
        "endpoint",
        "sync",
    }


def test_russian_texts_are_russian():
    latin_alone = {
        key
        for key, found in catalogue(Language.RU).items()
        if isinstance(found, str) and not re.search(r"[а-яё]", found.lower())
    }
    assert latin_alone <= {"document.title", "unread.type.uuid", "views.vanished_one"}


def test_an_unknown_language_is_russian():
    for strange in ("de", "", None, 7, {"language": "en"}, "EN"):
        assert Language.of(strange) is Language.RU
    assert Language.of("en") is Language.EN


def test_a_text_is_not_a_plural():
    with pytest.raises(TypeError):
        plural("action.close", 1, Language.RU)
    with pytest.raises(KeyError):
        text("no.such.key", Language.RU)


@pytest.mark.parametrize(
    ("words", "set_so"),
    [
        ("Ключ — в кабинете", "Ключ\u00a0— в\u00a0кабинете"),
        ("И в облаке, и у вас", "И\u00a0в\u00a0облаке, и\u00a0у\u00a0вас"),
        ("«О продукте» и {name}", "«О\u00a0продукте» и\u00a0{name}"),
        ("Для них ничего не изменится", "Для них ничего не\u00a0изменится"),
        ("1–18 из 18", "1–18 из\u00a018"),
    ],
)
def test_a_russian_line_does_not_end_with_a_short_word_or_begin_with_a_dash(words, set_so):
    assert kept_together(words) == set_so
