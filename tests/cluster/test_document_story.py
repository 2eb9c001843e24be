"""Installing, upgrading, backing up, restoring and removing, as the documents say.

The blocks are taken from the pages and run in their order, on one node: a trial without any
values is used, upgraded, backed up, moved to a database outside of the cluster, removed; its
backup is restored and becomes an installation for more than a trial. What is outside of the
cluster (PostgreSQL, Redis, a cloud) runs on this machine.
"""

import base64
import json
import re
from uuid import uuid4

import pytest
import yaml
from playwright.sync_api import expect

from infrazen.manifests.names import REQUESTED_AT
from infrazen.providers import provider
from tests.chart.rendering import CHART
from tests.cluster.browsing import browsing, sign_up
from tests.cluster.cloud_connections import RESOURCE
from tests.cluster.kubernetes_cluster import CACHE, Refused
from tests.cluster.outside import (
    default_storage,
    is_installed,
    kinds_of_prometheus,
    remove_installation,
    services_outside,
)
from tests.cluster.reader import SHELL, Part, Reader
from tests.docs.blocks import blocks_of
from tests.servers import free_port
from tests.waiting import wait_for

PASSWORD = "simulator-password"
KEYS = "INFRAZEN_MASTER_KEYS"
PEOPLE = "SELECT email FROM user_account ORDER BY email"
DATABASES = ("moved", "restored", "infrazen")
SYNCED, UNREADABLE = {0, 20}, 10
"""Exit codes of a sync: of all or of some, and of one whose secret could not be read."""
READY = "--for=condition=Ready"


def section(page, title):
    """The marker of a test that runs a section, which its fixture ``part`` hands out."""
    return pytest.mark.told(page, title)


@pytest.fixture(scope="module")
def outside(node):
    if not node.machine_address:
        pytest.skip("pods of a cluster of one's own cannot reach this machine")
    with services_outside(node.machine_address, databases=DATABASES) as found:
        yield found


@pytest.fixture(scope="module")
def images(node, image):
    """Our images and the database's, as the chart calls them where nobody says otherwise."""
    version = yaml.safe_load((CHART / "Chart.yaml").read_text())["appVersion"]
    for name in ("core", "operator", "ui"):
        node.name_image(image(name), f"docker.io/library/infrazen-{name}:{version}")
    node.load_image(CACHE / "images/postgres.tar")
    wanted = yaml.safe_load((CHART / "values.yaml").read_text())["images"]["postgresql"]
    node.name_image("localhost/postgres:1", "{registry}/{repository}:{tag}".format(**wanted))


@pytest.fixture(scope="module")
def empty(node, tmp_path_factory):
    """A cluster with a default storage class and Prometheus' kinds, and nothing of ours."""
    remove_installation(node)
    folder = tmp_path_factory.mktemp("volume")
    with default_storage(node, folder), kinds_of_prometheus(node):
        wait_for(lambda: not is_installed(node))
        yield
        remove_installation(node)


@pytest.fixture(scope="module")
def reader(node, outside, images, empty, tmp_path_factory):
    """Somebody with the documents and an empty cluster."""
    port = free_port()
    changes = {
        "environment": {"settings": {"INFRAZEN_ALLOW_PRIVATE_ENDPOINTS": "true"}},
        "networkPolicy": {
            "extraEgress": [{"to": [{"ipBlock": {"cidr": f"{outside.host}/32"}}]}],
        },
    }
    somebody = Reader(
        node,
        tmp_path_factory.mktemp("reader"),
        instead={
            " 8000:80\n": f" {port}:80\n",
            # An upgrade that changes something: here the clouds are at a private address.
            "--reset-then-reuse-values\n": "--reset-then-reuse-values --values changes.json\n",
            "existingSecret=infrazen-restored\n": (
                "existingSecret=infrazen-restored --values changes.json\n"
            ),
            "db.example.com/infrazen?sslmode=verify-full": f"{outside.host}/infrazen",
            "rediss://:password@redis.example.com:6379/0": f"redis://{outside.host}:6379/0",
            "10.0.10.5/32": f"{outside.host}/32",
        },
        variables={"PORT": str(port)},
    )
    (somebody.folder / "changes.json").write_text(json.dumps(changes))
    return somebody


@pytest.fixture(scope="module")
def broken():
    """The first test that could not run its commands: what follows makes no sense then."""
    return []


