"""Keep the chart as it is now as a released version, for tests that upgrade from it.

    python3 tools/chart_release.py

writes ``charts/released/infrazen-<version>.tgz``. An archive has the chart's files alone, and
nothing of the machine or the moment it was made on. One that is there stays as it is: a chart
that has changed needs another version.
"""

import gzip
import io
import re
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path

CHART = Path(__file__).resolve().parent.parent / "charts" / "infrazen"
RELEASED = CHART.parent / "released"
_VERSION = re.compile(r"^version: (\S+)$", re.MULTILINE)


class AlreadyReleased(Exception):
    """Other contents went out under this version."""


def release(chart: Path = CHART, folder: Path = RELEASED) -> Path:
    """The archive of ``chart`` in ``folder``; raises ``AlreadyReleased``."""
    files = contents(chart)
    version = version_of(files)
    archive = folder / f"{chart.name}-{version}.tgz"
    if archive.exists():
        if unpacked(archive) != files:
            raise AlreadyReleased(f"{version} is released: give Chart.yaml another version first")
        return archive
    folder.mkdir(parents=True, exist_ok=True)
    archive.write_bytes(packed(files))
    return archive


def contents(chart: Path) -> dict[str, bytes]:
    """The chart's files by their names in an archive."""
    files = sorted(each for each in chart.rglob("*") if each.is_file())
    return {f"{chart.name}/{each.relative_to(chart)}": each.read_bytes() for each in files}


def version_of(files: Mapping[str, bytes]) -> str:
    """The version that a chart says it has."""
    [text] = [text for name, text in files.items() if name.endswith("/Chart.yaml")]
    [version] = _VERSION.findall(text.decode())
    return str(version)


def packed(files: Mapping[str, bytes]) -> bytes:
    """An archive as Helm takes it."""
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o644
            archive.addfile(entry, io.BytesIO(content))
    return gzip.compress(tar.getvalue(), mtime=0)


def unpacked(archive: Path) -> dict[str, bytes]:
    """The files in an archive by their names."""
    with tarfile.open(archive) as tar:
        members = [(each.name, tar.extractfile(each)) for each in tar if each.isfile()]
        return {name: file.read() for name, file in members if file is not None}


def main() -> int:
    """Write the archive."""
    try:
        print(release())
    except AlreadyReleased as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
