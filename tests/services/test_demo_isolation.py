"""The demo against everything else: what visitors may do there, and that nothing gets across.

Made from the register of use cases: a new one stands in ``OPEN`` or in ``CLOSED``, or fails.
"""

from dataclasses import replace

import pytest

from infrazen.domain.roles import Role
from infrazen.errors import ClosedInDemo, Conflict, Forbidden, NotFound
from infrazen.manifests.names import VERSION
from infrazen.security.access import DEMO_READS, demo_actor, demo_reader, system_actor
from infrazen.services import people
from infrazen.services.use_case import USE_CASES
from tests.demo_world import publish_small_demo
from tests.services.matrix import Case, all_rows
from tests.services.test_authorization_matrix import call, everything
from tests.world import World

OPEN = {
    "bulk_changes.change_resources",
    "bulk_changes.preview_change",
    "bulk_changes.undo_change",
    "comparison.compare_resources",
    "connections.find_connection",
    "connections.get_connection",
    "connections.list_account_components",
    "connections.list_connections",
    "connections.look_up",
    "costs.get_dashboard",
    "costs.list_daily_costs",
    "exports.export_costs",
    "exports.export_recommendations",
    "exports.export_resources",
    "lifecycle.list_resource_lifecycle",
    "managed.ask_all",
    "managed.ask_sync",
    "managed.cluster_status",
    "managed.list_released",
    "manifests.export_manifest",
    "overrides.list_overrides",
    "overrides.reset_override",
    "overrides.set_name",
    "overrides.set_price",
    "providers.get_provider",
    "providers.list_providers",
    "recommendations.decide",
    "recommendations.evaluate_rules",
    "recommendations.get_recommendation",
    "recommendations.list_recommendations",
    "recommendations.list_saved_days",
    "recommendations.search_recommendations",
    "recommendations.summarize_recommendations",
    "resources.annotate",
    "resources.get_resource",
    "resources.list_facets",
    "resources.list_readings",
    "resources.list_resource_costs",
    "resources.list_resource_history",
    "resources.list_resource_log",
    "resources.list_resources",
    "resources.list_sources",
    "resources.remove_annotation",
    "resources.search_resources",
    "resources.set_business_context",
    "resources.set_tags",
    "resources.summarize_resources",
    "rules.list_rules",
    "rules.set_rule",
    "running_costs.list_running_costs",
    "saved_views.change_view",
    "saved_views.get_view",
    "saved_views.list_views",
    "saved_views.remove_view",
    "saved_views.restore_view",
    "saved_views.save_view",
    "syncs.compare_snapshots",
    "syncs.get_snapshot",
    "syncs.list_changes",
    "syncs.list_snapshots",
    "syncs.list_states",
    "syncs.list_unread_records",
    "syncs.permit_sync",
    "syncs.request_all",
    "syncs.request_sync",
    "syncs.run_sync",
    "syncs.sync_activity",
    "syncs.sync_status",
    "syncs.upcoming_syncs",
}
"""What whoever looks at the demo may do in it."""

CLOSED = {
    "audit.export_events",
    "audit.list_actors",
    "audit.list_events",
    "audit.verify_log",
    "connection_changes.change_connection",
    "connection_changes.try_changes",
    "connections.add_connection",
    "connections.edit_connection",
    "connections.remove_connection",
    "connections.set_suspended",
    "connections.try_connection",
    "first_steps.get_first_steps",
    "manifests.hand_over",
    "managed_connections.apply_connection",
    "managed_connections.forget_old_secrets",
    "managed_removal.begin_purge",
    "managed_removal.purge_rows",
    "managed_removal.release_connection",
    "me.change_email",
    "me.change_password",
    "me.end_other_sign_ins",
    "me.end_sign_in",
    "me.list_my_organizations",
    "me.list_sign_ins",
    "me.switch_organization",
    "me.update_profile",
    "organizations.change_organization",
    "organizations.current_organization",
    "people.add_person",
    "people.change_role",
    "people.list_people",
    "people.remove_person",
    "people.reset_password",
    "people.set_enabled",
    "resources.reveal_secret",
    "saved_views.choose_default_view",
    "tokens.create_token",
    "tokens.list_tokens",
    "tokens.revoke_token",
}
"""What nobody does in the demo: it is personal, secret, or leads out of it."""

ROWS = all_rows()
NAMING = [name for name in sorted(OPEN) if name in ROWS and ROWS[name].names_something]
NOT_NAMING = [name for name in sorted(OPEN) if name in ROWS and not ROWS[name].names_something]
READING = {name for name, known in USE_CASES.items() if known.permission in DEMO_READS}


