"""Organizations, clouds and folders: where everything else is looked for."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import partial

from msgspec import Raw

from infrazen.domain.resources import SeenComponent
from infrazen.errors import ProviderError, ReadElsewhere
from infrazen.provider_kit.contract import Endpoint, NothingToRead, Sink, Text
from infrazen.provider_kit.parts import Part
from infrazen.provider_kit.records import Records
from infrazen.provider_kit.redaction import Redactor
from infrazen.provider_kit.together import for_each
from infrazen.providers.yandex import notes
from infrazen.providers.yandex.api import Api
from infrazen.providers.yandex.credentials import YandexSettings, chosen
from infrazen.providers.yandex.mapper.common import Place, facts
from infrazen.providers.yandex.shares import FOLDER, ExportShare
from infrazen.providers.yandex.wire import resources as wire

SIGN_IN = "iam.token"
ORGANIZATIONS = "organization-manager.organizations"
CLOUDS = "resource-manager.clouds"
FOLDERS = "resource-manager.folders"

TITLES = {
    SIGN_IN: Text("Вход в Yandex Cloud", "Yandex Cloud sign-in"),
    ORGANIZATIONS: Text("Организации", "Organizations"),
    CLOUDS: Text("Облака", "Clouds"),
    FOLDERS: Text("Каталоги", "Folders"),
}
"""What people call the endpoints."""

AT_ONCE = 4
_GOING = frozenset({"DELETING"})


class Folders:
    """The chosen folders; ``complete`` says whether those are all there are."""

    def __init__(self, api: Api, *, settings: YandexSettings, redactor: Redactor) -> None:
        self._api = api
        self._chosen_clouds = chosen(settings.cloud_ids)
        self._chosen = chosen(settings.folder_ids)
        self._clouds: list[wire.Cloud] | None = None
        self._places: list[Place] = []
        self._export = ExportShare(settings)
        self.complete = False
        self._organization_records = Records(
            wire.Organization, endpoint=ORGANIZATIONS, redactor=redactor
        )
        self._cloud_records = Records(wire.Cloud, endpoint=CLOUDS, redactor=redactor)
        self._folder_records = Records(wire.Folder, endpoint=FOLDERS, redactor=redactor)

    @property
    def clouds(self) -> Sequence[wire.Cloud]:
        """The chosen clouds, as far as they could be read."""
        return self._clouds or ()

    @property
    def ids(self) -> frozenset[str]:
        """Ids of the folders that are read."""
        return frozenset(place.id for place in self._places)

    def endpoints(self) -> Sequence[Endpoint]:
        """In the order in which they can be read."""
        return (
            Endpoint(
                name=SIGN_IN,
                read=self._sign_in,
                lists=False,
            ),
            Endpoint(
                name=ORGANIZATIONS,
                read=self._read_organizations,
                after=(SIGN_IN,),
            ),
            Endpoint(
                name=CLOUDS,
                read=self.read_clouds,
                after=(SIGN_IN,),
            ),
            Endpoint(
                name=FOLDERS,
                read=self._read_folders,
                after=(CLOUDS,),
            ),
        )

    async def each(self, sink: Sink, read: Callable[[Place, Sink], Awaitable[None]]) -> None:
        """Await ``read`` for every folder; one that fails takes no other with it.

        What the others gave stays, and what is missing from them is gone. Raises the first
        error at the end, with the names of the folders that could not be read.
        """
        self._api.check_signed_in()
        if not self.complete:
            if not self._places:
                raise NothingToRead("not asked: the folders could not be read")
            sink.incomplete(notes.SOME_FOLDERS_UNREAD)
        failed: dict[str, ProviderError] = {}

        async def read_one(place: Place) -> None:
            part = Part(sink)
            try:
                await read(place, part)
            except ProviderError as error:
                failed[place.sub_account] = error
            else:
                if part.is_whole and self._is_only_one(place):
                    sink.whole(place.sub_account)

        await for_each(self._places, read_one, at_once=AT_ONCE)
        if failed:
            raise _together(failed, of=len(self._places))

    def _is_only_one(self, place: Place) -> bool:
        """Whether nobody else may go by this folder's name: a hidden one might."""
        same = [one for one in self._places if one.sub_account == place.sub_account]
        return self.complete and len(same) == 1

    async def _sign_in(self, _sink: Sink) -> None:
        await self._api.sign_in()

    async def _read_organizations(self, sink: Sink) -> None:
        self._api.check_signed_in()

        def put(source: wire.Organization) -> None:
            sink.component(
                SeenComponent(
                    listing=ORGANIZATIONS,
                    resource=None,
                    kind="organization",
                    name=source.title or source.name or source.id,
                    details=facts(id=source.id),
                )
            )

        path = "/organization-manager/v1/organizations"
        async for raws in self._api.pages("organization-manager", path, "organizations"):
            self._organization_records.each(raws, sink, put)

    async def read_clouds(self, sink: Sink) -> None:
        """Learn the chosen clouds."""
        self._api.check_signed_in()
        clouds: list[wire.Cloud] = []
        missed = 0

        def put(source: wire.Cloud) -> None:
            if self._chosen_clouds and source.id not in self._chosen_clouds:
                return
            clouds.append(source)
            sink.component(
                SeenComponent(
                    listing=CLOUDS,
                    resource=None,
                    kind="cloud",
                    name=source.name or source.id,
                    details=facts(id=source.id, organization_id=source.organization_id),
                )
            )

        path = "/resource-manager/v1/clouds"
        async for raws in self._api.pages("resource-manager", path, "clouds"):
            missed += self._cloud_records.each(raws, sink, put)
        self._clouds = clouds
        self.complete = not missed
        self._check_chosen(sink, self._chosen_clouds - {cloud.id for cloud in clouds})

    async def _read_folders(self, sink: Sink) -> None:
        self._api.check_signed_in()
        if self._clouds is None:
            raise NothingToRead("not asked: the clouds could not be read")
        complete, self.complete = self.complete, False
        elsewhere = sink.read_elsewhere()
        left: dict[str, str] = {}
        seen: set[str] = set()
        missed = 0

        def put(source: wire.Folder, cloud: wire.Cloud) -> None:
            seen.add(source.id)
            if not self._is_wanted(source):
                return
            place = _place(source, cloud)
            if source.id in elsewhere:
                left[place.sub_account] = elsewhere[source.id]
            else:
                self._add(place, sink)

        for cloud in self._clouds:
            async for raws in self._folder_pages(cloud):
                missed += self._folder_records.each(raws, sink, partial(put, cloud=cloud))
        self.complete = complete and not missed
        self._check_chosen(sink, self._chosen - seen)
        self._export.claim(sink, listing=FOLDERS)
        if left:
            raise ReadElsewhere(notes.read_elsewhere(left))

    def _folder_pages(self, cloud: wire.Cloud) -> AsyncIterator[Sequence[Raw]]:
        params = {"cloudId": cloud.id}
        path = "/resource-manager/v1/folders"
        return self._api.pages("resource-manager", path, "folders", params)

    def _is_wanted(self, source: wire.Folder) -> bool:
        return source.status not in _GOING and (not self._chosen or source.id in self._chosen)

    def _add(self, place: Place, sink: Sink) -> None:
        if place not in self._places:
            self._places.append(place)
        sink.component(
            SeenComponent(
                listing=FOLDERS,
                resource=None,
                kind=FOLDER,
                name=place.sub_account,
                details=facts(id=place.id, cloud_id=place.cloud_id),
            )
        )

    def _check_chosen(self, sink: Sink, missing: frozenset[str]) -> None:
        """What was chosen and is not there may only be hidden: then nothing is gone."""
        if missing:
            self.complete = False
            sink.incomplete(notes.hidden(missing))


def _place(source: wire.Folder, cloud: wire.Cloud) -> Place:
    return Place(id=source.id, name=source.name, cloud_id=cloud.id, cloud_name=cloud.name)


def _together(failed: dict[str, ProviderError], *, of: int) -> ProviderError:
    first = next(iter(failed.values()))
    if of == 1:
        return first
    return type(first)(f"{first} [{len(failed)} of {of} folders: {notes.named(failed)}]")
