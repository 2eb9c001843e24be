"""Master keys: where they come from, which one is primary, and how they are kept.

A ring is written ``id:base64`` with 32 bytes a key, primary first: one a line in the key
file, or comma-separated in ``INFRAZEN_MASTER_KEYS``, which wins. The file must be closed
to other users; a group may read it, as Kubernetes' mounted Secrets need.
"""

import base64
import binascii
import os
import re
import secrets
import stat
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from infrazen.errors import Conflict, SecretUnreadable
from infrazen.settings import Settings, settings

KEY_BYTES = 32
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_FOREIGN_RIGHTS = stat.S_IRWXO | stat.S_IWGRP


@dataclass(frozen=True, slots=True)
class MasterKey:
    """A key that wraps data keys; its id is no secret."""

    id: str
    value: bytes = field(repr=False)


class KeyRing:
    """Master keys, primary first."""

    def __init__(self, keys: tuple[MasterKey, ...]) -> None:
        if not keys:
            raise SecretUnreadable("the key ring is empty: it needs at least one `id:base64` key")
        self.keys = keys
        self._by_id = {key.id: key for key in keys}
        if len(self._by_id) != len(keys):
            raise SecretUnreadable("two keys of the ring have the same id: rename one of them")

    @property
    def primary(self) -> MasterKey:
        """The key that wraps what is new."""
        return self.keys[0]

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all keys, primary first."""
        return tuple(self._by_id)

    def get(self, key_id: str) -> MasterKey | None:
        """The key called ``key_id``, None where the ring has none."""
        return self._by_id.get(key_id)

    def with_primary(self, key: MasterKey) -> "KeyRing":
        """A ring with ``key`` in front."""
        return KeyRing((key, *self.keys))

    def without(self, key_id: str) -> "KeyRing":
        """A ring without ``key_id``; the primary cannot go (``Conflict``)."""
        if key_id == self.primary.id:
            raise Conflict(f"{key_id} is the primary key: rotate first, then retire it")
        return KeyRing(tuple(key for key in self.keys if key.id != key_id))


def parse_ring(text: str) -> KeyRing:
    """Read ``id:base64`` entries, by line or comma; bad ones raise ``SecretUnreadable``."""
    entries = (part.strip() for part in re.split(r"[\n,]", text))
    return KeyRing(tuple(_parse_key(e) for e in entries if e and not e.startswith("#")))


def format_ring(ring: KeyRing) -> str:
    """What ``parse_ring`` reads: one key a line."""
    lines = (f"{key.id}:{base64.b64encode(key.value).decode()}\n" for key in ring.keys)
    return "".join(lines)


def new_key() -> MasterKey:
    """A random key named after today and by chance, such as ``2026-11-23-5f0c1a``.

    A retired key's name never comes back, whoever rotates: what was wrapped by one key must
    not be tried with another.
    """
    today = datetime.now(UTC).date().isoformat()
    return MasterKey(f"{today}-{secrets.token_hex(3)}", os.urandom(KEY_BYTES))


class KeySource(Protocol):
    """Where the ring of this process comes from."""

    description: str

    def load(self) -> KeyRing:
        """The ring as it is now; ``SecretUnreadable`` says what is wrong with it."""

    def known(self) -> KeyRing:
        """The ring as it is now, then what this process saw in it before.

        Whoever began reading before a rotation still finds what the old keys wrap.
        """

    def replace(self, ring: KeyRing) -> None:
        """Keep ``ring`` from now on; ``Conflict`` where only the operator can."""


class KeyVariable:
    """The ring in ``INFRAZEN_MASTER_KEYS``: fixed until the process restarts."""

    description = "INFRAZEN_MASTER_KEYS"

    def __init__(self, text: str) -> None:
        self._ring = parse_ring(text)

    def load(self) -> KeyRing:
        """The ring that the process started with."""
        return self._ring

    known = load

    def replace(self, ring: KeyRing) -> None:  # noqa: ARG002 (the protocol's signature)
        """Always ``Conflict``: a process cannot change its environment for the others."""
        raise Conflict(
            "the keys come from INFRAZEN_MASTER_KEYS: change the variable (new key first), "
            "restart every process, then run `infrazen keys rotate --rewrap-only`"
        )


class KeyFile:
    """The ring in a file; read again whenever the file changes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.description = str(path)
        self._lock = threading.Lock()
        self._loaded: tuple[tuple[int, int, int], KeyRing] | None = None
        self._seen: dict[str, MasterKey] = {}

    def exists(self) -> bool:
        """Whether there is a key file."""
        return self.path.exists()

    def create(self) -> bool:
        """Make a file with one fresh key unless there is a file; tell whether it was made.

        Nobody else can read it at any moment, two processes that start at once end up
        with the same key, and a crash leaves either a whole file or none.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        written = _write_beside(self.path, KeyRing((new_key(),)))
        try:
            os.link(written, self.path)
        except FileExistsError:
            return False
        finally:
            written.unlink()
        _sync_directory(self.path.parent)
        return True

    def load(self) -> KeyRing:
        """The ring in the file, parsed again only where the file changed."""
        with self._lock:
            try:
                facts = self._checked()
                mark = (facts.st_ino, facts.st_mtime_ns, facts.st_size)
                if self._loaded is None or self._loaded[0] != mark:
                    ring = parse_ring(self.path.read_text(encoding="utf-8"))
                    self._loaded = (mark, ring)
                    self._seen |= {key.id: key for key in ring.keys}
            except OSError as error:
                raise SecretUnreadable(
                    f"the key file {self.path} cannot be read ({error.strerror}): restore it from "
                    "your backup, or set INFRAZEN_MASTER_KEY_FILE to where it is"
                ) from error
            return self._loaded[1]

    def known(self) -> KeyRing:
        """The ring in the file, then what was in it before."""
        ring = self.load()
        with self._lock:
            gone = [key for id_, key in self._seen.items() if id_ not in ring.ids]
        return KeyRing((*ring.keys, *gone)) if gone else ring

    def replace(self, ring: KeyRing) -> None:
        """Swap the file, behind links too, for one with ``ring``, at once and durably."""
        path = self.path.resolve()
        try:
            written = _write_beside(path, ring)
        except OSError as error:
            raise Conflict(
                f"the key file {self.path} cannot be rewritten here ({error.strerror}): put the "
                "new key first where the file comes from, then run "
                "`infrazen keys rotate --rewrap-only`"
            ) from error
        written.replace(path)
        _sync_directory(path.parent)

    def _checked(self) -> os.stat_result:
        facts = self.path.stat()
        if facts.st_mode & _FOREIGN_RIGHTS:
            raise SecretUnreadable(
                f"the key file {self.path} is open to other users "
                f"(mode {stat.S_IMODE(facts.st_mode):04o}): run `chmod 600 {self.path}`"
            )
        return facts


def key_source(chosen: Settings | None = None) -> KeySource:
    """The source that the settings name; one object a file, so that its cache is shared."""
    now = chosen or settings()
    if now.master_keys is not None and now.master_keys.get_secret_value().strip():
        return KeyVariable(now.master_keys.get_secret_value())
    path = now.key_file.absolute()
    with _files_lock:
        return _files.setdefault(path, KeyFile(path))


_files: dict[Path, KeyFile] = {}
_files_lock = threading.Lock()


def _parse_key(entry: str) -> MasterKey:
    key_id, _, encoded = entry.partition(":")
    try:
        value = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        value = b""
    if not _ID.fullmatch(key_id) or len(value) != KEY_BYTES:
        raise SecretUnreadable(
            "a master key is written `id:base64` with 32 bytes in the base64; "
            "one entry of the key ring is not"
        )
    return MasterKey(key_id, value)


def _write_beside(path: Path, ring: KeyRing) -> Path:
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(format_ring(ring))
        file.flush()
        os.fsync(file.fileno())
    return beside


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
