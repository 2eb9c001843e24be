"""Names of Jobs, specs and requests."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrazen.domain.syncs import Trigger
from infrazen.manifests.connection import Metadata
from infrazen.manifests.names import Purpose
from infrazen.manifests.spec import Spec
from infrazen_operator.names import is_same_spec, job_name, request_of, spec_mark

METADATA = Metadata(name="beget-main", namespace="finops", uid="u-1", generation=3)
SPEC = Spec(provider="beget", credentials_secret_ref={"name": "beget-main"})

words = st.text(min_size=1, max_size=300)


@given(name=st.from_regex(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", fullmatch=True), key=words)
def test_a_jobs_name_is_one_that_kubernetes_takes(name, key):
    metadata = METADATA.model_copy(update={"name": name})
    found = job_name(metadata, Trigger.MANUAL, key)
    assert re.fullmatch(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", found)
    assert len(found) <= 51
    assert found == job_name(metadata, Trigger.MANUAL, key)


def test_jobs_of_different_runs_have_different_names():
    other = METADATA.model_copy(update={"uid": "u-2"})
    kinds = [*Trigger, *Purpose]
    names = {
        job_name(metadata, kind, key)
        for metadata in (METADATA, other)
        for kind in kinds
        for key in ("1", "2", "2026-11-26T09:00:00Z")
    }
    assert len(names) == 2 * len(kinds) * 3


@pytest.mark.parametrize(
    "change",
    [
        {"suspend": True},
        {"schedule": ""},
        {"time_zone": "UTC"},
        {"starting_deadline_seconds": 1},
        {"retries": 0},
        {"deletion_policy": "Delete"},
    ],
)
def test_what_a_sync_does_not_depend_on_is_no_new_spec(change):
    assert is_same_spec(marked(SPEC, 1), marked(Spec(**{**dump(), **change}), 2))


@pytest.mark.parametrize(
    "change",
    [
        {"display_name": "Beget, main"},
        {"organization": "acme"},
        {"credentials_secret_ref": {"name": "other"}},
        {"endpoint": "https://api.beget.com"},
        {"timeout_seconds": 60},
        {"job_template": {"resources": {"limits": {"memory": "1Gi"}}}},
    ],
)
def test_what_a_sync_depends_on_is_a_new_spec(change):
    assert not is_same_spec(marked(SPEC, 1), marked(Spec(**{**dump(), **change}), 2))


def test_an_operator_that_reckons_otherwise_finds_no_new_spec_in_one_generation():
    assert is_same_spec("3-0123456789abcdef", marked(SPEC, 3))
    assert not is_same_spec("2-0123456789abcdef", marked(SPEC, 3))


def test_the_order_of_settings_does_not_matter():
    one = SPEC.model_copy(update={"settings": {"a": 1, "b": [1, 2]}})
    other = SPEC.model_copy(update={"settings": {"b": [1, 2], "a": 1}})
    assert marked(one, 1) == marked(other, 1)


@given(st.text(min_size=1, max_size=5000))
def test_whatever_a_request_says_fits_a_status(said):
    echo = request_of(said)
    assert 0 < len(echo) <= 256
    assert echo == said or echo.startswith("sha256:")


def test_two_long_requests_are_two():
    assert request_of("a" * 300) != request_of("a" * 301)


def dump():
    return SPEC.model_dump(exclude_unset=True)


def marked(spec, generation):
    return spec_mark(METADATA.model_copy(update={"generation": generation}), spec)
