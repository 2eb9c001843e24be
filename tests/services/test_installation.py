import pytest
from sqlalchemy import text

from infrazen.db.revision import head
from infrazen.db.session import Database, using
from infrazen.errors import StorageUnavailable
from infrazen.services.installation import prepare
from infrazen.services.organizations import list_organizations
from tests.world import add_organization


@pytest.fixture
def empty(data_dir):
    store = Database(f"sqlite:///{data_dir / 'infrazen.db'}")
    with using(store):
        yield store
    store.dispose()


def test_a_first_start_makes_everything_and_a_second_one_nothing(empty, data_dir):
    first = prepare()
    assert first.revisions[-1] == head()
    assert first.keys.created
    assert first.keys.path == data_dir / "keys"
    assert [each.slug for each in list_organizations()] == ["main"]
    second = prepare()
    assert not second.revisions
    assert not second.keys.created
    assert len(list_organizations()) == 1


def test_on_a_server_too_the_command_line_can_begin_at_once(each_database):
    prepare()
    assert [each.slug for each in list_organizations()] == ["main"]


def test_an_organization_that_exists_is_kept(database):
    with database.writing() as session:
        add_organization(session, "alpha")
    before = list_organizations()
    prepare()
    assert list_organizations() == before


@pytest.mark.postgres
def test_a_servers_database_is_never_upgraded_by_a_start(data_dir, postgres):
    store = Database(postgres.url(postgres.create()))
    with using(store), pytest.raises(StorageUnavailable, match="infrazen db upgrade"):
        prepare()
    with store.engine.connect() as connection:
        tables = connection.execute(
            text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        )
        assert tables.scalar_one() == 0
    store.dispose()