@pytest.fixture
def demo(world, database):
    """The published demo, beside two organizations of people."""
    return publish_small_demo(database)


def arguments(name, tenant, world):
    """What ``name`` is called with to act on things of ``tenant``."""
    given = ROWS[name].arguments(Case(World(alpha=tenant, beta=world.beta), Role.FINOPS))
    if given.get("name") == "alpha-main":
        given["name"] = f"{tenant.slug}-main"
    return given


def visitor(demo):
    return demo_actor(demo.organization_id, address="192.0.2.7")


def test_every_use_case_is_open_or_closed_to_visitors():
    undecided = set(USE_CASES) - OPEN - CLOSED
    assert not undecided, (
        f"say in OPEN or CLOSED whether visitors of the demo may: {', '.join(sorted(undecided))}"
    )
    assert not OPEN & CLOSED
    assert set(USE_CASES) == OPEN | CLOSED


@pytest.mark.parametrize("name", sorted(CLOSED))
def test_what_is_closed_is_refused_and_changes_nothing(name, demo, world, database):
    before = everything(database)
    with pytest.raises(ClosedInDemo):
        call(name, visitor(demo), arguments(name, demo, world))
    assert everything(database) == before


@pytest.mark.parametrize("name", [name for name in sorted(OPEN) if ROWS[name].works])
def test_what_is_open_works_on_the_demos_own_things(name, demo, world, database):
    outside = [everything(database, of=one.organization_id) for one in (world.alpha, world.beta)]
    result = call(name, visitor(demo), arguments(name, demo, world))
    assert "alpha" not in repr(result).lower().replace(VERSION, "")
    assert outside == [
        everything(database, of=one.organization_id) for one in (world.alpha, world.beta)
    ]


@pytest.mark.parametrize("name", NAMING)
def test_visitors_find_nothing_of_anybodys_own(name, demo, world, database):
    before = everything(database)
    given = arguments(name, world.alpha, world)
    with pytest.raises((NotFound, Forbidden)) as refusal:
        call(name, visitor(demo), given)
    told = str(refusal.value)
    for one in given.values():
        told = told.replace(str(one), "")
    assert "alpha" not in told
    assert everything(database) == before


@pytest.mark.parametrize("name", NOT_NAMING)
def test_visitors_see_and_change_the_demo_alone(name, demo, world, database):
    before = everything(database, of=world.alpha.organization_id)
    result = call(name, visitor(demo), arguments(name, world.alpha, world))
    assert "alpha" not in repr(result).lower()
    assert everything(database, of=world.alpha.organization_id) == before


@pytest.mark.parametrize("name", [name for name in sorted(USE_CASES) if ROWS[name].names_something])
def test_nobody_finds_anything_of_the_demo_from_outside(name, demo, world, database):
    before = everything(database)
    given = arguments(name, demo, world)
    with pytest.raises((NotFound, Forbidden)) as refusal:
        call(name, world.alpha.actor(Role.OWNER), given)
    told = str(refusal.value)
    for one in given.values():
        told = told.replace(str(one), "")
    assert demo.slug not in told
    assert everything(database) == before


@pytest.mark.parametrize(
    "name", [name for name in sorted(USE_CASES) if not ROWS[name].names_something]
)
def test_no_answer_outside_holds_anything_of_the_demo(name, demo, world, database):
    before = everything(database, of=demo.organization_id)
    result = call(name, world.alpha.actor(Role.OWNER), arguments(name, demo, world))
    assert demo.slug not in repr(result).lower()
    assert everything(database, of=demo.organization_id) == before


@pytest.mark.parametrize("name", sorted(set(USE_CASES) - READING))
def test_whoever_only_reads_figures_changes_nothing(name, demo, world, database):
    before = everything(database)
    with pytest.raises(ClosedInDemo):
        call(name, demo_reader(demo.organization_id), arguments(name, demo, world))
    assert everything(database) == before


@pytest.mark.parametrize("role", Role)
def test_no_role_opens_more(role, demo, world):
    """Even where a mistake elsewhere gave a visitor another role, the scopes hold."""
    mighty = replace(visitor(demo), role=role)
    for name in sorted(CLOSED):
        with pytest.raises(Forbidden):
            call(name, mighty, arguments(name, demo, world))


def test_nobody_is_given_a_place_in_the_demo_not_even_by_the_operator(demo):
    operator = system_actor(demo.organization_id)
    for email in ("new@example.com", "owner@alpha.example"):
        with pytest.raises(Conflict):
            people.add_person(operator, email=email, name="Anna", role=Role.VIEWER)
    assert people.list_people(operator) == []
