"""What the database refuses becomes an error that says what to do and shows no value."""

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from infrazen.db.tables.people import UserRow
from infrazen.errors import Invalid
from tests.canary import CANARY, assert_absent


@pytest.mark.postgres
@pytest.mark.parametrize("email", ["a\x00b", "x" * 400])
def test_a_value_that_does_not_fit_is_the_callers_mistake(postgres_database, email):
    with pytest.raises(Invalid), postgres_database.writing() as session:
        session.add(UserRow(email=email, name="X"))


def test_an_error_carries_no_parameters(each_database):
    def add():
        with each_database.writing() as session:
            session.add(UserRow(email="same@example.com", name="X", password_hash=CANARY))

    add()
    with pytest.raises(IntegrityError) as failure:
        add()
    assert_absent(str(failure.value), where="an error of the database")
    with each_database.reading() as session:
        assert len(session.exec(select(UserRow)).all()) == 1
