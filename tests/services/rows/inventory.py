"""Resources, what they cost, and what is exported of them."""

from datetime import date
from decimal import Decimal

from infrazen.db.queries.resource_filter import ResourceFilter
from infrazen.domain.bulk_changes import BulkChange
from infrazen.domain.money import Period
from infrazen.domain.overrides import OverrideField
from infrazen.services.bulk_changes import Which
from tests.services.matrix import Case, Row


def nothing(_case: Case) -> dict[str, object]:
    return {}


def resource(case: Case) -> dict[str, object]:
    return {"resource_id": case.alpha.resource_id}


def resources(case: Case) -> dict[str, object]:
    return {"resource_ids": [case.alpha.resource_id]}


def many(case: Case) -> dict[str, object]:
    which = Which(ids=[case.alpha.resource_id])
    return {"which": which, "change": BulkChange(context={"owner": "Anna"})}


def of_its_connection(case: Case) -> dict[str, object]:
    return {"wanted": ResourceFilter(connections=(case.alpha.connection_id,))}


ROWS = {
    "resources.search_resources": Row(of_its_connection, names_something=False),
    "resources.list_resources": Row(of_its_connection, names_something=False),
    "resources.summarize_resources": Row(of_its_connection, names_something=False),
    "resources.list_facets": Row(nothing, names_something=False),
    "resources.list_sources": Row(nothing, names_something=False),
    "resources.get_resource": Row(resource),
    "resources.list_resource_history": Row(resource),
    "resources.list_resource_log": Row(resource),
    "lifecycle.list_resource_lifecycle": Row(resource),
    "resources.list_resource_costs": Row(
        lambda case: {**resource(case), "today": date(2026, 11, 23)}
    ),
    "resources.list_readings": Row(lambda case: {**resource(case), "metric": "cpu"}),
    "resources.set_business_context": Row(
        lambda case: {**resources(case), "values": {"owner": "Anna"}}
    ),
    "resources.set_tags": Row(lambda case: {**resources(case), "put": {"team": "web"}}),
    "resources.annotate": Row(lambda case: {**resource(case), "text": "A note."}),
    "resources.remove_annotation": Row(
        lambda case: {"annotation_id": case.alpha.annotation_ids[case.role]}
    ),
    "resources.reveal_secret": Row(lambda case: {**resource(case), "field": "admin"}),
    "bulk_changes.preview_change": Row(many),
    "bulk_changes.change_resources": Row(many),
    "bulk_changes.undo_change": Row(lambda case: {"change_id": case.alpha.change_id}),
    "overrides.list_overrides": Row(resource),
    "overrides.set_name": Row(lambda case: {**resource(case), "name": "Shop"}),
    "overrides.set_price": Row(
        lambda case: {
            **resource(case),
            "amount": Decimal(100),
            "period": Period.MONTH,
            "reason": "a contract",
        }
    ),
    "overrides.reset_override": Row(lambda case: {**resource(case), "field": OverrideField.NAME}),
    "costs.get_dashboard": Row(nothing, names_something=False),
    "costs.list_daily_costs": Row(
        lambda case: {"connections": (case.alpha.connection_id,)}, names_something=False
    ),
    "running_costs.list_running_costs": Row(nothing, names_something=False),
    "exports.export_resources": Row(of_its_connection, names_something=False),
    "exports.export_costs": Row(nothing, names_something=False),
}
