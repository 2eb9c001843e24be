"""Which SKU is a price of what.

A SKU has an id, a name in words and a unit, and no field that says what it measures. The ids
are those of Yandex Cloud's own cost estimator (``yc-tf-cost-estimation``); what it does not
know is told by its name.
"""

import re
from enum import StrEnum
from typing import NamedTuple


class Thing(StrEnum):
    """What a SKU measures; the words are also parts of offers' keys."""

    CPU = "cpu"
    MEMORY = "memory"
    GPU = "gpu"
    DISK = "disk"
    SNAPSHOT = "snapshot"
    IMAGE = "image"
    ADDRESS = "address"
    IDLE_ADDRESS = "idle_address"
    STORAGE = "storage"


class Meter(NamedTuple):
    """A thing and what its price depends on.

    ``family`` is the platform, the disk type or the storage class; ``fraction`` is of CPUs:
    the guaranteed percentage of a core.
    """

    thing: Thing
    family: str = ""
    fraction: int = 0
    preemptible: bool = False


def _machine(
    platform: str,
    cpu: dict[int, str],
    memory: str,
    gpu: str | None = None,
    *,
    preemptible: bool = False,
) -> dict[str, Meter]:
    found = {
        sku: Meter(Thing.CPU, platform, fraction, preemptible) for fraction, sku in cpu.items()
    }
    found[memory] = Meter(Thing.MEMORY, platform, 0, preemptible)
    if gpu is not None:
        found[gpu] = Meter(Thing.GPU, platform, 0, preemptible)
    return found


BY_ID: dict[str, Meter] = {
    **_machine(
        "standard-v1",
        {100: "dn299ll54t5jt2gojh7e", 20: "dn2vmq6na03r9vlds7j8", 5: "dn2pm2gap1cc09a33s06"},
        "dn2dka206olokggsieuu",
    ),
    **_machine(
        "standard-v1",
        {100: "dn247qigcq66fq6t3tk5", 20: "dn24sf8vh5cvj53voa7k", 5: "dn2g5qo1211n5k8i1s3v"},
        "dn2u497ok1kl70on0ta2",
        preemptible=True,
    ),
    **_machine(
        "standard-v2",
        {
            100: "dn218a07u143r9v1r5ms",
            50: "dn2qbqi1am9oq6oc9s05",
            20: "dn26skitjdon841jqit7",
            5: "dn2l09d8brnv9s8m5p2r",
        },
        "dn2fhtcoocq50j1uj4tg",
    ),
    **_machine(
        "standard-v2",
        {
            100: "dn2ipnaa10sls6i7osfv",
            50: "dn20jng1b3a6ggtn52bo",
            20: "dn2krclp8uj3432vmpre",
            5: "dn292ebti5dcjio7vh2s",
        },
        "dn2sp66rt1l381la6q7p",
        preemptible=True,
    ),
    **_machine(
        "standard-v3",
        {100: "dn2k3vqlk9snp1jv351u", 50: "dn2f0q0d6gtpcom4b1p6", 20: "dn2r8aklo79bmpkd87l3"},
        "dn2ilq72mjc3bej6j74p",
    ),
    **_machine(
        "standard-v3",
        {100: "dn2e2fphfupugm21k4hv", 50: "dn2333h2iv190t06bon8", 20: "dn2pdedm5fon78kbl0fh"},
        "dn26ur5frjbgdek2a0g5",
        preemptible=True,
    ),
    **_machine("highfreq-v3", {100: "dn2lag3718gm9oq8dus2"}, "dn23hq90a5khr3o6fivm"),
    **_machine(
        "standard-v3-t4",
        {100: "dn24b7m6qol7tb7tukga"},
        "dn2lg2hrvbn5b8lm7em4",
        "dn20ml8ifdps6m7048an",
    ),
    **_machine(
        "standard-v3-t4",
        {100: "dn2lsfskfirek2985fnd"},
        "dn2im0g43iedeohe4sac",
        "dn2cpk4mc82b1vib72e5",
        preemptible=True,
    ),
    **_machine(
        "gpu-standard-v1",
        {100: "dn2sfcnkn3jlhmq568ac"},
        "dn2nccae8nra81iqphdn",
        "dn2oroscvvtb6sqtt83i",
    ),
    **_machine(
        "gpu-standard-v2",
        {100: "dn2udmu2aa9jm5a8f4ug"},
        "dn2qtp90p3r8l8vakmm6",
        "dn2dlvuk2ecf6hu0kjtl",
    ),
    **_machine(
        "gpu-standard-v3",
        {100: "dn28c1erut6m9f9uem08"},
        "dn21jcm82510bfa6is22",
        "dn2395q10bihjmm2b0v6",
    ),
    "dn27ajm6m8mnfcshbi61": Meter(Thing.DISK, "network-ssd"),
    "dn2al287u6jr3a710u8g": Meter(Thing.DISK, "network-hdd"),
    "dn24kdllggk8ahsol15g": Meter(Thing.DISK, "network-ssd-nonreplicated"),
    "dn25ksor7p112bvs2qts": Meter(Thing.DISK, "network-ssd-io-m3"),
    "dn2d7s257l01hsl9rc6d": Meter(Thing.SNAPSHOT),
    "dn2gnu9gs67vf056r8dj": Meter(Thing.IMAGE),
    "dn229q5mnmp58t58tfel": Meter(Thing.ADDRESS),
    "dn2nqa0nqffbhihsq2n5": Meter(Thing.IDLE_ADDRESS),
}

STORAGE_SERVICE = "dn2li5qddoc5cad2n6br"
_PLATFORMS = {
    "intel broadwell": "standard-v1",
    "intel cascade lake": "standard-v2",
    "intel ice lake": "standard-v3",
    "intel ice lake (compute-optimized)": "highfreq-v3",
    "amd zen 3": "amd-v1",
    "amd zen 4": "standard-v4a",
    "amd zen 4 (compute-optimized)": "highfreq-v4a",
}
_MACHINE = re.compile(
    r"(?:(?P<way>regular|preemptible) vm\. )?(?P<platform>[a-z][^.]*)\. "
    r"(?:(?P<fraction>\d{1,3})% vcpu|(?P<memory>ram))"
    r"(?P<interruptible> [-\u2013\u2014] preemptible (?:instances|vms?))?"
)
_CLASSES = (
    (("standard", "стандартн"), "STANDARD"),
    (("cold", "холодн"), "COLD"),
    (("ice", "ледян"), "ICE"),
)


def meter(id: str, *, name: str, service: str, unit: str) -> Meter | None:
    """What a SKU measures, None where that is nothing that is priced here."""
    known = BY_ID.get(id)
    if known is not None:
        return known
    if service == STORAGE_SERVICE:
        return _stored(name.lower()) if unit.startswith("gbyte*") else None
    return _named(name.lower())


def _named(name: str) -> Meter | None:
    found = _MACHINE.fullmatch(name.replace("compute optimized", "compute-optimized"))
    platform = _PLATFORMS.get(found["platform"]) if found else None
    if found is None or platform is None:
        return None
    preemptible = found["way"] == "preemptible" or found["interruptible"] is not None
    if found["memory"]:
        return Meter(Thing.MEMORY, platform, 0, preemptible)
    return Meter(Thing.CPU, platform, int(found["fraction"]), preemptible)


def _stored(name: str) -> Meter | None:
    """Space in a storage class; its SKUs are told apart by a word of their names."""
    words = re.findall(r"\w+", name)
    for beginnings, storage_class in _CLASSES:
        if any(word.startswith(beginnings) for word in words):
            return Meter(Thing.STORAGE, storage_class)
    return None