@pytest.fixture
def part(request, reader, broken):
    """The section that a test is marked with."""
    if broken:
        pytest.fail(f"{broken[0]} did not get to its end", pytrace=False)
    broken.append(request.node.name)
    page, title = request.node.get_closest_marker("told").args
    chosen = Part(reader, blocks_of(page, title, language="bash"))
    yield chosen
    assert not chosen.left, "a block was not run"
    broken.clear()


def uid(node, kind, name):
    return node.get(kind, name, namespace="finops")["metadata"]["uid"]


def keys_in(node, secret="infrazen-environment", namespace="finops"):
    return base64.b64decode(node.get("secret", secret, namespace=namespace)["data"][KEYS]).decode()


def in_the_database(node, query):
    """The first column of what the bundled database answers."""
    psql = ("psql", "-h", "/var/run/postgresql", "-U", "infrazen", "-tAc", query)
    words = ("exec", "infrazen-postgresql-0", "--", *psql)
    return node.kubectl(*words, namespace="finops").splitlines()


def infrazen(node, *words, given=None):
    """What a command says that is run in the UI's pod."""
    there = ("exec", "--stdin", "deployment/infrazen-ui", "--container=ui", "--")
    return node.kubectl(*there, *words, namespace="finops", given=given)


def add_by_hand(node, clouds, slug, name):
    """Connect the account of a simulator; its secrets are kept in the database."""
    add = ("infrazen", "connection", "add", slug, name, f"--endpoint={clouds[slug]}", "--no-sync")
    infrazen(node, *add, "--secret-file=-", given=json.dumps(dict(provider(slug).trial)))


def status_of(node):
    return node.get(RESOURCE, "beget-main", namespace="finops").get("status", {})


def ended(status):
    return status.get("lastSync", {}).get("completionTime", "")


def wait_until_synced(node, last):
    """Wait for a sync after the one of that time."""
    wait_for(lambda: ended(status_of(node)) > last, seconds=90)
    node.kubectl("wait", READY, f"{RESOURCE}/beget-main", "--timeout=60s", namespace="finops")
    return status_of(node)


@section("install", "A trial")
def test_a_trial_comes_up_without_any_value(node, part):
    part.run()
    claim = node.get("pvc", "data-infrazen-postgresql-0", namespace="finops")
    assert claim["status"]["phase"] == "Bound"


@section("install", "The first login")
def test_the_link_in_the_log_makes_the_first_account(reader, part):
    port = reader.variables["PORT"]
    with part.meanwhile():
        link = re.search(r"http://localhost:8000/setup\?code=[^\s\"\\]+", part.run())[0]
        with browsing() as page:
            sign_up(page, link.replace(":8000/", f":{port}/"))
            profile = page.get_by_role("button", name="Профиль: Анна Петрова")
            expect(profile).to_be_visible(timeout=30_000)


def test_the_commands_that_helm_prints_work(node, broken):
    assert not broken
    notes = node.helm("get", "notes", "infrazen", namespace="finops")
    commands = re.findall(r"^ +(kubectl .+)$", notes, re.MULTILINE)
    assert len(commands) >= 5
    for command in commands:
        if "port-forward" not in command:
            node.run(*SHELL, command)


@section("install", "A trial's data")
def test_the_data_of_a_trial_with_a_volume_outlive_the_pod(node, part):
    before = uid(node, "pod", "infrazen-postgresql-0")
    brief = "--grace-period=5"  # the image of tests waits for everybody to leave
    node.kubectl("delete", "pod", "infrazen-postgresql-0", brief, namespace="finops")
    wait_for(lambda: exists(node, "pod/infrazen-postgresql-0"))
    node.kubectl("wait", READY, "pod/infrazen-postgresql-0", "--timeout=60s", namespace="finops")
    assert uid(node, "pod", "infrazen-postgresql-0") != before
    part.run()
    assert in_the_database(node, PEOPLE) == ["anna@example.com"]


def exists(node, name):
    return bool(node.kubectl("get", name, "--ignore-not-found", namespace="finops"))


@section("install", "Whether it works")
def test_helm_finds_it_ready(part):
    assert "Phase:          Succeeded" in part.run()


@section("upgrade", "Upgrading")
def test_an_upgrade_keeps_keys_and_data_and_replaces_what_changes(node, part):
    keys, pods = keys_in(node), pods_of(node)
    part.run()
    for name in ("ui", "operator"):
        rollout = ("rollout", "status", f"deployment/infrazen-{name}")
        node.kubectl(*rollout, namespace="finops")
    assert keys_in(node) == keys
    after = pods_of(node)
    assert after["postgresql"] == pods["postgresql"]
    assert after["ui"] != pods["ui"]
    assert in_the_database(node, PEOPLE) == ["anna@example.com"]


