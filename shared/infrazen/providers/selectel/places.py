"""Every project in every region: each place fails on its own."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from infrazen.errors import EndpointNotAllowed, ProviderError, UnexpectedPayload
from infrazen.provider_kit.contract import NothingToRead
from infrazen.provider_kit.openstack.keystone import Keystone, Scope, Service
from infrazen.provider_kit.openstack.session import Session
from infrazen.provider_kit.together import for_each
from infrazen.provider_kit.transport import Transport
from infrazen.providers.selectel.wire import Project

AT_ONCE = 4
_Failure = ProviderError | EndpointNotAllowed


@dataclass(frozen=True, slots=True)
class Place:
    """One service of one project in one region."""

    project: Project
    session: Session
    service: Service

    def __str__(self) -> str:
        return f"{self.project.name} in {self.service.region}"


class Places:
    """The projects of an account and the services that each of them has.

    ``projects`` are None as long as they have not been read; ``unread`` of them could not be.
    """

    def __init__(self, transport: Transport, keystone: Keystone, *, account_id: str) -> None:
        self._transport = transport
        self._keystone = keystone
        self._account_id = account_id
        self._sessions: dict[str, Session] = {}
        self.projects: list[Project] | None = None
        self.unread = 0

    @property
    def is_closed(self) -> bool:
        """Whether the service user was not let in at all."""
        return self._keystone.failure is not None

    def check_open(self) -> None:
        """Raise ``NothingToRead`` where nobody was let in, or no project is known."""
        if self.is_closed:
            raise NothingToRead("not asked: Selectel did not let the service user in")
        if self.projects is None:
            raise NothingToRead("not asked: the projects could not be read")

    async def each(self, *types: str, read: Callable[[Place], Awaitable[None]]) -> None:
        """Await ``read`` for every place that has a service of one of ``types``.

        What fails in one place takes no other with it; in the end the first failure is
        raised, with the place named and how many others failed. Raises ``NothingToRead``
        as ``check_open`` does.
        """
        self.check_open()
        failures: list[tuple[str, _Failure]] = []
        places = await self._find(types, failures)

        async def try_to(place: Place) -> None:
            try:
                await read(place)
            except (ProviderError, EndpointNotAllowed) as error:
                failures.append((str(place), error))

        await for_each(places, try_to, at_once=AT_ONCE)
        if self.unread:
            raise UnexpectedPayload(f"{self.unread} projects could not be read")
        if failures:
            raise _first(failures, among=len(places))

    async def _find(
        self, types: tuple[str, ...], failures: list[tuple[str, _Failure]]
    ) -> list[Place]:
        places: list[Place] = []

        async def find(project: Project) -> None:
            session = self._session(project)
            try:
                services = await session.services(*types)
            except (ProviderError, EndpointNotAllowed) as error:
                failures.append((project.name, error))
            else:
                places.extend(Place(project, session, service) for service in services)

        await for_each(self.projects or (), find, at_once=AT_ONCE)
        return sorted(places, key=lambda place: (place.project.name, place.service.region))

    def _session(self, project: Project) -> Session:
        known = self._sessions.get(project.id)
        if known is None:
            scope = Scope(self._account_id, project.id)
            known = Session(self._transport, self._keystone, scope)
            self._sessions[project.id] = known
        return known


def _first(failures: list[tuple[str, _Failure]], *, among: int) -> _Failure:
    where, error = min(failures, key=lambda failure: failure[0])
    others = f"; {len(failures) - 1} more failed" if len(failures) > 1 else ""
    told = type(error)(f"{where}: {error}{others}")
    return error if among == 1 and not others else told
