"""How pages come: their weight, their headers, and what happens when the server is away."""

import re
import subprocess
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from websockets.sync.client import connect
from websockets.typing import Origin

from tests.e2e.conftest import GALLERY, settle
from tests.served import ROOT, free_port, served

KIB = 1024


def weight(page: Page, url: str) -> int:
    """Bytes that a first visit to ``url`` brings over the wire."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: list[int] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(url)
    settle(page)
    page.wait_for_load_state("networkidle")
    return int(sum(sizes))


@pytest.mark.parametrize(
    ("path", "most"), [("/login", 400 * KIB), ("/_components/shell", 750 * KIB)]
)
def test_a_first_visit_is_light(visit, server, path, most):
    page = visit("/setup")
    assert weight(page, server.url + path) <= most


def test_a_page_without_charts_loads_no_chart_library(visit, server):
    page = visit("/setup")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{server.url}/login")
    settle(page)
    loaded = [httpx.get(url).text for url in asked if "/assets/" in url and url.endswith(".js")]
    assert loaded
    assert not any("recharts" in script for script in loaded)


def test_built_files_are_kept_by_browsers_and_pages_are_not(server):
    page = httpx.get(f"{server.url}/login/", headers={"Accept": "text/html"})
    script = re.search(r"/assets/[^\"]+\.js", page.text)
    assert script
    assert page.headers["cache-control"] == "no-cache"
    kept = httpx.get(server.url + script.group(), headers={"Accept-Encoding": "gzip"})
    assert kept.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert kept.headers["content-encoding"] == "gzip"


def test_what_the_server_says_to_pages_comes_packed(server):
    address = f"{server.url.replace('http', 'ws')}/_event/?EIO=4&transport=websocket"
    with connect(address, origin=Origin(server.url)) as socket:
        assert "permessage-deflate" in socket.response.headers["Sec-WebSocket-Extensions"]


def test_pages_allow_only_their_own_scripts(server):
    policy = httpx.get(f"{server.url}/login/").headers["content-security-policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    assert directives["frame-ancestors"] == "'none'"
    assert "'unsafe-inline'" not in directives["script-src"]
    assert "'sha256-" in directives["script-src"]


def test_a_script_that_slips_into_a_page_does_not_run(browser: Browser, server):
    page = browser.new_page()
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text))
    page.goto(f"{server.url}/login")
    settle(page)
    page.evaluate("""
        const script = document.createElement("script");
        script.textContent = "window.slipped = true";
        document.body.append(script);
        const image = "<img src='/no-image' onerror='window.slipped = true'>";
        document.body.insertAdjacentHTML("beforeend", image);
    """)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.slipped") is None
    assert sum("violates the following Content Security Policy" in said for said in refused) == 2
    page.context.close()


def test_the_page_says_that_the_server_is_away_and_comes_back_by_itself(
    browser: Browser, web, store, owner, tmp_path
):
    port = free_port()
    context = browser.new_context(locale="ru-RU", reduced_motion="reduce")
    page = context.new_page()
    notice = page.get_by_text("Нет связи с сервером")
    with served(tmp_path, database=store.url, web=web, port=port, **GALLERY) as server:
        context.add_cookies(
            [{"name": "infrazen_session", "value": owner.cookie, "url": server.url}]
        )
        page.goto(f"{server.url}/_components/shell")
        settle(page)
        expect(notice).to_be_hidden()
    expect(notice).to_be_visible(timeout=20_000)
    with served(tmp_path, database=store.url, web=web, port=port, **GALLERY):
        expect(notice).to_be_hidden(timeout=20_000)
        page.get_by_role("button", name="Профиль: Анна Петрова").click()
        page.get_by_role("button", name="English").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Page")
    context.close()


@pytest.mark.parametrize(
    ("language", "words"), [("ru", "Вышла новая версия"), ("en", "new version")]
)
def test_a_new_version_is_offered_in_the_pages_language(visit, language, words):
    page = visit("/login", cookie="", language=language)
    page.evaluate("""
        const banner = document.createElement("div");
        banner.id = "reflex-new-version-banner";
        banner.append("A new version of this app is available.");
        document.body.append(banner);
    """)
    banner = page.locator("#reflex-new-version-banner")
    assert words in banner.evaluate("banner => getComputedStyle(banner, '::before').content")
    assert banner.evaluate("banner => getComputedStyle(banner).fontSize") == "0px"


def test_one_process_is_small(server):
    """The aim is 170 MB of resident memory for interface and API in one process tree.

    Also after eight passwords were checked at once, which takes 19 MB each.
    """
    with ThreadPoolExecutor(max_workers=8) as people:
        answers = list(people.map(lambda n: _try_password(server.url, n), range(8)))
    assert set(answers) == {401}
    listed = subprocess.run(
        ["ps", "-e", "-o", "pid=,ppid=,pgid="], capture_output=True, text=True, check=True
    )
    group = [
        int(pid)
        for pid, _, pgid in (line.split() for line in listed.stdout.splitlines())
        if int(pgid) == server.pid
    ]
    assert group
    assert sum(_private_kib(pid) for pid in group) <= 170 * KIB


def _try_password(url: str, n: int) -> int:
    form = {"email": f"nobody-{n}@example.com", "password": "not-a-real-password"}
    return httpx.post(f"{url}/api/auth/login", json=form).status_code


def _private_kib(pid: int) -> int:
    """What the process holds, its share of what it shares with others included (PSS)."""
    rollup = (ROOT / f"/proc/{pid}/smaps_rollup").read_text()
    found = re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)
    return int(found.group(1)) if found else 0
