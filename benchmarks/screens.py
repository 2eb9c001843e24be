"""From a click to the changed screen in Chromium, and what a first visit weighs."""

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.figures import Figure, figure
from benchmarks.product import Site, site

KIB = 1024
LIGHT, WITH_CHART = 400, 750
"""KiB that a first visit may weigh."""
TURNS, SMALL_TURNS = 15, 2
PAGES = (
    ("/login", LIGHT),
    ("/connections", LIGHT),
    ("/resources", LIGHT),
    ("/", WITH_CHART),
)
LAUNCH = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
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


def measure(*, small: bool) -> Iterator[Figure]:
    """Clicks beside a bare button in the same browser, then the weight of every page."""
    with site(small=small) as place, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=LAUNCH)
        turns = SMALL_TURNS if small else TURNS
        for click in CLICKS:
            ours = _clicked(browser, place, click, turns)
            floor = _clicked(browser, place, BARE, turns)
            yield figure(f"click: {click.name}", ours, "ms", floor=floor)
        for path, most in PAGES:
            weight = _weight(browser, place, path) / KIB
            yield figure(f"first visit of {path}", weight, "KiB", most=most)
        browser.close()


def _open(browser: Browser, place: Site) -> Page:
    context = browser.new_context(locale="ru-RU", reduced_motion="reduce")
    url = place.server.url
    context.add_cookies([{"name": "infrazen_session", "value": place.cookie, "url": url}])
    return context.new_page()


def _clicked(browser: Browser, place: Site, click: Click, turns: int) -> float:
    """The median of milliseconds from click to changed screen."""
    page = _open(browser, place)
    page.goto(place.server.url + click.path)
    page.locator(click.shown).first.wait_for()
    page.wait_for_load_state("networkidle")
    times = []
    for turn in range(turns + 1):
        button = click.buttons[turn % len(click.buttons)]
        page.locator(button).first.wait_for()
        times.append(page.evaluate(_CLICK, [button, click.shown]))
        page.wait_for_timeout(150)
    page.context.close()
    return median(times[1:])


def _weight(browser: Browser, place: Site, path: str) -> int:
    """Bytes that a first visit brings over the wire."""
    page = _open(browser, place)
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[int] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(place.server.url + path)
    page.locator("html[data-ready]").wait_for(state="attached")
    page.wait_for_load_state("networkidle")
    page.context.close()
    return int(sum(sizes))
