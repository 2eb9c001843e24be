"""Names that follow from what is run: of Jobs, of specs, of requests."""

import hashlib
import json

from infrazen.domain.syncs import Trigger
from infrazen.manifests.connection import Metadata, spec_document
from infrazen.manifests.names import Purpose
from infrazen.manifests.spec import Spec

IDLE_FIELDS = frozenset(
    {"schedule", "timeZone", "suspend", "startingDeadlineSeconds", "retries", "deletionPolicy"}
)
"""Parts of a spec that change nothing about what a sync would do now: a change of them starts none.

``jobTemplate`` and ``timeoutSeconds`` are not among them. Who gives a sync more memory or time
wants to see whether it is enough.
"""
_LONGEST_STEM = 40
_LONGEST_REQUEST = 256


def job_name(metadata: Metadata, kind: Trigger | Purpose, run_key: str) -> str:
    """The name of the Job of one run: always the same, and no other run's."""
    said = "|".join((metadata.uid, kind, run_key))
    digest = hashlib.sha256(said.encode()).hexdigest()[:10]
    return f"{metadata.name[:_LONGEST_STEM].rstrip('-')}-{digest}"


def after(name: str) -> str:
    """The tail of a run key that had a Job of its own before: after which Job it comes."""
    return f" after {name}"


def spec_mark(metadata: Metadata, spec: Spec) -> str:
    """Which spec a sync begins with: its generation, and a digest of what a sync depends on."""
    document = spec_document(spec)
    parts = {name: document[name] for name in document.keys() - IDLE_FIELDS}
    digest = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]
    return f"{metadata.generation}-{digest}"


def is_same_spec(mark: str, other: str) -> bool:
    """Whether two marks are of specs between which no sync is needed.

    Of one generation they are, even where another version of the operator made the digest.
    """
    generation, _, digest = mark.partition("-")
    other_generation, _, other_digest = other.partition("-")
    return generation == other_generation or digest == other_digest


def request_of(annotation: str) -> str:
    """A request by hand as it is echoed: as it stands, unless it is too long for a status."""
    if len(annotation) <= _LONGEST_REQUEST:
        return annotation
    digest = hashlib.sha256(annotation.encode("utf-8", "surrogatepass")).hexdigest()
    return f"sha256:{digest}"