def pods_of(node):
    """The pod of each part that runs, by its name."""
    chosen = ("--selector=app.kubernetes.io/instance=infrazen", "--output=json")
    return {
        each["metadata"]["labels"]["app.kubernetes.io/component"]: each["metadata"]["uid"]
        for each in json.loads(node.kubectl("get", "pods", *chosen, namespace="finops"))["items"]
        if "deletionTimestamp" not in each["metadata"]
    }


@section("ui", "From the dashboard to a manifest")
def test_a_connection_made_by_hand_is_exported_and_taken_over(node, outside, part):
    add_by_hand(node, outside.clouds, "beget", "beget-main")
    made = in_the_database(node, "SELECT id FROM cloud_connection WHERE name = 'beget-main'")
    secret, resource = yaml.safe_load_all(part.run())
    assert secret["stringData"]["password"] == ""
    secret["stringData"]["password"] = PASSWORD
    node.apply(secret, resource, namespace="finops")
    node.kubectl("wait", READY, f"{RESOURCE}/beget-main", "--timeout=120s", namespace="finops")
    status = status_of(node)
    assert [status["connectionId"]] == made
    assert status["lastSync"]["resources"]["found"] == 10
    add_by_hand(node, outside.clouds, "selectel", "by-hand")
    assert len(in_the_database(node, "SELECT id FROM cloud_connection")) == 2


@section("rbac", "The Secret watcher")
def test_a_sync_is_asked_for(node, part):
    last = status_of(node)["lastSync"]["completionTime"]
    part.run()
    assert wait_until_synced(node, last)["lastSync"]["trigger"] == "Manual"


@section("reasons", "Troubleshooting by reason")
def test_the_resource_its_events_and_its_jobs_say_what_happened(node, part):
    said = part.run()
    assert "legacy.mysql" in said
    assert re.search(r"beget-main-\S+ +Complete", said)
    last = status_of(node)["lastSync"]["completionTime"]
    part.run()
    wait_until_synced(node, last)


@section("backup", "Backing up and restoring")
def test_a_backup_holds_no_secret_in_the_clear(node, reader, part):
    part.run()
    dump = node.run("pg_restore", "--file=-", reader.folder / "infrazen.dump")
    assert "anna@example.com" in dump
    assert PASSWORD not in dump
    assert (reader.folder / "master-keys").read_text() == keys_in(node)
    kept = yaml.safe_load((reader.folder / "cloudconnections.yaml").read_text())
    [resource] = kept["items"]
    assert {"resourceVersion", "uid"}.isdisjoint(resource["metadata"])


@section("upgrade", "Moving from the bundled database")
def test_a_trial_moves_to_a_database_outside_and_keeps_its_data(node, outside, part):
    keys, status = keys_in(node), status_of(node)
    url = outside.url("moved")
    part.run(NEW_DATABASE_URL=url)
    part.run(NEW_DATABASE_URL=url)
    assert outside.rows("moved", PEOPLE) == ["anna@example.com"]
    assert keys_in(node, "infrazen") == keys
    assert not exists(node, "statefulset/infrazen-postgresql")
    ask_for_a_sync(node)
    after = wait_until_synced(node, status["lastSync"]["completionTime"])
    assert after["connectionId"] == status["connectionId"]
    assert syncs(outside, "moved", after) == len(after["history"])


def ask_for_a_sync(node):
    request = f"{REQUESTED_AT}={uuid4()}"
    words = ("annotate", f"{RESOURCE}/beget-main", request, "--overwrite")
    node.kubectl(*words, namespace="finops")


def syncs(outside, name, status):
    """How many syncs of the connection a database knows."""
    query = "SELECT count(*) FROM sync_snapshot WHERE connection_id = '{connectionId}'"
    return outside.rows(name, query.format(**status))[0]


@section("install", "Removing it")
def test_what_is_kept_stays_until_it_is_removed_by_name(node, part):
    part.run()
    assert not exists(node, "deployment/infrazen-ui")
    kept = {
        "secret": ("infrazen-environment", "infrazen-services", "infrazen"),
        "persistentvolumeclaim": ("data-infrazen-postgresql-0",),
        "crd": (RESOURCE,),
    }
    assert all(exists(node, f"{kind}/{name}") for kind, names in kept.items() for name in names)
    part.run()
    assert not exists(node, f"crd/{RESOURCE}")
    assert not exists(node, "namespace/finops")


