"""Resources side by side."""

from tests.services.matrix import Row

ROWS = {
    "comparison.compare_resources": Row(
        lambda case: {"resource_ids": [case.alpha.resource_id]},
    ),
}
