"""Where the simulated Beget has machines."""

from typing import Any


def _region(id_: str, name: str, name_en: str, country: str) -> dict[str, Any]:
    return {
        "id": id_,
        "name": name,
        "name_en": name_en,
        "country": country,
        "available": True,
        "priority": 0,
        "short_name": id_,
    }


REGIONS = [
    _region("ru1", "Россия, Санкт-Петербург", "Russia, Saint Petersburg", "RU"),
    _region("ru2", "Россия, Москва", "Russia, Moscow", "RU"),
    _region("kz1", "Казахстан", "Kazakhstan", "KZ"),
    _region("lv1", "Латвия", "Latvia", "LV"),
]
"""As ``/v1/vps/region`` lists them."""
