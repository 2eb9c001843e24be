"""Object Storage's answers, however odd: nothing in them is expanded or repeated."""

import httpx
import pytest

from infrazen.errors import UnexpectedPayload
from infrazen.provider_kit.payload import Answer
from infrazen.providers.yandex.wire.objects import error_code, listing

_ENTITIES = (
    '<?xml version="1.0"{encoding}?><!DOCTYPE x [<!ENTITY a "secret">]>'
    "<ListBucketResult><IsTruncated>true</IsTruncated>"
    "<NextContinuationToken>&a;</NextContinuationToken></ListBucketResult>"
)


def _answer(body: bytes, status: int = 200) -> Answer:
    return Answer("/bucket", status, "application/xml", body, httpx.Headers())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
def test_entities_are_refused_in_every_encoding(encoding):
    declared = f' encoding="{encoding}"' if encoding == "utf-16" else ""
    body = _ENTITIES.format(encoding=declared).encode(encoding)
    with pytest.raises(UnexpectedPayload):
        listing(_answer(body))


def test_a_code_is_a_word_and_nothing_else():
    assert error_code(_answer(b"<Error><Code>NoSuchBucket</Code></Error>", 404)) == "NoSuchBucket"
    for odd in (b"x" * 65, b"no such bucket", b"line\nbreak"):
        assert not error_code(_answer(b"<Error><Code>" + odd + b"</Code></Error>", 404))
