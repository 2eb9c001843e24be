"""Read a whole account, each endpoint on its own."""

import asyncio
import gc
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

import msgspec

from infrazen.domain.accounts import AccountInfo
from infrazen.domain.billing import Bill, BilledCharge
from infrazen.domain.periods import Days
from infrazen.domain.prices import PriceOffer
from infrazen.domain.resources import (
    HandedSecret,
    LogEntry,
    SeenComponent,
    SeenResource,
    UsageSeries,
)
from infrazen.domain.syncs import EndpointResult, EndpointStatus, Progress, Quarantined
from infrazen.errors import InfraZenError, TimeLimitReached
from infrazen.provider_kit.bills import OpenBill, WantedDays, latest_days
from infrazen.provider_kit.clock import Clock
from infrazen.provider_kit.contract import Endpoint, NothingToRead, Provider, Text
from infrazen.provider_kit.redaction import Redactor
from infrazen.provider_kit.transport import counting_requests
from infrazen.provider_kit.unreadable import DUPLICATE, place

logger = logging.getLogger(__name__)

REPORT_EVERY = 1000  # items
_CALM = 100_000  # new objects between two collections

_Attempt = tuple[EndpointStatus, str | None, str | None]
"""How an endpoint ended, and the reason and message where it failed."""


@dataclass(slots=True, kw_only=True)
class Reading:
    """All that one sync saw of an account; ``endpoints`` say what is missing and why.

    ``whole`` are sub-accounts that were told completely, by endpoint, though not all of that
    endpoint may have been.

    Its repr shows none of that: asyncio makes one of a finished task's result, and an
    account's takes as long as to read it.
    """

    resources: list[SeenResource] = field(default_factory=list, repr=False)
    components: list[SeenComponent] = field(default_factory=list, repr=False)
    secrets: list[HandedSecret] = field(default_factory=list, repr=False)
    usage: list[UsageSeries] = field(default_factory=list, repr=False)
    log: list[LogEntry] = field(default_factory=list, repr=False)
    offers: list[PriceOffer] = field(default_factory=list, repr=False)
    account: AccountInfo | None = None
    bills: list[Bill] = field(default_factory=list, repr=False)
    quarantined: list[Quarantined] = field(default_factory=list, repr=False)
    whole: dict[str, set[str]] = field(default_factory=dict)
    endpoints: tuple[EndpointResult, ...] = ()


class _Interrupted(BaseException):
    """The listener wants no more: passes through whatever endpoints catch."""

    def __init__(self, cause: Exception) -> None:
        super().__init__()
        self.cause = cause


def _ignore(_progress: Progress) -> None:
    pass


async def read(
    provider: Provider,
    *,
    on_progress: Callable[[Progress], None] = _ignore,
    concurrency: int = 4,
    clock: Clock | None = None,
    wanted: WantedDays = latest_days,
    elsewhere: Mapping[str, str] | None = None,
    seconds: float | None = None,
) -> Reading:
    """Everything ``provider`` can tell; an endpoint that fails takes no other with it.

    ``wanted`` says which days' charges are wanted of an endpoint that knows of any, and
    ``elsewhere`` what is not wanted, because other connections read it, by its id. What has not
    ended after ``seconds`` fails; what it told until then stays.

    ``on_progress`` is called when an endpoint starts or ends and every thousand items;
    an exception that it raises stops the reading and comes out as it is.
    """
    run = _Run(
        provider.endpoints(),
        on_progress,
        concurrency,
        clock or Clock(),
        wanted=wanted,
        elsewhere=elsewhere or {},
    )
    run.ends_in(seconds)
    try:
        with _fewer_collections():
            async with asyncio.TaskGroup() as group:
                for endpoint in run.endpoints:
                    group.create_task(run.read(endpoint))
    except BaseExceptionGroup as failures:
        stopped = next((e for e in failures.exceptions if isinstance(e, _Interrupted)), None)
        raise (stopped.cause if stopped else failures.exceptions[0]) from None
    return run.reading()


