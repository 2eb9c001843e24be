"""Forms, schemas and validation out of a provider's credential and settings models."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MaxLen
from pydantic import BaseModel, SecretStr, ValidationError
from pydantic.fields import FieldInfo

from infrazen.errors import Invalid
from infrazen.provider_kit.contract import (
    ConnectionSettings,
    Credentials,
    Label,
    ProviderSpec,
    Text,
)

M = TypeVar("M", bound=BaseModel)


class FieldKind(StrEnum):
    """Which control a field is entered with."""

    TEXT = "text"
    PASSWORD = "password"  # noqa: S105 (a kind of control)
    NUMBER = "number"
    BOOL = "bool"
    SELECT = "select"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """One field of a form, in the order of the model.

    ``default`` is the value as a form shows it, empty where there is none; ``minimum``
    and ``maximum`` bound a number; ``whole`` says that it has no fraction; ``longest`` is
    how many characters a text may have.
    """

    name: str
    title: Text
    help: Text | None
    kind: FieldKind
    required: bool
    secret: bool
    default: str = ""
    placeholder: str = ""
    options: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    whole: bool = False
    longest: int | None = None


def form_fields(model: type[BaseModel]) -> tuple[FormField, ...]:
    """The fields of a provider's credentials or settings."""
    return tuple(_form_field(name, info) for name, info in model.model_fields.items())


def secret_fields(model: type[Credentials]) -> tuple[str, ...]:
    """Names of the fields that go to the vault."""
    return tuple(field.name for field in form_fields(model) if field.secret)


def split_credentials(credentials: Credentials) -> tuple[dict[str, str], dict[str, str]]:
    """(public, secret) values by field; fields left empty are in neither."""
    public: dict[str, str] = {}
    secret: dict[str, str] = {}
    for name in type(credentials).model_fields:
        value = getattr(credentials, name)
        if isinstance(value, SecretStr):
            secret[name] = value.get_secret_value()
        elif value is not None:
            public[name] = str(value)
    return public, secret


def parse_credentials(
    spec: ProviderSpec,
    raw: Mapping[str, str],
    *,
    stored: Mapping[str, str] | None = None,
    forget: Collection[str] = (),
) -> Credentials:
    """Credentials from a form; raises ``Invalid`` with the ``field`` that is wrong.

    A secret left blank keeps the ``stored`` one (field → value), unless ``forget`` names
    it. A public field is what the form says.
    """
    kept = {
        name: value
        for name, value in (stored or {}).items()
        if name in secret_fields(spec.credentials) and name not in forget
    }
    return _parse(spec.credentials, kept | _filled(raw))


def parse_settings(spec: ProviderSpec, raw: Mapping[str, Any]) -> ConnectionSettings:
    """Settings from a form or a manifest; blank means the default. Raises ``Invalid``."""
    return _parse(spec.settings, _filled(raw))


def json_schema(model: type[BaseModel]) -> dict[str, Any]:
    """A structural JSON schema (OpenAPI v3 as custom resources take it) of ``model``."""
    fields = form_fields(model)
    required = [field.name for field in fields if field.required]
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {field.name: _property(field) for field in fields},
    }
    return schema | ({"required": required} if required else {})


def _filled(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in raw.items()
        if value is not None and not (isinstance(value, str) and not value.strip())
    }


def _parse(model: type[M], values: Mapping[str, Any]) -> M:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    field = str(first["loc"][0]) if first["loc"] else None
    raise Invalid(_complaint(field, str(first["type"]), str(first["msg"])), field=field)


def _complaint(field: str | None, kind: str, message: str) -> str:
    match kind:
        case "missing":
            return f"{field} is required"
        case "extra_forbidden":
            return f"there is no field {field}"
        case _:
            return f"{field}: {message}" if field else message


def _form_field(name: str, info: FieldInfo) -> FormField:
    label = next((item for item in info.metadata if isinstance(item, Label)), None)
    if label is None:
        raise TypeError(f"the field {name} has no Label")
    bare = _bare(info.annotation)
    kind, options = _kind(bare)
    low, high = _bounds(info)
    default = None if info.is_required() else info.get_default(call_default_factory=False)
    return FormField(
        name=name,
        title=label.title,
        help=label.help,
        kind=kind,
        required=info.is_required(),
        secret=bare is SecretStr,
        default=_shown(default),
        placeholder=label.placeholder,
        options=options,
        minimum=low,
        maximum=high,
        whole=bare is int,
        longest=next((rule.max_length for rule in info.metadata if isinstance(rule, MaxLen)), None),
    )


def _bare(annotation: Any) -> Any:
    if get_origin(annotation) in {Union, UnionType}:
        [bare] = [part for part in get_args(annotation) if part is not NoneType]
        return bare
    return annotation


def _kind(bare: Any) -> tuple[FieldKind, tuple[str, ...]]:
    if get_origin(bare) is Literal:
        return FieldKind.SELECT, tuple(str(option) for option in get_args(bare))
    if isinstance(bare, type) and issubclass(bare, StrEnum):
        return FieldKind.SELECT, tuple(option.value for option in bare)
    kinds = {
        SecretStr: FieldKind.PASSWORD,
        bool: FieldKind.BOOL,
        int: FieldKind.NUMBER,
        float: FieldKind.NUMBER,
        str: FieldKind.TEXT,
    }
    return kinds[bare], ()


def _bounds(info: FieldInfo) -> tuple[float | None, float | None]:
    low = high = None
    for rule in info.metadata:
        match rule:
            case Ge(ge=bound) | Gt(gt=bound):
                low = float(str(bound))
            case Le(le=bound) | Lt(lt=bound):
                high = float(str(bound))
            case _:
                pass
    return low, high


def _shown(default: Any) -> str:
    match default:
        case None | SecretStr():
            return ""
        case bool():
            return "true" if default else "false"
        case _:
            return str(default)


def _property(field: FormField) -> dict[str, Any]:
    types = {FieldKind.NUMBER: "integer" if field.whole else "number", FieldKind.BOOL: "boolean"}
    schema: dict[str, Any] = {
        "type": types.get(field.kind, "string"),
        "title": field.title.en,
        "description": field.help.en if field.help else None,
        "enum": list(field.options) or None,
        "minimum": _number(field.minimum, whole=field.whole),
        "maximum": _number(field.maximum, whole=field.whole),
        "maxLength": field.longest,
        "format": "password" if field.secret else None,
        "default": _typed_default(field),
    }
    return {name: value for name, value in schema.items() if value is not None}


def _number(value: float | None, *, whole: bool) -> float | int | None:
    return int(value) if whole and value is not None else value


def _typed_default(field: FormField) -> str | bool | float | int | None:
    if not field.default:
        return None
    match field.kind:
        case FieldKind.BOOL:
            return field.default == "true"
        case FieldKind.NUMBER:
            return _number(float(field.default), whole=field.whole)
        case _:
            return field.default
