"""In Chromium: from a click to the changed screen, how pages come, and what they weigh."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from playwright.sync_api import Browser, Page, WebSocket, sync_playwright

from benchmarks.figures import Figure, figure, pairs
from benchmarks.product import Site, demo_site, site

KIB = 1024
LIGHT, WITH_CHART = 400, 750
"""KiB that a first visit may weigh."""
TURNS, SMALL_TURNS = 15, 2
VISITS, SMALL_VISITS = 5, 1
EVENT_KIB = 20
"""What one event may send to the page."""
PAGES = (
    ("/login", LIGHT),
    ("/welcome", LIGHT),
    ("/connections", LIGHT),
    ("/connections/{connection}", LIGHT),
    ("/recommendations", LIGHT),
    ("/settings", LIGHT),
    ("/settings/profile", LIGHT),
    ("/settings/appearance", LIGHT),
    ("/settings/sessions", LIGHT),
    ("/settings/tokens", LIGHT),
    ("/settings/organization", LIGHT),
    ("/settings/people", LIGHT),
    ("/settings/audit", LIGHT),
    ("/resources/compare?id={resource}&id={other}", LIGHT),
    ("/resources/{resource}", WITH_CHART),
    ("/resources", LIGHT),
    ("/", WITH_CHART),
)
LAUNCH = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
_TAIL = b"\0\0\xff\xff"
"""Ends each packed message and is not sent."""
_CLICK = """
([button, shown]) => new Promise((done, failed) => {
  const read = () => [...document.querySelectorAll(shown)].map(e => e.textContent).join("|");
  const before = read(), started = performance.now();
  const look = () => {
    const now = read();
    if (now && now !== before) requestAnimationFrame(() => done(performance.now() - started));
    else if (performance.now() - started > 20000) failed(`nothing changed in ${shown}`);
    else setTimeout(look, 1);
  };
  document.querySelector(button).click();
  look();
})
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Click:
    """What is clicked, in turns, and what must look different then."""

    name: str
    path: str
    buttons: tuple[str, ...]
    shown: str


_ROWS = ".inventory tbody tr:first-child"
CLICKS = (
    Click(
        name="sort the table",
        path="/resources",
        buttons=("th:nth-child(2) button.sort",),
        shown=_ROWS,
    ),
    Click(
        name="filter the table",
        path="/resources",
        buttons=(
            ".inventory .segmented button:nth-child(2)",
            ".inventory .segmented button:nth-child(1)",
        ),
        shown=".inventory-count",
    ),
    Click(
        name="turn the page",
        path="/resources",
        buttons=("nav.pages button:last-of-type", "nav.pages button:first-of-type"),
        shown=_ROWS,
    ),
    Click(
        name="another period",
        path="/?days=7",
        buttons=("a[href='/?days=90']", "a[href='/?days=30']"),
        shown=".kpi-grid",
    ),
)
BARE = Click(name="bare", path="/_components/bare", buttons=("#bare",), shown="#count")


_READY = """
() => new Promise((done) => {
  const look = () => {
    const [painted] = performance.getEntriesByName("first-contentful-paint");
    const isThere = document.querySelector("html[data-ready], #count[data-answered=true]");
    if (painted && isThere)
      done([painted.startTime, performance.now()]);
    else requestAnimationFrame(look);
  };
  look();
})
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Milliseconds until something was painted and until all answered; bytes over the wire.

    ``told`` is the largest thing that the server said over the websocket.
    """

    painted: float
    ready: float
    weight: int
    told: int


def measure(*, small: bool) -> Iterator[Figure]:
    """Clicks beside a bare button, pages beside a bare page, in the same browser.

    With the large organization of the queries, then with the large demo.
    """
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=LAUNCH)
        for of, shown in (("", site), ("large demo, ", demo_site)):
            with shown(small=small) as place:
                yield from _measured(browser, place, of, small=small)
        browser.close()