@contextmanager
def _fewer_collections() -> Iterator[None]:
    """Let the cyclic collector look seldom: it took a third of the time and found nothing."""
    before = gc.get_threshold()
    gc.set_threshold(max(_CALM, before[0]), *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


class _Run:
    def __init__(
        self,
        endpoints: Sequence[Endpoint],
        on_progress: Callable[[Progress], None],
        concurrency: int,
        clock: Clock,
        *,
        wanted: WantedDays,
        elsewhere: Mapping[str, str],
    ) -> None:
        _check_order(endpoints)
        self.endpoints = endpoints
        self.collected = _Collected()
        self.wanted = wanted
        self.elsewhere = elsewhere
        self._on_progress = on_progress
        self._clock = clock
        self._places = asyncio.Semaphore(concurrency)
        self._ended = {endpoint.name: asyncio.Event() for endpoint in endpoints}
        self._results: dict[str, EndpointResult] = {}
        self._seconds: float | None = None
        self._deadline: float | None = None

    def ends_in(self, seconds: float | None) -> None:
        """Let no endpoint take longer than so much from now on."""
        self._seconds = seconds
        if seconds is not None:
            self._deadline = asyncio.get_running_loop().time() + seconds

    async def read(self, endpoint: Endpoint) -> None:
        for name in endpoint.after:
            await self._ended[name].wait()
        async with self._places:
            self.report(endpoint.name)
            self._results[endpoint.name] = await self._result(endpoint)
            self._ended[endpoint.name].set()
            self.report(endpoint.name)

    def reading(self) -> Reading:
        ordered = (self._results[endpoint.name] for endpoint in self.endpoints)
        return self.collected.reading(tuple(ordered))

    def report(self, endpoint: str) -> None:
        progress = Progress(
            stage="reading",
            endpoint=endpoint,
            endpoints_done=len(self._results),
            endpoints_total=len(self.endpoints),
            items=self.collected.items,
        )
        try:
            self._on_progress(progress)
        except Exception as error:  # noqa: BLE001 (it comes out again, as it is)
            raise _Interrupted(error) from None

    async def _result(self, endpoint: Endpoint) -> EndpointResult:
        started = self._clock.monotonic()
        sink = _EndpointSink(self, endpoint.name)
        with counting_requests() as tally:
            status, reason, message = await self._in_time(endpoint, sink)
        return EndpointResult(
            name=endpoint.name,
            status=status,
            listed=endpoint.lists and sink.complete and status is EndpointStatus.SUCCEEDED,
            items=sink.items,
            quarantined=sink.quarantined,
            requests=tally.requests,
            duration_ms=round((self._clock.monotonic() - started) * 1000),
            reason=reason,
            message=message or sink.said("en") or None,
            words=sink.words() if message is None else None,
        )

    async def _in_time(self, endpoint: Endpoint, sink: "_EndpointSink") -> _Attempt:
        try:
            async with asyncio.timeout_at(self._deadline):
                return await _attempt(endpoint, sink)
        except TimeoutError:
            message = (
                f"not read within the sync's limit of {self._seconds:g} s; raise the limit or ask"
                " the provider for a higher request rate"
            )
            return EndpointStatus.FAILED, TimeLimitReached.reason, message


def _check_order(endpoints: Sequence[Endpoint]) -> None:
    earlier: set[str] = set()
    for endpoint in endpoints:
        if endpoint.name in earlier or not earlier.issuperset(endpoint.after):
            raise ValueError(f"endpoint {endpoint.name} comes twice or before what it waits for")
        earlier.add(endpoint.name)


async def _attempt(endpoint: Endpoint, sink: "_EndpointSink") -> _Attempt:
    try:
        await endpoint.read(sink)
    except NothingToRead as skipped:
        return EndpointStatus.SKIPPED, None, str(skipped)
    except InfraZenError as error:
        return EndpointStatus.FAILED, error.reason, str(error)
    except Exception as error:  # noqa: BLE001 (our own mistake must not cost the other endpoints)
        where = f"{type(error).__name__} {place(error)}"
        logger.error("endpoint %s broke: %s", endpoint.name, where)  # noqa: TRY400 (no values)
        return EndpointStatus.FAILED, InfraZenError.reason, f"a defect in InfraZen ({where})"
    return EndpointStatus.SUCCEEDED, None, None


class _Collected:
    """What all endpoints read, each thing once."""

    def __init__(self) -> None:
        self.items = 0
        self.resources: dict[str, SeenResource] = {}
        self.components: dict[tuple[str, str | None, str, str], SeenComponent] = {}
        self.secrets: dict[tuple[str, str], HandedSecret] = {}
        self.usage: dict[tuple[str, str], UsageSeries] = {}
        self.log: dict[LogEntry, None] = {}
        self.offers: dict[str, PriceOffer] = {}
        self.account: AccountInfo | None = None
        self.bills: dict[str, OpenBill] = {}
        self.quarantined: dict[Quarantined, None] = {}
        self.whole: dict[str, set[str]] = {}

    def reading(self, endpoints: tuple[EndpointResult, ...]) -> Reading:
        return Reading(
            resources=list(self.resources.values()),
            components=list(self.components.values()),
            secrets=list(self.secrets.values()),
            usage=list(self.usage.values()),
            log=list(self.log),
            offers=list(self.offers.values()),
            account=self.account,
            bills=[bill for one in self.bills.values() for bill in one.bills()],
            quarantined=list(self.quarantined),
            whole=self.whole,
            endpoints=endpoints,
        )


class _EndpointSink:
    """One endpoint's way into what is collected."""

    def __init__(self, run: _Run, endpoint: str) -> None:
        self._run = run
        self._into = run.collected
        self._endpoint = endpoint
        self.items = 0
        self.quarantined = 0
        self.complete = True
        self.notes: list[Text | str] = []

    def resource(self, seen: SeenResource) -> None:
        first = self._into.resources.setdefault(seen.key, seen)
        if first is seen:
            self._count()
        elif first != seen:
            self.quarantine(self._duplicate(seen))

    def component(self, seen: SeenComponent) -> None:
        self._into.components[seen.listing, seen.resource, seen.kind, seen.name] = seen
        self._count()

    def secret(self, handed: HandedSecret) -> None:
        self._into.secrets[handed.resource, handed.field] = handed

    def usage(self, series: UsageSeries) -> None:
        self._into.usage[series.resource, series.metric] = series
        self._count()

    def log(self, entry: LogEntry) -> None:
        self._into.log[entry] = None
        self._count()

    def offer(self, offer: PriceOffer) -> None:
        self._into.offers[offer.key] = offer
        self._count()

    def account(self, info: AccountInfo) -> None:
        self._into.account = info
        self._count()

    def days_to_bill(self) -> Days:
        return self._run.wanted(self._endpoint)

    def read_elsewhere(self) -> Mapping[str, str]:
        return self._run.elsewhere

    def charge(self, charge: BilledCharge) -> None:
        self._bill().add(charge)
        self._count()

    def billed(self, days: Iterable[date], *, covers: Iterable[str] | None = None) -> None:
        self._bill().answer(days, covers)

    def _bill(self) -> OpenBill:
        return self._into.bills.setdefault(self._endpoint, OpenBill(self._endpoint))

    def quarantine(self, record: Quarantined) -> None:
        if record in self._into.quarantined:
            return
        self._into.quarantined[record] = None
        self.quarantined += 1
        if record.key is None:
            self.complete = False

    def note(self, message: Text | str) -> None:
        self.notes.append(message)

    def said(self, language: str) -> str:
        return "; ".join(one if isinstance(one, str) else one[language] for one in self.notes)

    def words(self) -> dict[str, str] | None:
        is_ours = any(isinstance(one, Text) for one in self.notes)
        return {language: self.said(language) for language in ("ru", "en")} if is_ours else None

    def incomplete(self, message: Text | str) -> None:
        self.complete = False
        self.note(message)

    def whole(self, sub_account: str) -> None:
        self._into.whole.setdefault(self._endpoint, set()).add(sub_account)

    def _count(self) -> None:
        self.items += 1
        self._into.items += 1
        if self._into.items % REPORT_EVERY == 0:
            self._run.report(self._endpoint)

    def _duplicate(self, seen: SeenResource) -> Quarantined:
        return Quarantined(
            endpoint=self._endpoint,
            key=seen.key,
            reason=DUPLICATE,
            raw=Redactor().record(msgspec.json.encode(seen)),
        )
