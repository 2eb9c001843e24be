"""Saved views: each role's own."""

from infrazen.db.queries.saved_views import Definition
from tests.services.matrix import Case, Row


def view(case: Case) -> dict[str, object]:
    return {"view_id": case.alpha.view_ids[case.role]}


ROWS = {
    "saved_views.list_views": Row(lambda case: {}, names_something=False),
    "saved_views.save_view": Row(
        lambda case: {"name": "Shops", "definition": Definition()}, names_something=False
    ),
    "saved_views.get_view": Row(view),
    "saved_views.change_view": Row(lambda case: {**view(case), "name": "Shops"}),
    "saved_views.remove_view": Row(view),
    "saved_views.restore_view": Row(view),
    "saved_views.choose_default_view": Row(view),
}
