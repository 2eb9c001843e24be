"""Numbers, percentages and counted nouns."""

from decimal import Decimal

from infrazen_ui.locales import Language, plural

NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"

Number = int | float | Decimal
_SIGNS = {
    Language.RU: str.maketrans({",": NARROW_SPACE, ".": ",", "-": MINUS}),
    Language.EN: str.maketrans({"-": MINUS}),
}


def number(value: Number, *, language: Language, decimals: int | None = None) -> str:
    """``1234.5`` as ``1 234,5`` or ``1,234.5``, with exactly ``decimals`` where given.

    A dashboard has a thousand of them: Babel takes ten times as long for the same.
    """
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    shown = f"{exact:,.{3 if decimals is None else decimals}f}"
    if decimals is None:
        shown = shown.rstrip("0").rstrip(".")
    return shown.translate(_SIGNS[language])


def percent(value: Number, *, language: Language, decimals: int = 1) -> str:
    """``12.5`` (of a hundred) as ``12,5 %`` or ``12.5%``."""
    return number(value, language=language, decimals=decimals) + percent_sign(language)


def percent_sign(language: Language) -> str:
    """The sign with the space that the language puts before it."""
    return f"{NARROW_SPACE}%" if language is Language.RU else "%"


def counted(key: str, n: int, *, language: Language, **values: str | int) -> str:
    """``n`` and its noun in the right form: ``1 ресурс``, ``2 ресурса``, ``5 ресурсов``."""
    return plural(key, n, language, shown=number(n, language=language), **values)
