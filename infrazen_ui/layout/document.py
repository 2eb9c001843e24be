"""The document itself: its language and title, which change without loading it anew."""

from typing import Any

import reflex as rx
from reflex_base.vars import VarData

from infrazen_ui.components.texts import t
from infrazen_ui.states.language import STORAGE_NAME, LanguageState

_EFFECT = """
useEffect(() => {{
  document.documentElement.lang = {language};
  document.title = {title};
  const stored = localStorage.getItem("{storage}");
  if (!stored || stored === {language}) {{
    document.documentElement.classList.remove("awaiting-language");
  }}
}}, [{language}, {title}]);
useEffect(() => {{
  document.documentElement.toggleAttribute("data-ready", {ready});
}}, [{ready}]);
"""


class DocumentWords(rx.Fragment):
    """Renders nothing; keeps ``lang`` and the title of the document right.

    The document gets ``data-ready`` once the server has said what the page shows.
    """

    title: rx.Var[str]

    def add_imports(self) -> Any:
        """What the effect uses."""
        return {"react": "useEffect"}

    def add_hooks(self) -> Any:
        """The effect."""
        language, ready = LanguageState.language, rx.State.is_hydrated
        effect = _EFFECT.format(
            language=language, title=self.title, ready=ready, storage=STORAGE_NAME
        )
        parts = (rx.Var.create(language), self.title, rx.Var.create(ready))
        data = VarData.merge(*[part._get_all_var_data() for part in parts])  # noqa: SLF001
        return [rx.Var(effect, _var_data=data)]

    def _render(self, props: dict[str, Any] | None = None) -> Any:
        return super()._render(props).remove_props("title")


def document_words(title_key: str) -> rx.Component:
    """The part of a page that speaks to the browser."""
    return DocumentWords.create(title=t("document.title", page=t(title_key)))


_SHEETS = (
    "tokens",
    "base",
    "buttons",
    "cards",
    "marks",
    "usage",
    "messages",
    "forms",
    "choices",
    "overlays",
    "disclosure",
    "data",
    "layout",
    "palette",
    "shortcuts",
    "connections",
    "connection-form",
    "connection-history",
    "dashboard",
    "resources",
    "views",
    "compare",
    "settings",
    "recommendations",
    "landing",
    "print",
)
STYLESHEETS = [f"/styles/{name}.css" for name in _SHEETS]
"""Our style sheets, in the order in which they build upon each other; pages' own come last."""


def head() -> list[rx.Component]:
    """What every page's head holds besides its styles."""
    return [
        rx.el.script(src="/infrazen.js"),
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
        rx.el.link(rel="icon", href="/favicon.ico", sizes="32x32"),
        rx.el.meta(name="theme-color", content="#1E40AF"),
        rx.el.meta(name="robots", content="noindex"),
    ]
