"""PNG pictures made smaller without a loss, by the standard library alone."""

import struct
import zlib
from collections.abc import Callable, Iterator

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_BYTES_A_PIXEL = {2: 3, 6: 4}
"""By colour type: RGB and RGBA, eight bits each."""


def repacked(data: bytes) -> bytes:
    """The same picture with the best of a few ways to write its rows.

    Screenshots are large areas of one colour, which compress best where a row says only
    how it differs from the one above. What is no eight-bit RGB picture stays as it is.
    """
    chunks = list(_chunks(data))
    header = chunks[0][1]
    width, _, depth, colour, *_, interlaced = struct.unpack(">IIBBBBB", header)
    if depth != 8 or colour not in _BYTES_A_PIXEL or interlaced:
        return data
    size = _BYTES_A_PIXEL[colour]
    packed = zlib.decompress(b"".join(body for kind, body in chunks if kind == b"IDAT"))
    rows = _rows(packed, width * size, size)
    ways: tuple[Callable[[bytes, bytes], bytes], ...] = (_plain, _up)
    bodies = [_written(rows, ways[:1]), _written(rows, ways[1:]), _written(rows, ways)]
    best = min((zlib.compress(body, 9) for body in bodies), key=len)
    made = _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", best) + _chunk(b"IEND", b"")
    return min(made, data, key=len)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not data.startswith(_SIGNATURE):
        raise ValueError("this is no PNG picture")
    place = len(_SIGNATURE)
    while place < len(data):
        (length,) = struct.unpack_from(">I", data, place)
        yield data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        place += 12 + length


def _chunk(kind: bytes, body: bytes) -> bytes:
    check = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)


def _rows(packed: bytes, width: int, size: int) -> list[bytes]:
    """The rows without their filters (PNG specification, section 9)."""
    rows: list[bytes] = []
    above = bytes(width)
    for start in range(0, len(packed), width + 1):
        row = bytearray(packed[start + 1 : start + 1 + width])
        _undo(packed[start], row, above, size)
        above = bytes(row)
        rows.append(above)
    return rows


def _undo(way: int, row: bytearray, above: bytes, size: int) -> None:
    if way == 2:
        row[:] = bytes((a + b) & 255 for a, b in zip(row, above, strict=True))
    elif way:
        for n, value in enumerate(row):
            left = row[n - size] if n >= size else 0
            corner = above[n - size] if n >= size else 0
            guess = (left, 0, (left + above[n]) // 2, _paeth(left, above[n], corner))[way - 1]
            row[n] = (value + guess) & 255


def _paeth(left: int, above: int, corner: int) -> int:
    guess = left + above - corner
    return min((left, above, corner), key=lambda value: abs(guess - value))


def _plain(row: bytes, _above: bytes) -> bytes:
    return b"\x00" + row


def _up(row: bytes, above: bytes) -> bytes:
    return b"\x02" + bytes((a - b) & 255 for a, b in zip(row, above, strict=True))


def _written(rows: list[bytes], ways: tuple[Callable[[bytes, bytes], bytes], ...]) -> bytes:
    """Every row in the way that compresses best by itself."""
    written: list[bytes] = []
    above = bytes(len(rows[0]))
    for row in rows:
        tried = [way(row, above) for way in ways]
        written.append(min(tried, key=lambda one: len(zlib.compress(one, 1))))
        above = row
    return b"".join(written)
