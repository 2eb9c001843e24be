"""Recommendations and rules."""

from infrazen.db.queries.recommendations import Wanted
from infrazen.domain.recommendations import State
from tests.services.matrix import Case, Row


def nothing(_case: Case) -> dict[str, object]:
    return {}


def everything(_case: Case) -> dict[str, object]:
    return {"wanted": Wanted()}


def recommendation(case: Case) -> dict[str, object]:
    return {"recommendation_id": case.alpha.recommendation_id}


ROWS = {
    "recommendations.list_recommendations": Row(nothing, names_something=False),
    "recommendations.search_recommendations": Row(everything, names_something=False),
    "recommendations.summarize_recommendations": Row(nothing, names_something=False),
    "recommendations.list_saved_days": Row(nothing, names_something=False),
    "recommendations.get_recommendation": Row(recommendation),
    "recommendations.decide": Row(
        lambda case: {
            "recommendation_ids": [case.alpha.recommendation_id],
            "state": State.ACCEPTED,
        }
    ),
    "recommendations.evaluate_rules": Row(lambda case: {"connection_id": case.alpha.connection_id}),
    "rules.list_rules": Row(nothing, names_something=False),
    "rules.set_rule": Row(
        lambda _: {"rule": "oversized_cpu", "parameters": {"window_days": 30}},
        names_something=False,
    ),
    "exports.export_recommendations": Row(everything, names_something=False),
}
