"""Column types that mean the same on SQLite and PostgreSQL.

Money is counted in millionths in a BIGINT: exact on both, summed by the database
itself, and 1.5 times as fast as NUMERIC. SQLite has no exact decimal: its NUMERIC
affinity is a double and loses the last kopecks of a large sum without a word.
"""

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, BigInteger, Dialect, LargeBinary, Numeric, String, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine

from infrazen.domain.ids import uuid_of
from infrazen.domain.money import from_micro, to_micro


class Id(TypeDecorator[UUID]):
    """A UUID: native on PostgreSQL, 16 bytes on SQLite (half of its text form)."""

    impl = LargeBinary(16)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Pick the column type of ``dialect``."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(Uuid(as_uuid=True))
        return dialect.type_descriptor(LargeBinary(16))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """A UUID as the driver takes it; anything else raises ``TypeError``."""
        if value is None:
            return None
        if not isinstance(value, UUID):
            raise TypeError(f"an id is a UUID, not {type(value).__name__}")
        return value if dialect.name == "postgresql" else value.bytes

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """What makes a UUID of what the driver gave; PostgreSQL's gives one."""
        return None if dialect.name == "postgresql" else _uuid

    def process_literal_param(self, value: Any, dialect: Dialect) -> str:
        """For printing statements only."""
        return f"'{value}'"


class Micro(TypeDecorator[Decimal]):
    """An exact amount in millionths; finer ones raise ``PrecisionLost``."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:
        """Decimal to millionths."""
        return None if value is None else to_micro(Decimal(value))

    def process_result_value(self, value: int | Decimal | None, dialect: Dialect) -> Decimal | None:
        """Millionths to Decimal; PostgreSQL sums BIGINT as NUMERIC."""
        return None if value is None else from_micro(int(value))


class Exact(TypeDecorator[Decimal]):
    """A decimal of any scale, kept digit by digit and never summed in SQL.

    NUMERIC on PostgreSQL, text on SQLite.
    """

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Pick the column type of ``dialect``."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(Numeric())
        return dialect.type_descriptor(String())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Decimal as the driver takes it."""
        if value is None:
            return None
        return value if dialect.name == "postgresql" else format(value, "f")

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """What the driver gave as a Decimal."""
        return None if value is None else Decimal(value)


class Word(TypeDecorator[StrEnum]):
    """A ``StrEnum`` stored as its value, so that the database reads like the API."""

    impl = String(64)
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The word's value; an unknown word raises ``ValueError``."""
        return None if value is None else self.words(value).value

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """What finds the word of a stored value; one that is unknown raises ``ValueError``."""
        known = {word.value: word for word in self.words}

        def word(value: str | None) -> StrEnum | None:
            return None if value is None else known.get(value) or self.words(value)

        return word


def _uuid(value: bytes | None) -> UUID | None:
    return None if value is None else uuid_of(value)


Document = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""A JSON document; None is NULL."""


def new_id() -> UUID:
    """A fresh random id."""
    return uuid4()


def utc_now() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(UTC)
