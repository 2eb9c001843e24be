"""What device a browser's ``User-Agent`` speaks of."""

from infrazen_ui.locales import Language, text

_BROWSERS = (
    ("YaBrowser/", "Яндекс Браузер", "Yandex Browser"),
    ("Edg", "Edge", "Edge"),
    ("OPR/", "Opera", "Opera"),
    ("Firefox/", "Firefox", "Firefox"),
    ("FxiOS/", "Firefox", "Firefox"),
    ("CriOS/", "Chrome", "Chrome"),
    ("Chrome/", "Chrome", "Chrome"),
    ("Safari/", "Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
_PHONES = frozenset({"iPhone", "iPad", "Android"})
_LONGEST_PROGRAM = 40


def device(agent: str, *, language: Language) -> str:
    """``Firefox, Windows``; the program's own name where it is no browser we know."""
    browser = next((words for words in _BROWSERS if words[0] in agent), None)
    system = _system(agent)
    if browser is None:
        program = agent.partition("/")[0].strip()[:_LONGEST_PROGRAM]
        return program or text("my_sessions.unknown", language)
    name = browser[1] if language is Language.RU else browser[2]
    return f"{name}, {system}" if system else name


def is_phone(agent: str) -> bool:
    """Whether it is something that one holds in one's hand."""
    return _system(agent) in _PHONES


def _system(agent: str) -> str:
    return next((name for mark, name in _SYSTEMS if mark in agent), "")
