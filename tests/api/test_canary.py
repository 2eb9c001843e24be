"""A secret that goes in by any door comes out of none."""

import logging

import pytest

from infrazen.db.session import Database
from infrazen.domain.roles import Role
from infrazen.secret_store.connection_secrets import store_connection_secrets
from infrazen.secret_store.resource_secrets import ResourceSecret, store_resource_secrets
from tests.api.test_authorization_matrix import OPERATIONS
from tests.canary import (
    CANARY,
    assert_absent,
    assert_absent_from_database,
    assert_absent_from_files,
    assert_absent_from_logs,
    forms_of,
)
from tests.world import PASSWORD


@pytest.fixture
def planted(world, database: Database):
    """The canary as a connection's secret, a resource's, and a person's password."""
    alpha = world.alpha
    place = {"organization_id": alpha.organization_id, "connection_id": alpha.connection_id}
    handed = ResourceSecret(resource_id=alpha.resource_id, field="root", label="Root", value=CANARY)
    with database.writing() as session:
        store_connection_secrets(session, **place, values={"password": CANARY})
        store_resource_secrets(session, **place, secrets=[handed])
    return alpha


def test_the_search_finds_what_it_looks_for(tmp_path):
    for number, form in enumerate(forms_of(CANARY)):
        with pytest.raises(AssertionError, match="a secret is in here"):
            assert_absent(b"before" + form + b"after", where="here")
        (tmp_path / f"{number}.bin").write_bytes(form)
    with pytest.raises(AssertionError):
        assert_absent_from_files(tmp_path)


def test_no_answer_row_file_or_log_line_holds_it(planted, api, world, database, data_dir, caplog):
    caplog.set_level(logging.DEBUG)
    owner = api.as_session(planted.cookies[Role.OWNER])
    changed = owner.put("/api/v1/me/password", json={"current": PASSWORD, "new": CANARY})
    assert changed.status_code == 204
    failed = owner.put("/api/v1/me/password", json={"current": PASSWORD, "new": CANARY})
    wrong = api.post("/api/auth/login", json={"email": CANARY, "password": CANARY, "x": CANARY})
    entered = api.post(
        "/api/auth/login", json={"email": planted.email(Role.OWNER), "password": CANARY}
    )
    assert entered.status_code == 200
    answers = [changed, failed, wrong, entered]
    answers += [each.call(owner, planted) for each in OPERATIONS if each.method == "GET"]
    answers += [
        api.get(f"/api/v1/audit?cursor={CANARY}"),
        owner.get(f"/api/v1/audit?cursor={CANARY}"),
    ]
    for answer in answers:
        assert_absent(answer.content, where=f"the answer of {answer.request.url.path}")
        assert_absent(str(answer.headers), where="a header")
    assert_absent_from_database(database)
    assert_absent_from_files(data_dir)
    assert_absent_from_logs(caplog)