@section("backup", "Restoring")
def test_a_backup_comes_back_into_an_empty_namespace(node, outside, part):
    part.run(NEW_DATABASE_URL=outside.url("restored"))
    assert outside.rows("restored", PEOPLE) == ["anna@example.com"]
    [kept] = yaml.safe_load((part.reader.folder / "cloudconnections.yaml").read_text())["items"]
    before = syncs(outside, "restored", kept["status"])
    assert before == len(kept["status"]["history"])
    account = ("--from-literal=login=demo", f"--from-literal=password={PASSWORD}")
    named = kept["spec"]["credentialsSecretRef"]["name"]
    node.kubectl("create", "secret", "generic", named, *account, namespace="finops")
    part.run()
    after = wait_until_synced(node, ended(kept["status"]))
    assert after["connectionId"] == kept["status"]["connectionId"]
    assert after["nextScheduleTime"]
    assert syncs(outside, "restored", after) > before
    assert outside.rows("restored", "SELECT count(*) FROM cloud_connection") == [2]


def test_wrong_keys_are_found_by_using_them(node, reader, broken):
    assert not broken
    wrong = f"{KEYS}=other:{base64.b64encode(bytes(32)).decode()}"
    assert synced_by_hand(node, "env", wrong) == UNREADABLE
    assert synced_by_hand(node) in SYNCED


def synced_by_hand(node, *before):
    """The exit code of a sync with the secret that the database keeps."""
    try:
        infrazen(node, *before, "infrazen", "sync", "run", "by-hand")
    except Refused as refused:
        return int(re.search(r"exit code (\d+)", str(refused))[1])
    return 0


@section("ui", "Handing over to the cluster")
def test_a_connection_is_let_go_where_its_resource_is_out_of_reach(part):
    assert "finops/beget-main is released" in part.run()


@section("install", "Database and keys")
def test_the_secret_of_an_installation_is_made_and_copied(node, part):
    part.run()
    part.run()
    assert keys_in(node, "infrazen", "team-a") == keys_in(node, "infrazen")


@section("install", "How people reach it")
def test_the_secret_of_redis_is_made(node, part):
    part.run()


@section("install", "Installing it")
def test_the_values_for_more_than_a_trial_come_up(node, outside, reader, part):
    [shown] = blocks_of("install", "More than a trial", language="yaml")
    values = yaml.safe_load(reader.text(shown))
    changes = json.loads((reader.folder / "changes.json").read_text())
    for name, more in changes.items():
        values[name] |= more
    (reader.folder / "values.yaml").write_text(yaml.safe_dump(values))
    part.run()
    ui = node.get("deployment", "infrazen-ui", namespace="finops")["status"]
    assert ui["readyReplicas"] == 2
    watched = node.get("deployment", "infrazen-operator", namespace="finops")
    assert watched["status"]["readyReplicas"] == 2
    for made in ("ingress/infrazen-ui", "servicemonitor", "prometheusrule"):
        assert exists(node, made)


@section("install", "The first account")
def test_the_first_account_is_made_without_a_link(outside, part):
    said = part.run()
    assert "ann@example.com" in said
    assert outside.rows("infrazen", PEOPLE) == ["ann@example.com"]


@section("upgrade", "Rotating the master key")
def test_secrets_are_read_with_the_new_key_alone(node, outside, part):
    add_by_hand(node, outside.clouds, "selectel", "by-hand")
    old = keys_in(node, "infrazen")
    said = part.run()
    assert re.search(r"2026-01\s+\S+\s+\S+\s+0\b", said)
    both = keys_in(node, "infrazen", "team-a")
    assert both.endswith(f",{old}")
    part.run()
    assert f"{keys_in(node, 'infrazen')},{old}" == both
    assert synced_by_hand(node) in SYNCED


@section("upgrade", "Going back")
def test_a_rollback_brings_the_settings_back_and_keeps_the_data(node, outside, part):
    """From more than a trial to what was restored: another database with other keys."""
    part.run()
    node.kubectl("rollout", "status", "deployment/infrazen-ui", namespace="finops")
    ui = node.get("deployment", "infrazen-ui", namespace="finops")
    assert ui["status"]["replicas"] == 1
    assert "anna@example.com" in infrazen(node, "infrazen", "user", "list")
    assert outside.rows("infrazen", PEOPLE) == ["ann@example.com"]
