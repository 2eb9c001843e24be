"""Spaces that keep together what a Russian line never parts.

A dash does not begin a line, and a preposition or conjunction of one or two letters does not
end one.
"""

import re

NO_BREAK = "\u00a0"
_BEFORE_DASH = re.compile(r" (?=— )")
_AFTER_SHORT = re.compile(r"(?<![^\s«(])([а-яё]{1,2}) (?=[^\s—])", re.IGNORECASE)


def kept_together(words: str) -> str:
    """``words`` with spaces that do not break where a line would end badly."""
    return _AFTER_SHORT.sub(rf"\1{NO_BREAK}", _BEFORE_DASH.sub(NO_BREAK, words))