def _measured(browser: Browser, place: Site, of: str, *, small: bool) -> Iterator[Figure]:
    turns, visits = (SMALL_TURNS, SMALL_VISITS) if small else (TURNS, VISITS)
    for click in CLICKS:
        ours, told = _clicked(browser, place, click, turns)
        floor, _ = _clicked(browser, place, BARE, turns)
        yield figure(f"{of}click: {click.name}", ours, "ms", floor=floor)
        yield figure("  sent to the page, at most", told / KIB, "KiB", most=EVENT_KIB)
    ids = _ids(place)
    for path, most in PAGES[-2:] if small else PAGES:
        yield from _visited(browser, place, path, of, ids=ids, most=most, turns=visits)


def _visited(
    browser: Browser,
    place: Site,
    path: str,
    of: str,
    *,
    ids: dict[str, str],
    most: int,
    turns: int,
) -> Iterator[Figure]:
    """How the page at ``path`` comes, in turns with a page that has nothing on it."""
    ours, bare = [], []
    address = path.format(**ids)
    for _ in range(turns):
        ours.append(_visit(browser, place, address))
        bare.append(_visit(browser, place, BARE.path))
    for name, milliseconds in (
        ("painted", lambda one: one.painted),
        ("ready", lambda one: one.ready),
    ):
        took, floor, ratio = pairs(
            [milliseconds(one) for one in ours], [milliseconds(one) for one in bare]
        )
        yield figure(f"{of}first visit of {path}: {name}", took, "ms", floor=floor, ratio=ratio)
    yield figure(f"{of}first visit of {path}", ours[0].weight / KIB, "KiB", most=most)
    told = max(one.told for one in ours) / KIB
    yield figure("  largest message to the page", told, "KiB", most=EVENT_KIB)


def _ids(place: Site) -> dict[str, str]:
    """What stands for the ids in addresses."""
    resource, other = place.ids("resources", 2)
    (connection,) = place.ids("connections", 1)
    return {"resource": resource, "other": other, "connection": connection}


def _open(browser: Browser, place: Site) -> Page:
    context = browser.new_context(locale="ru-RU", reduced_motion="reduce")
    url = place.server.url
    context.add_cookies([{"name": "infrazen_session", "value": place.cookie, "url": url}])
    return context.new_page()


def _listen(page: Page) -> list[int]:
    """Bytes over the wire of all that the server says over websockets from now on."""
    sizes: list[int] = []

    def heard(socket: WebSocket) -> None:
        # What Chromium tells is unpacked: pack it as the server does (permessage-deflate).
        packer = zlib.compressobj(wbits=-12, memLevel=5)

        def hear(said: str | bytes) -> None:
            packed = packer.compress(said.encode() if isinstance(said, str) else said)
            sizes.append(len(packed + packer.flush(zlib.Z_SYNC_FLUSH)) - len(_TAIL))

        socket.on("framereceived", hear)

    page.on("websocket", heard)
    return sizes


def _clicked(browser: Browser, place: Site, click: Click, turns: int) -> tuple[float, int]:
    """The median of milliseconds from click to changed screen; the most bytes that one sent."""
    page = _open(browser, place)
    sizes = _listen(page)
    page.goto(place.server.url + click.path)
    page.locator(click.shown).first.wait_for()
    page.wait_for_load_state("networkidle")
    times, told = [], []
    for turn in range(turns + 1):
        button = click.buttons[turn % len(click.buttons)]
        page.locator(button).first.wait_for()
        sizes.clear()
        times.append(page.evaluate(_CLICK, [button, click.shown]))
        page.wait_for_timeout(150)
        told.append(sum(sizes))
    page.context.close()
    return median(times[1:]), max(told)


def _visit(browser: Browser, place: Site, path: str) -> Visit:
    """A first visit, with an empty cache."""
    page = _open(browser, place)
    told = _listen(page)
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[int] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(place.server.url + path, wait_until="commit")
    painted, ready = page.evaluate(_READY)
    page.wait_for_load_state("networkidle")
    page.context.close()
    return Visit(painted=painted, ready=ready, weight=int(sum(sizes)), told=max(told, default=0))
