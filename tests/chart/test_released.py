"""Released charts are kept as they went out, and the present one is newer or the same."""

import re
import shutil
import subprocess
import tarfile

import pytest
from packaging.version import Version

from tests.chart.rendering import (
    CHART,
    RELEASED,
    VALUES,
    helm_template,
    of_kind,
    previous_release,
)
from tools.chart_release import AlreadyReleased, contents, packed, release, unpacked, version_of

ARCHIVES = sorted(RELEASED.glob("*.tgz"))
VERSION = Version(version_of(contents(CHART)))


@pytest.fixture
def chart(tmp_path):
    return shutil.copytree(CHART, tmp_path / "infrazen")


def test_an_upgrade_replaces_no_bundled_database(helm, rendered):
    """Where there is no volume its data would go with its pod."""
    for case in ("nothing", "kept by nobody", "OpenShift"):
        before = helm_template(helm, VALUES[case], chart=previous_release())
        [old], [new] = (of_kind(each, "StatefulSet") for each in (before, rendered(case)))
        assert old["spec"] == new["spec"]


@pytest.mark.parametrize("archive", ARCHIVES, ids=lambda path: path.name)
def test_an_archive_is_the_chart_alone(archive):
    files = unpacked(archive)
    assert archive.name == f"infrazen-{version_of(files)}.tgz"
    assert archive.read_bytes()[4:8] == bytes(4), "the moment it was made"
    with tarfile.open(archive) as tar:
        for entry in tar:
            assert entry.name.startswith("infrazen/")
            told = (entry.mtime, entry.uid, entry.gid, entry.uname, entry.gname, entry.mode)
            assert told == (0, 0, 0, "", "", 0o644), entry.name


@pytest.mark.parametrize("archive", ARCHIVES, ids=lambda path: path.name)
def test_a_released_version_does_not_change(archive):
    files = unpacked(archive)
    version = Version(version_of(files))
    assert version <= VERSION
    if version == VERSION:
        assert files == contents(CHART), "give Chart.yaml another version"


def test_what_is_released_is_what_is_kept_and_stays(chart, tmp_path):
    folder = tmp_path / "released"
    archive = release(chart, folder)
    assert unpacked(archive) == contents(CHART)
    assert packed(contents(CHART)) == archive.read_bytes()
    assert release(chart, folder) == archive
    values = chart / "values.yaml"
    values.write_text(values.read_text() + "# changed\n")
    with pytest.raises(AlreadyReleased, match="another version"):
        release(chart, folder)
    about = chart / "Chart.yaml"
    about.write_text(
        re.sub(r"^version: .*$", "version: 99.0.0", about.read_text(), flags=re.MULTILINE)
    )
    assert release(chart, folder).name == "infrazen-99.0.0.tgz"


def test_helm_takes_an_archive(helm, chart, tmp_path):
    words = [helm, "show", "chart", release(chart, tmp_path / "released")]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    assert f"version: {VERSION}\n" in said
