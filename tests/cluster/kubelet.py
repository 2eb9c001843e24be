"""A kubelet's part, played for a whole namespace on a cluster whose nodes run nothing."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from infrazen_operator.kinds import PODS
from tests.cluster.operators import Bench, pod_that_ended, result

PAUSE = 0.1


@contextmanager
def kubelet(bench: Bench) -> Iterator[None]:
    """While the block lasts, every Pod of the bench's namespace ends well as soon as it is there.

    It speaks over the bench's own connection, which several threads may share.
    """
    stop = threading.Event()
    thread = threading.Thread(target=_work, args=(bench, stop), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _work(bench: Bench, stop: threading.Event) -> None:
    while not stop.wait(PAUSE):
        for pod in bench.listed(PODS, fieldSelector="status.phase=Pending"):
            status = pod_that_ended(pod, result(), code=0)
            bench.patch(PODS, pod["metadata"]["name"], {"status": status}, part="status")
