"""Looking for a word inside a text, in the way that each database does fastest."""

import re
from typing import Any

from sqlalchemy import Boolean, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapped
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class Contains(FunctionElement[bool]):
    """Whether a column's text has ``word`` in it, letter by letter as both are written."""

    type = Boolean()
    inherit_cache = True

    def __init__(self, text: Mapped[str], word: str) -> None:
        escaped = re.sub(r"([/%_])", r"/\1", word)
        super().__init__(text, word, f"%{escaped}%")


@compiles(Contains)
def _as_pattern(element: Contains, compiler: SQLCompiler, **options: Any) -> str:
    text, _, pattern = element.clauses
    return compiler.process(text.like(pattern, escape="/"), **options)


@compiles(Contains, "postgresql")
def _as_position(element: Contains, compiler: SQLCompiler, **options: Any) -> str:
    """Its LIKE takes a fifth longer."""
    text, word, _ = element.clauses
    return compiler.process(func.strpos(text, word) > 0, **options)
