"""Writing a result where another program reads it."""

import os
from pathlib import Path

from infrazen.errors import Invalid


def check_result_file(path: Path) -> None:
    """Raise ``Invalid`` where ``path`` cannot hold a result, before anything is done."""
    folder = path.parent
    if path.is_dir() or not folder.is_dir():
        raise Invalid(f"{path} can't be written: {folder} is no folder", field="result_file")
    if not os.access(path if path.exists() else folder, os.W_OK):
        raise Invalid(f"{path} can't be written: no right to", field="result_file")


def write_result(path: Path, document: bytes) -> None:
    """Make ``document`` the content of ``path`` in one step: a reader finds the old or the new.

    A file that cannot be replaced, such as the termination log that Kubernetes mounts into
    a container, is overwritten.
    """
    if path.is_symlink() or (path.exists() and not path.is_file()):
        path.write_bytes(document)
        return
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(document)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        path.write_bytes(document)
