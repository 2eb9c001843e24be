"""What people read of fields and kinds, in the interface's two languages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A text in the interface's two languages."""

    ru: str
    en: str

    def __getitem__(self, language: str) -> str:
        return self.en if language == "en" else self.ru


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What a form says of a field: ``Annotated[str, Label(...)]`` in a model."""

    title: Text
    help: Text | None = None
    placeholder: str = ""
