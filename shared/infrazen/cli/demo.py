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
@click.option(
    "--large",
    is_flag=True,
    help="Build a large one beside it: twelve accounts, more than a year. Visitors don't see it.",
)
@click.option(
    "--size",
    type=click.IntRange(60, 50_000),
    default=5000,
    show_default=True,
    help="Resources of the large one.",
)
@click.option(
    "--seed",
    type=click.IntRange(1, 1_000_000),
    default=1,
    show_default=True,
    help="The same seed makes the same large one.",
)
@click.option("--publish", is_flag=True, help="Let visitors see the large one instead.")
@click.option("--quiet", is_flag=True, help="Print nothing but what goes wrong.")
@common
def demo(
    screen: Screen,
    *,
    home: tuple[tuple[str, str], ...],
    large: bool,
    size: int,
    seed: int,
    publish: bool,
    quiet: bool,
) -> None:
    """Build the demo organization as of today and let visitors see it.

    Its accounts are simulated on this machine, and nothing of it leaves the machine. The one
    before is removed, with all that visitors did there. `infrazen up --demo` does this by
    itself: at the first start, each day, and some time after somebody changed something.

    With --large it builds another one, for benchmarks and trials, which takes a few minutes.
    It stays until the next large one takes its place, also where it is published.
    """
    from infrazen.cli.local import make_ready, quiet_logs
    from infrazen.demo.build import build
    from infrazen.demo.large import build_large

    if publish and not large:
        raise click.UsageError("--publish needs --large: the usual demo is published anyway")
    quiet_logs()
    make_ready(screen)
    started = time.monotonic()
    with interruptible(), progress(screen, "Building the demo") as told:
        if large:
            built = build_large(size=size, seed=seed, publish=publish, told=told)
        else:
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
    which = "large demo" if large else "demo"
    text = f"The {which} of {built.day} was built by {built.syncs} syncs in {seconds} s."
    screen.result(facts, text)
