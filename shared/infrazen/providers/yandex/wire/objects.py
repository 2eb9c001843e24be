"""Object Storage's own answers: XML, as S3 has it."""

import re
from datetime import datetime
from typing import NamedTuple
from xml.etree import ElementTree as ET

from infrazen.errors import UnexpectedPayload
from infrazen.provider_kit.payload import Answer, kind

_DECLARATION = b"<!"
_CODE = re.compile(r"[A-Za-z0-9]{1,64}")


class StoredFile(NamedTuple):
    """A file as a listing has it; ``etag`` names this version of it."""

    key: str
    size: int
    etag: str
    modified: datetime


class FileListing(NamedTuple):
    """A page of a listing; ``following`` is the token of the next one, or empty."""

    files: list[StoredFile]
    following: str


def listing(answer: Answer) -> FileListing:
    """A page of ``ListObjectsV2``. Raises ``UnexpectedPayload`` for anything else."""
    root = _parsed(answer.body)
    if root is None or _name(root) != "ListBucketResult":
        raise UnexpectedPayload(f"{answer.path}: expected a list of files, got {kind(answer)}")
    try:
        files = [_file(_fields(one)) for one in root if _name(one) == "Contents"]
    except (KeyError, ValueError):
        raise UnexpectedPayload(f"{answer.path}: not the documented list of files") from None
    told = _fields(root)
    more = told.get("IsTruncated") == "true"
    return FileListing(files, told.get("NextContinuationToken", "") if more else "")


def error_code(answer: Answer) -> str:
    """The word that Object Storage has for what is wrong; empty where it says none."""
    root = _parsed(answer.body)
    said = "" if root is None else _fields(root).get("Code", "")
    return said if _CODE.fullmatch(said) else ""


def etag(value: str | None) -> str:
    """An ETag without its quotes."""
    return (value or "").strip('"')


def _file(fields: dict[str, str]) -> StoredFile:
    modified = datetime.fromisoformat(fields["LastModified"])
    if modified.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return StoredFile(fields["Key"], int(fields["Size"]), etag(fields.get("ETag")), modified)


def _parsed(body: bytes) -> ET.Element | None:
    """The document; None for what is none, or declares types and entities."""
    if _DECLARATION in body or b"\0" in body:  # in UTF-16 a declaration looks otherwise
        return None
    try:
        return ET.fromstring(body)  # noqa: S314 (nothing is declared in it)
    except (ET.ParseError, ValueError):
        return None


def _fields(element: ET.Element) -> dict[str, str]:
    return {_name(one): one.text or "" for one in element}


def _name(element: ET.Element) -> str:
    """A tag without its namespace."""
    return element.tag.rpartition("}")[2]
