"""Pictures get smaller and stay what they are."""

import random
import struct
import sys
import zlib

import pytest

from tests.served import ROOT

sys.path.insert(0, str(ROOT / "tools"))

from png import repacked

SIZE = 3


def chunk(kind: bytes, body: bytes) -> bytes:
    check = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)


def drawn(rows: list[bytes], way: int, *, depth: int = 8) -> bytes:
    """A picture of RGB ``rows``, each written with the filter ``way``."""
    header = struct.pack(">IIBBBBB", len(rows[0]) // SIZE, len(rows), depth, 2, 0, 0, 0)
    above, body = bytes(len(rows[0])), b""
    for row in rows:
        body += bytes([way]) + filtered(row, above, way)
        above = row
    head = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"tEXt", b"Software\0nobody")
    return head + chunk(b"IDAT", zlib.compress(body, 0)) + chunk(b"IEND", b"")


def filtered(row: bytes, above: bytes, way: int) -> bytes:
    found = bytearray()
    for n, value in enumerate(row):
        left = row[n - SIZE] if n >= SIZE else 0
        corner = above[n - SIZE] if n >= SIZE else 0
        straight = left + above[n] - corner
        nearest = min((left, above[n], corner), key=lambda one: abs(straight - one))
        guess = (0, left, above[n], (left + above[n]) // 2, nearest)[way]
        found.append((value - guess) % 256)
    return bytes(found)


def seen(data: bytes) -> list[bytes]:
    """The rows of a picture that was repacked: plain ones, or differences from above."""
    place, packed, width = 8, b"", 0
    while place < len(data):
        (length,) = struct.unpack_from(">I", data, place)
        kind, body = data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        assert struct.unpack_from(">I", data, place + 8 + length) == (zlib.crc32(kind + body),)
        packed += body if kind == b"IDAT" else b""
        width = struct.unpack(">I", body[:4])[0] * SIZE if kind == b"IHDR" else width
        place += 12 + length
    raw, rows, above = zlib.decompress(packed), [], bytes(width)
    for start in range(0, len(raw), width + 1):
        row = raw[start + 1 : start + 1 + width]
        if raw[start] == 2:
            row = bytes((a + b) % 256 for a, b in zip(row, above, strict=True))
        else:
            assert raw[start] == 0
        above = row
        rows.append(row)
    return rows


@pytest.mark.parametrize("way", range(5))
def test_every_pixel_survives(way):
    chance = random.Random(way)
    rows = [bytes(chance.randrange(256) for _ in range(12 * SIZE)) for _ in range(9)] * 2
    small = repacked(drawn(rows, way))
    assert len(small) < len(drawn(rows, way))
    assert seen(small) == rows


def test_what_is_written_otherwise_stays_as_it_is():
    deep = drawn([bytes(6)], 0, depth=16)
    assert repacked(deep) == deep
    with pytest.raises(ValueError, match="no PNG"):
        repacked(b"GIF89a")
