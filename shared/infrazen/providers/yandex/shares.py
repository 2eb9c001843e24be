"""What several connections may see of one organization, so that each ruble counts once.

A folder is read by one connection. Of a usage export, which has a whole billing account in it,
one connection takes what belongs to no folder that is read; the others take their folders' rows.
"""

from collections.abc import Collection

from infrazen.domain.resources import SeenComponent
from infrazen.provider_kit.contract import Sink
from infrazen.providers.yandex.credentials import YandexSettings, chosen
from infrazen.providers.yandex.mapper.common import facts
from infrazen.providers.yandex.wire.usage import Item

FOLDER = "folder"
USAGE_EXPORT = "usage_export"


def prefix_of(settings: YandexSettings) -> str:
    """What the names of an export's files begin with."""
    return (settings.export_prefix or "").lstrip("/")


class ExportShare:
    """The part of a usage export that is this connection's.

    ``elsewhere`` are the ids of what other connections read, ``here`` those of the folders that
    this one reads.
    """

    def __init__(self, settings: YandexSettings) -> None:
        self._clouds = chosen(settings.cloud_ids)
        self._folders = chosen(settings.folder_ids)
        bucket = settings.export_bucket
        self._export = f"{bucket}/{prefix_of(settings)}" if bucket else ""

    def claim(self, sink: Sink, *, listing: str) -> None:
        """Tell that this connection takes the rest of the export, if nobody else does."""
        if not self._export or self._folders:
            return
        for cloud in sorted(self._clouds) or [""]:
            if self._is_claimed(cloud, sink.read_elsewhere()):
                continue
            sink.component(
                SeenComponent(
                    listing=listing,
                    resource=None,
                    kind=USAGE_EXPORT,
                    name=f"{self._export} ({cloud})" if cloud else self._export,
                    details=facts(id=self._id(cloud)),
                )
            )

    def is_ours(self, item: Item, *, here: Collection[str], elsewhere: Collection[str]) -> bool:
        """Whether a row counts here: of the chosen clouds and folders, and nowhere else."""
        if self._clouds and item.cloud_id not in self._clouds:
            return False
        if self._folders and item.folder_id not in self._folders:
            return False
        if item.folder_id in elsewhere:
            return False
        return item.folder_id in here or not self._is_claimed(item.cloud_id, elsewhere)

    def _is_claimed(self, cloud: str, elsewhere: Collection[str]) -> bool:
        return self._id("") in elsewhere or self._id(cloud) in elsewhere

    def _id(self, cloud: str) -> str:
        return f"{self._export}:{cloud}"
