"""Somebody who does what the documents say, word for word."""

import shlex
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.cluster.kubernetes_cluster import Cluster
from tests.docs.blocks import ROOT, Block
from tests.waiting import wait_for

SHELL = ("bash", "-euo", "pipefail", "-c")
SOURCES = ("charts", "docs")
"""What commands name by its path from the root of the sources."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Runs blocks of documents with a cluster's kubectl and helm, in a folder of its own.

    What the documents leave to people stands in ``variables``; what is different here, as a
    host that is only an example, in ``instead``.
    """

    cluster: Cluster
    folder: Path
    instead: Mapping[str, str]
    variables: Mapping[str, str]

    def __post_init__(self) -> None:
        for name in SOURCES:
            (self.folder / name).symlink_to(ROOT / name)

    def text(self, block: Block) -> str:
        """A block as it is meant here."""
        text = block.text
        for shown, meant in self.instead.items():
            text = text.replace(shown, meant)
        return text

    def run(self, block: Block, **more: str) -> str:
        """What the commands of a block print, with ``more`` variables.

        Raises ``Refused`` where one of them fails.
        """
        return self.cluster.run(*SHELL, self._script(block, more), seconds=240)

    @contextmanager
    def meanwhile(self, block: Block, *, port: int) -> Iterator[None]:
        """A block that goes on until it is ended, and listens at ``port``."""
        words = [*SHELL, self._script(block, {}).replace("\nkubectl", "\nexec kubectl")]
        process = subprocess.Popen(
            words, env=self.cluster.environment, stdout=subprocess.DEVNULL, text=True
        )
        try:
            wait_for(lambda: _listens(port))
            yield
        finally:
            process.terminate()
            process.wait(10)

    def _script(self, block: Block, more: Mapping[str, str]) -> str:
        known = {**self.variables, **more}
        given = [f"export {name}={shlex.quote(value)}" for name, value in known.items()]
        return "\n".join([f"cd {shlex.quote(str(self.folder))}", *given, self.text(block)])


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


class Part:
    """The blocks of one section, to be run one after the other."""

    def __init__(self, reader: Reader, blocks: Sequence[Block]) -> None:
        self.reader, self.left = reader, list(blocks)

    def run(self, **variables: str) -> str:
        """What the next block prints."""
        return self.reader.run(self.left.pop(0), **variables)

    def meanwhile(self) -> AbstractContextManager[None]:
        """The next block goes on in the background, and listens at ``PORT``."""
        port = int(self.reader.variables["PORT"])
        return self.reader.meanwhile(self.left.pop(0), port=port)
