"""The first run happens once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from infrazen.db.tables.people import InstanceRow, OrganizationRow, UserRow
from infrazen.domain.roles import Role
from infrazen.errors import Conflict, Forbidden, InfraZenError, Invalid, TooManyAttempts
from infrazen.services import organizations, setup, sign_in

FORM = {
    "organization_name": "Рога и копыта",
    "name": "Анна",
    "email": "Anna@Example.com",
    "password": "correct horse battery",
}


def test_the_first_owner_is_signed_in_at_once(database):
    assert setup.setup_needed()
    signed_in = setup.complete_setup(code=setup.issue_setup_code(), **FORM)
    principal = sign_in.principal_for_session(signed_in.cookie)
    assert principal.role is Role.OWNER
    assert principal.email == "anna@example.com"
    assert principal.organization_name == "Рога и копыта"
    assert principal.organization_slug == "roga-i-kopyta"
    assert not setup.setup_needed()
    assert sign_in.sign_in(email=FORM["email"], password=FORM["password"])


def test_setup_works_once(database):
    code = setup.issue_setup_code()
    setup.complete_setup(code=code, **FORM)
    assert setup.issue_setup_code() is None
    with pytest.raises(Conflict, match="set up already"):
        setup.complete_setup(code=code, **FORM)


def test_a_new_code_ends_the_old_one_and_neither_is_stored(database):
    old, new = setup.issue_setup_code(), setup.issue_setup_code()
    with database.reading() as session:
        stored = [row.value for row in session.exec(select(InstanceRow))]
    assert old not in stored
    assert new not in stored
    with pytest.raises(Forbidden, match="restart InfraZen"):
        setup.complete_setup(code=old, **FORM)
    assert setup.complete_setup(code=new, **FORM)


def test_without_a_code_there_is_no_setup(database):
    with pytest.raises(Forbidden):
        setup.complete_setup(code="", **FORM)


def test_guessing_codes_closes_the_door(database):
    code = setup.issue_setup_code()
    for _ in range(5):
        with pytest.raises(Forbidden):
            setup.complete_setup(code="a guess", address="198.51.100.1", **FORM)
    with pytest.raises(TooManyAttempts):
        setup.complete_setup(code=code, address="198.51.100.1", **FORM)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("organization_name", " "),
        ("organization_name", "x" * 201),
        ("name", "two\nlines"),
        ("email", "no address"),
        ("password", "short"),
    ],
)
def test_bad_input_names_its_field_and_leaves_the_code_good(database, field, value):
    code = setup.issue_setup_code()
    with pytest.raises(Invalid) as refusal:
        setup.complete_setup(code=code, **{**FORM, field: value})
    assert refusal.value.field == field
    assert setup.complete_setup(code=code, **FORM)


def test_two_at_once_make_one_owner(database):
    code = setup.issue_setup_code()

    def complete(number):
        try:
            return setup.complete_setup(
                code=code, **{**FORM, "email": f"anna-{number}@example.com"}, address=str(number)
            )
        except InfraZenError as error:
            return error

    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(complete, range(6)))
    assert sum(isinstance(each, sign_in.SignedIn) for each in outcomes) == 1
    with database.reading() as session:
        assert len(session.exec(select(UserRow)).all()) == 1
        assert len(session.exec(select(OrganizationRow)).all()) == 1


def test_the_organization_made_before_is_taken_over(database):
    made = organizations.ensure_organization("Default")
    signed_in = setup.complete_setup(code=setup.issue_setup_code(), **FORM)
    principal = sign_in.principal_for_session(signed_in.cookie)
    assert principal.organization_id == made.id
    assert principal.organization_name == "Рога и копыта"


def test_with_several_organizations_the_operator_decides(database):
    organizations.ensure_organization("One")
    organizations.ensure_organization("Two")
    with pytest.raises(Conflict, match="infrazen user add"):
        setup.complete_setup(code=setup.issue_setup_code(), **FORM)
