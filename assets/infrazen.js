// What the interface does without asking the server. Elements say by data attributes
// what they want; one listener serves them all, whenever they appear.
(() => {
  "use strict";

  const root = document.documentElement;
  const stored = (name) => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  };
  const store = (name, value) => {
    try {
      localStorage.setItem(name, value);
    } catch {
      // Storage is closed: the choice lasts as long as the page.
    }
  };

  // Before the first paint: the sidebar as it was left, the language that was chosen.
  root.classList.toggle("sidebar-collapsed", stored("infrazen_sidebar") === "collapsed");
  root.classList.toggle("dense", stored("infrazen_density") === "dense");
  root.classList.toggle("steps-hidden", stored("infrazen_steps") === "hidden");
  root.classList.toggle("keys-off", stored("infrazen_keys") === "off");
  const language = stored("infrazen_language");
  if (language && language !== root.lang) {
    root.classList.add("awaiting-language");
    setTimeout(() => root.classList.remove("awaiting-language"), 2500);
  }

  const toggles = {
    sidebar: () => {
      const collapsed = root.classList.toggle("sidebar-collapsed");
      store("infrazen_sidebar", collapsed ? "collapsed" : "open");
    },
    steps: () => {
      root.classList.add("steps-hidden");
      store("infrazen_steps", "hidden");
    },
    keys: () => {
      const off = root.classList.toggle("keys-off");
      store("infrazen_keys", off ? "off" : "on");
    },
    density: () => {
      const dense = root.classList.toggle("dense");
      store("infrazen_density", dense ? "dense" : "airy");
    },
  };

  document.addEventListener("change", ({ target }) => {
    if (!("density" in (target.dataset ?? {}))) return;
    root.classList.toggle("dense", target.value === "dense");
    store("infrazen_density", target.value);
  });

  const copy = async (button) => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.dataset.copied = "true";
    setTimeout(() => delete button.dataset.copied, 1600);
  };

  const reveal = (button) => {
    const input = document.getElementById(button.dataset.reveal);
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
    input.focus();
  };

  // The command palette: the server says what is found, the browser which line is chosen.
  const choices = () => [...document.querySelectorAll("#palette [role=option]")];
  let chosen = 0;

  const choose = (at) => {
    const all = choices();
    if (!all.length) return;
    chosen = (at + all.length) % all.length;
    all.forEach((one, index) => one.setAttribute("aria-selected", String(index === chosen)));
    all[chosen].scrollIntoView({ block: "nearest" });
    document.querySelector("#palette input").setAttribute("aria-activedescendant", all[chosen].id);
  };

  const openPalette = () => {
    const panel = document.getElementById("palette");
    if (!panel || document.querySelector("[role=dialog], dialog.secret-panel[open]")) return;
    document.querySelector("dialog.phone-menu[open]")?.close();
    if (panel.open) return;
    const input = panel.querySelector("input");
    input.value = "";
    panel.showModal();
    input.focus();
    const watcher = new MutationObserver(() => choose(0));
    watcher.observe(panel.querySelector("[role=listbox]"), { childList: true, subtree: true });
    panel.onclose = () => watcher.disconnect();
    choose(0);
  };

  const walkPalette = (event) => {
    const panel = event.target.closest?.("#palette");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!panel || event.isComposing || (!step && event.key !== "Enter")) return;
    event.preventDefault();
    if (step) choose(chosen + step);
    else choices()[chosen]?.click();
  };

  document.addEventListener("click", (event) => {
    const target = event.target;
    if (target instanceof HTMLDialogElement) {
      if (!target.dataset.firm) target.close(); // a click beside the panel
      return;
    }
    const acting = target.closest?.(
      "[data-toggle],[data-copy],[data-reveal],[data-opens],[data-closes],[data-closes-menu]," +
        "[data-clear-copy],[data-palette],[data-dismiss]",
    );
    if (!acting) return;
    const { toggle, reveal: revealed, opens } = acting.dataset;
    if (toggle) toggles[toggle]?.();
    else if ("copy" in acting.dataset) copy(acting).catch(() => {});
    else if ("clearCopy" in acting.dataset) copySecret(acting).catch(() => {});
    else if (revealed) reveal(acting);
    else if ("palette" in acting.dataset) openPalette();
    else if ("dismiss" in acting.dataset) root.classList.remove(acting.dataset.dismiss);
    else if (opens) document.getElementById(opens)?.showModal();
    else if ("closes" in acting.dataset) acting.closest("dialog")?.close();
    else acting.closest("[popover]")?.hidePopover();
  });

  // Browsers without anchor positioning get their menus placed by hand.
  if (!CSS.supports("anchor-name: --a")) {
    document.addEventListener(
      "toggle",
      (event) => {
        const menu = event.target;
        if (event.newState !== "open" || !menu.matches?.(".menu")) return;
        const opener = document.querySelector(`[popovertarget="${menu.id}"]`);
        const box = opener?.getBoundingClientRect();
        if (!box) return;
        const fitsBelow = box.bottom + menu.offsetHeight + 8 < innerHeight;
        menu.style.position = "fixed";
        menu.style.inset = "auto";
        menu.style.top = `${fitsBelow ? box.bottom + 6 : box.top - menu.offsetHeight - 6}px`;
        menu.style.left = `${Math.max(8, Math.min(box.left, innerWidth - menu.offsetWidth - 8))}px`;
      },
      true,
    );
  }

  const isTyping = (element) =>
    element?.closest?.("input, textarea, select, [contenteditable=true]");

  // Rows of tables and lists: with a row (or something in it) in focus, arrows walk.
  const rows = () =>
    [...document.querySelectorAll("[data-row]")].filter((row) => row.getClientRects().length);

  const walkRows = (step) => {
    const all = rows();
    if (!all.length) return;
    const here = all.indexOf(document.activeElement?.closest?.("[data-row]"));
    const next = here < 0 ? (step > 0 ? 0 : all.length - 1) : here + step;
    all[Math.max(0, Math.min(next, all.length - 1))].focus();
  };

  const STEPS = { j: 1, k: -1 };
  const IN_ROW = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };

  // True where the key meant a row.
  const useRow = (event) => {
    const { key, target } = event;
    const row = target.closest?.("[data-row]");
    if (key in STEPS) walkRows(STEPS[key]);
    else if (row && key in IN_ROW) walkRows(IN_ROW[key]);
    else if (row !== target) return false;
    else if (key === "Enter") row.querySelector("a[href], button")?.click();
    else if (key === "x" || key === " ") {
      const box = row.querySelector("[data-pick]");
      if (!box) return false;
      box.click();
    } else return false;
    return true;
  };

  const moveTab = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const tab = event.target.closest?.("[role=tab]");
    if (!step || !tab) return;
    const all = [...tab.parentElement.querySelectorAll("[role=tab]")];
    const next = all[(all.indexOf(tab) + step + all.length) % all.length];
    next.focus();
    next.click();
  };

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.code === "KeyK") {
      event.preventDefault();
      openPalette();
      return;
    }
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    walkPalette(event);
    moveTab(event);
    if (isTyping(event.target) || document.querySelector("dialog[open], [role=dialog]")) return;
    // Keys that are a letter or a sign can be switched off: speech input types them.
    const isSign = event.key.length === 1 && event.key !== " ";
    if (isSign && root.classList.contains("keys-off")) return;
    if (useRow(event)) event.preventDefault();
    else if (event.key === "/") {
      const search = document.querySelector("[data-search]");
      if (search) {
        event.preventDefault();
        search.focus();
        search.select?.();
      }
    } else if (event.key === "v") {
      const views = document.querySelector("[data-views]");
      views?.focus();
      views?.click();
    } else if (event.key === "?") document.getElementById("shortcuts")?.showModal();
    else if (event.key === "Escape") document.querySelector("[data-unpick]")?.click();
  });

  // Dialogs opened from the server don't know their opener: remember where the focus was.
  let focused = null;
  document.addEventListener("focusin", ({ target }) => {
    if (!target.closest("[role=dialog]")) focused = target;
  });

  // Sends a form as JSON to our own API; resolves to {ok} or to the problem it answered.
  // data-query names what comes from the page's address instead of an input.
  const send = async (form, address, method = "POST") => {
    const refused = (reason, field, wait) => ({
      ok: false,
      form: form.id,
      reason: String(reason ?? "InternalError"),
      field: String(field ?? ""),
      retry_after: Number(wait ?? 0),
    });
    form.dataset.busy = "true";
    const inputs = Object.fromEntries(new FormData(form));
    const name = form.dataset.query;
    if (name) inputs[name] = new URLSearchParams(location.search).get(name) ?? "";
    try {
      const answer = await fetch(address, {
        method,
        credentials: "same-origin",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify(inputs),
      });
      const body = await answer.json().catch(() => ({}));
      if (answer.ok) return { ok: true, form: form.id };
      return refused(body.reason, body.field, body.retry_after);
    } catch {
      return refused("Offline");
    } finally {
      delete form.dataset.busy;
    }
  };

  // A new session must not meet the state of the old one: begin with a new tab identity.
  const startAfresh = (address) => {
    sessionStorage.removeItem("token");
    location.assign(address);
  };

  const wanted = () => {
    const next = new URLSearchParams(location.search).get("next") ?? "/";
    const url = new URL(next, location.origin);
    // Whole, for a path that begins with two slashes would be read as another host.
    return url.origin === location.origin ? url.href : "/";
  };

  // What a form holds, by the names of its inputs; a box that is not ticked is not in it.
  const inputs = (id) => {
    const form = document.getElementById(id);
    return form ? Object.fromEntries(new FormData(form)) : {};
  };

  const fill = (id, values) => {
    const form = document.getElementById(id);
    for (const [name, value] of Object.entries(values)) {
      const input = form?.elements.namedItem(name);
      if (!input) continue;
      input.value = value;
      const fold = input.closest("details");
      if (fold) fold.open = true;
    }
  };

  // What the server says of a form shows a moment after it came: wait, then go there.
  const toAnswer = (id, tries = 10) => {
    const wrong = document.querySelector(`#${id} [aria-invalid="true"]`);
    const words = document.querySelector(`#${id} :is([role="alert"], [data-answer])`);
    if (!wrong && !words) {
      if (tries > 0) setTimeout(() => toAnswer(id, tries - 1), 30);
      return;
    }
    const fold = wrong?.closest("details");
    if (fold) fold.open = true;
    wrong?.focus({ preventScroll: Boolean(words) });
    (words ?? wrong).scrollIntoView({ block: "nearest" });
  };

  // What moved is drawn anew in a moment, which may lose the focus: give it back.
  const follow = (id, tries = 15) => {
    if (document.activeElement === document.body) document.getElementById(id)?.focus();
    if (tries > 0) setTimeout(() => follow(id, tries - 1), 40);
  };

  // A mark of a chart leads to its line in the list, which may come a moment later.
  const goTo = (id, tries = 10) => {
    const line = document.getElementById(id);
    if (!line) {
      if (tries > 0) setTimeout(() => goTo(id, tries - 1), 30);
      return;
    }
    line.scrollIntoView({ block: "center" });
    line.focus({ preventScroll: true });
  };

  // A secret in clear lives in this panel alone, and only for a while: closing empties it.
  let hiding = 0;

  const emptySecret = (panel) => {
    clearInterval(hiding);
    for (const part of panel.querySelectorAll("[data-clear]")) {
      part.textContent = "";
    }
  };

  const showSecret = ({ label, value }) => {
    const panel = document.getElementById("secret-panel");
    if (!panel) return;
    const part = (name) => panel.querySelector(`[data-clear="${name}"]`);
    const until = Date.now() + Number(panel.dataset.seconds) * 1000; // timers sleep, clocks don't
    const count = () => {
      const left = Math.ceil((until - Date.now()) / 1000);
      part("left").textContent = String(left);
      if (left <= 0 || !panel.isConnected) panel.close();
    };
    part("label").textContent = label;
    part("value").textContent = value;
    clearInterval(hiding);
    count();
    hiding = setInterval(count, 1000);
    panel.onclose = () => emptySecret(panel);
    panel.showModal();
  };

  const copySecret = async (button) => {
    const value = button.closest("dialog").querySelector('[data-clear="value"]').textContent;
    await navigator.clipboard.writeText(value);
    button.dataset.copied = "true";
    setTimeout(() => delete button.dataset.copied, 1600);
  };

  // A page that rests looks again after a while, but only while somebody sits before it.
  let resting;
  let touched = Date.now();
  for (const sign of ["pointermove", "keydown", "scroll"])
    addEventListener(sign, () => (touched = Date.now()), { passive: true, capture: true });

  const whenSeen = (section, seconds, idle) =>
    new Promise((resolve) => {
      const look = () => {
        if (!location.pathname.startsWith(section)) return resolve(false);
        const isSeen = !document.hidden && Date.now() - touched < idle * 1000;
        if (isSeen) resolve(true);
        else resting = setTimeout(look, seconds * 1000);
      };
      clearTimeout(resting);
      resting = setTimeout(look, seconds * 1000);
    });

  // The demo. The server lets a browser in and tells it by a cookie; one that forgets it at
  // once would be let in for ever.
  let demoRest;
  const soon = 10_000;
  const demo = {
    later: (seconds) =>
      new Promise((resolve) => setTimeout(() => resolve(true), seconds * 1000)),
    enterDemo: () => {
      const last = Number(sessionStorage.getItem("infrazen_demo_tried"));
      if (Date.now() - last < soon) return true;
      sessionStorage.setItem("infrazen_demo_tried", String(Date.now()));
      sessionStorage.removeItem("token");
      location.replace(location.href);
      return new Promise(() => {});
    },
    restInDemo: (seconds, idle) =>
      new Promise((resolve) => {
        const look = () => {
          const isSeen = !document.hidden && Date.now() - touched < idle * 1000;
          if (isSeen) resolve(true);
          else demoRest = setTimeout(look, seconds * 1000);
        };
        clearTimeout(demoRest);
        demoRest = setTimeout(look, seconds * 1000);
      }),
    // What the page shows is gone: its list is not.
    anew: () => {
      const steps = location.pathname.split("/").filter(Boolean);
      if (/^[0-9a-f-]{36}$/.test(steps.at(-1) ?? "")) location.assign(`/${steps[0]}`);
      else location.reload();
    },
  };

  // Reflex tells us of every event it sends, and of every connection. What people do gets a
  // number, the page is told the last number that reached the server, and so both know what a
  // connection has taken with it when it broke.
  const HAND = 3000; // so long after a click or a key an event is still theirs
  const SLOW = 6000;
  const line = { wire: 0, hand: 0, last: 0, asked: 0, askedAt: 0, over: 0, answered: 0, lostAt: 0 };
  let drained = null;

  for (const sign of ["click", "keydown", "input", "change", "submit"])
    addEventListener(sign, () => (line.hand = Date.now()), { passive: true, capture: true });

  const isRepeated = (event) => {
    if (!drained) return false;
    const key = event.name + JSON.stringify(event.payload ?? {});
    return drained.has(key) || !drained.add(key);
  };

  const number = (event) => {
    if (!event.name.includes(".infrazen_ui___")) return;
    if (isRepeated(event)) {
      event.router_data.repeated = true; // clicked again while nothing could answer
      return;
    }
    const now = Date.now();
    line.last = event.router_data.turn = Math.max(now, line.last + 1);
    if (!drained && now - line.hand > HAND) return;
    Object.assign(line, { asked: line.last, askedAt: now, over: line.wire });
    root.classList.remove("interrupted");
    setTimeout(() => isAwaited() && root.classList.add("slow"), SLOW);
  };

  const isAwaited = () => line.asked > line.answered && line.over === line.wire;

  // The server's last number and its count of connections, whenever one of them changes.
  let known = 0;
  const heard = (turn, wire) => {
    line.answered = turn;
    if (!isAwaited()) root.classList.remove("slow");
    if (wire === known) return;
    known = wire;
    const isLost = line.asked > turn && line.over < line.wire;
    // A server that was killed may not remember its last moments: what was asked long before
    // the connection broke is done all the same.
    if (isLost && line.askedAt > line.lostAt - 15_000) root.classList.add("interrupted");
    if (isLost) line.asked = 0;
  };

  window.__reflex_otel = {
    onEventSend: number,
    onSocketConnect: () => {
      line.wire += 1;
      drained = new Set();
      setTimeout(() => (drained = null)); // what had to wait is sent before anything else runs
    },
    onSocketDisconnect: () => {
      line.lostAt = Date.now();
      root.classList.remove("slow");
    },
  };

  window.infrazen = {
    heard,
    whenSeen,
    inputs,
    fill,
    toAnswer: (id) => toAnswer(id),
    follow: (id) => follow(id),
    goTo: (id) => goTo(id),
    dropQuery: () => history.replaceState(history.state, "", location.pathname),
    showSecret,
    returnFocus: () => focused?.isConnected && focused.focus(),
    enter: async (formId, address) => {
      const form = document.getElementById(formId);
      const answer = await send(form, address);
      if (answer.ok) startAfresh(wanted());
      else form.querySelector("input")?.focus();
      return answer;
    },
    // A form whose secrets no State may see: the API gets it, the State its answer.
    save: async (formId, address) => {
      const form = document.getElementById(formId);
      const answer = await send(form, address, "PUT");
      if (answer.ok) form.reset();
      else toAnswer(formId);
      return answer;
    },
    showDensity: () => {
      const chosen = root.classList.contains("dense") ? "dense" : "airy";
      for (const input of document.querySelectorAll("[data-density]"))
        input.checked = input.value === chosen;
    },
    leave: async (to = "/login") => {
      await fetch("/api/auth/logout", { method: "POST", credentials: "same-origin" });
      startAfresh(to);
    },
    ...demo,
  };
})();
