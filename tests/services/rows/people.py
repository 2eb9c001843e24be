"""People, their tokens, their own accounts, their organization and its log."""

from infrazen.db.queries.audit import AuditFilter
from infrazen.domain.roles import Permission, Role
from infrazen.security.tokens import digest
from tests.services.matrix import Case, Row
from tests.world import PASSWORD


def nothing(_case: Case) -> dict[str, object]:
    return {}


def viewer(case: Case) -> dict[str, object]:
    return {"user_id": case.alpha.users[Role.VIEWER]}


def own_cookie(case: Case) -> dict[str, object]:
    return {"cookie": case.alpha.cookies[case.role]}


ROWS = {
    "people.list_people": Row(nothing, names_something=False),
    "people.add_person": Row(
        lambda _: {"email": "new@example.com", "name": "New", "role": Role.VIEWER},
        names_something=False,
    ),
    "people.change_role": Row(lambda case: {**viewer(case), "role": Role.FINANCE}),
    "people.set_enabled": Row(lambda case: {**viewer(case), "enabled": False}),
    "people.remove_person": Row(viewer),
    "people.reset_password": Row(viewer),
    "me.update_profile": Row(lambda _: {"name": "Renamed"}, names_something=False),
    "me.change_password": Row(
        lambda _: {"current": PASSWORD, "new": "another good password"}, names_something=False
    ),
    "me.change_email": Row(
        lambda _: {"current": PASSWORD, "email": "another@example.com"}, names_something=False
    ),
    "me.list_sign_ins": Row(own_cookie, names_something=False),
    "me.end_sign_in": Row(lambda case: {"sign_in_id": digest(case.alpha.cookies[case.role])[:16]}),
    "me.end_other_sign_ins": Row(own_cookie, names_something=False),
    "me.list_my_organizations": Row(nothing, names_something=False),
    "me.switch_organization": Row(
        lambda case: {**own_cookie(case), "organization_id": case.alpha.organization_id}
    ),
    "tokens.create_token": Row(
        lambda _: {"name": "fresh", "scopes": [Permission.COST_READ]}, names_something=False
    ),
    "tokens.list_tokens": Row(nothing, names_something=False),
    "tokens.revoke_token": Row(lambda case: {"token_id": case.alpha.token_ids[case.role]}),
    "audit.list_events": Row(nothing, names_something=False),
    "audit.export_events": Row(lambda _: {"wanted": AuditFilter()}, names_something=False),
    "audit.list_actors": Row(nothing, names_something=False),
    "audit.verify_log": Row(nothing, names_something=False),
    "first_steps.get_first_steps": Row(nothing, names_something=False),
    "organizations.current_organization": Row(nothing, names_something=False),
    "organizations.change_organization": Row(lambda _: {"name": "Renamed"}, names_something=False),
}
