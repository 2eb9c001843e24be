"""When a Secret's data changed, as far as its metadata tell."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

_DATA = "f:data"


def data_version(metadata: Mapping[str, Any]) -> str:
    """A word that changes when the data do, and not with labels or annotations alone.

    The API server notes of each program that wrote a field of the data when it last changed
    anything (``managedFields``), to the second. A program that wrote the data and later changes
    a label is not told apart; whoever has erased these notes neither: then every change counts.
    """
    writers = sorted(
        [
            str(each.get("manager", "")),
            str(each.get("operation", "")),
            str(each.get("time", "")),
            *sorted(each["fieldsV1"][_DATA]),
        ]
        for each in metadata.get("managedFields") or ()
        if (each.get("fieldsV1") or {}).get(_DATA) is not None
    )
    if not writers:
        return str(metadata["resourceVersion"])
    told = json.dumps([metadata.get("uid", ""), writers])
    return hashlib.sha256(told.encode()).hexdigest()[:16]
