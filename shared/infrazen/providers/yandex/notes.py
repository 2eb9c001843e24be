"""What people should know of an endpoint that ended well."""

from collections.abc import Collection, Mapping

from infrazen.domain.labels import Text

_MOST_NAMES = 5

NO_BILLING_ACCOUNT = Text(
    "Платёжный аккаунт не виден, поэтому баланса нет, а цены — из общего прайс-листа.",
    "No billing account can be seen, so there is no balance, and prices are the public ones.",
)
SOME_FOLDERS_UNREAD = Text(
    "Не все каталоги удалось прочитать.",
    "Not all folders could be read.",
)

WITHOUT_RESOURCES = Text(
    "Детализация без ресурсов: расходы видны по продуктам. Включите в настройках выгрузки "
    "детализацию с ресурсами.",
    "The export has no resources, so costs are shown by product. Choose details with resources "
    "in the export's settings.",
)


def no_export(prefix: str) -> Text:
    """A bucket without a file of the export."""
    return Text(
        f"В бакете нет файлов детализации ({prefix}ГГГГММДД.csv). Первый появится в течение дня "
        "после настройки выгрузки.",
        f"The bucket has no files of the export ({prefix}YYYYMMDD.csv). The first comes within a "
        "day after the export is set up.",
    )


def unpriced(count: int) -> Text:
    """Machines whose platform the price list does not have."""
    return Text(
        f"Виртуальных машин, для которых нет цены в прайс-листе: {count}.",
        f"Virtual machines without a price in the price list: {count}.",
    )


def disks_unsure(place: str) -> Text:
    """Disks of a folder whose machines could not all be read."""
    return Text(
        f"{place}: прочитаны не все машины, поэтому неизвестно, какие диски им принадлежат.",
        f"{place}: not all machines could be read, so which disks are part of them is not known.",
    )


def hidden(ids: Collection[str]) -> Text:
    """Clouds or folders that were chosen and are not to be seen."""
    some = named(ids)
    return Text(
        f"Выбраны в настройках, но не видны: {some}.",
        f"Chosen in the settings, but not to be seen: {some}.",
    )


def read_elsewhere(left: Mapping[str, str]) -> str:
    """Folders that other connections read, and which ones those are."""
    names = ", ".join(f"«{name}»" for name in sorted(set(left.values())))
    return (
        f"not read, because {names} reads them already and they would count twice: {named(left)};"
        " choose clouds or folders in one of the two"
    )


def unsized(count: int, why: str) -> Text:
    """Buckets whose size could not be read."""
    return Text(
        f"Бакетов, размер которых прочитать не удалось: {count}. {why}",
        f"Buckets whose size could not be read: {count}. {why}",
    )


def undetailed(count: int, why: str) -> Text:
    """Buckets whose settings could not be read."""
    return Text(
        f"Бакетов, настройки которых прочитать не удалось: {count}. {why}",
        f"Buckets whose settings could not be read: {count}. {why}",
    )


def silent(count: int) -> Text:
    """Machines that nobody tells the memory of."""
    return Text(
        f"Машин без данных о памяти: {count}. Их передаёт Unified Agent, если он установлен.",
        f"Machines without readings of memory: {count}. Unified Agent tells them where it runs.",
    )


def named(names: Collection[str]) -> str:
    """The first few of some names."""
    first = sorted(names)[:_MOST_NAMES]
    more = len(names) - len(first)
    return ", ".join(first) + (f" (+{more})" if more else "")
