from infrazen.cli.exits import Exit
from infrazen.db.revision import head


def test_an_empty_database_is_behind_until_it_is_upgraded(fresh_infrazen):
    before = fresh_infrazen("db", "check", "--json")
    assert before.code == Exit.STORAGE
    assert "infrazen db upgrade" in before.error["message"]
    first = fresh_infrazen("db", "upgrade", "--json")
    assert first.json["applied"][-1] == head()
    again = fresh_infrazen("db", "upgrade")
    assert "nothing to do" in again.out
    assert fresh_infrazen("db", "check").code == Exit.DONE


def test_a_server_that_does_not_answer(fresh_infrazen):
    url = "postgresql://someone:canary@127.0.0.1:1/none"
    ran = fresh_infrazen("db", "upgrade", INFRAZEN_DATABASE_URL=url)
    assert ran.code == Exit.STORAGE
    assert "does not answer" in ran.err
    assert "canary" not in ran.err


def test_a_url_that_is_none(fresh_infrazen):
    ran = fresh_infrazen("db", "check", INFRAZEN_DATABASE_URL="canary nonsense")
    assert ran.code == Exit.USAGE
    assert "INFRAZEN_DATABASE_URL" in ran.err
    assert "canary" not in ran.err


def test_a_folder_that_may_not_be_written(fresh_infrazen):
    ran = fresh_infrazen("db", "upgrade", INFRAZEN_DATA_DIR="/proc/infrazen")
    assert ran.code == Exit.STORAGE
    assert "/proc/infrazen" in ran.err
