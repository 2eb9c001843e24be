"""``infrazen demo``: build the demo anew and let visitors see it."""

import time

import click

from infrazen.cli.interrupts import interruptible
from infrazen.cli.options import common
from infrazen.cli.pairs import PAIR
from infrazen.cli.progress import progress
from infrazen.cli.screen import Screen


@click.command
@click.option(
    "--home",
    type=PAIR,
    multiple=True,
    hidden=True,
    help="PROVIDER=ADDRESS where its simulator goes on listening.",
)
@click.option("--quiet", is_flag=True, help="Print nothing but what goes wrong.")
@common
def demo(screen: Screen, *, home: tuple[tuple[str, str], ...], quiet: bool) -> None:
    """Build the demo organization as of today and let visitors see it.

    Its accounts are simulated on this machine, and nothing of it leaves the machine. The one
    before is removed, with all that visitors did there. `infrazen up --demo` does this by
    itself: at the first start, each day, and some time after somebody changed something.
    """
    from infrazen.cli.local import make_ready, quiet_logs
    from infrazen.demo.build import build

    quiet_logs()
    make_ready(screen)
    started = time.monotonic()
    with interruptible(), progress(screen, "Building the demo") as told:
        built = build(home=dict(home) or None, told=told)
    seconds = round(time.monotonic() - started, 1)
    if quiet:
        return
    facts = {
        "organization_id": str(built.organization_id),
        "day": str(built.day),
        "syncs": built.syncs,
        "seconds": seconds,
    }
    text = f"The demo of {built.day} was built by {built.syncs} syncs in {seconds} s."
    screen.result(facts, text)
