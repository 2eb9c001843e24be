"""Listings that come in parts, of which some may fail: folders, projects, regions."""

from infrazen.domain.labels import Text
from infrazen.domain.syncs import Quarantined
from infrazen.provider_kit.contract import Sink


class Part:
    """A sink for one part of an endpoint's listing.

    It passes on what it gets, and ``is_whole`` until something came that makes the part
    prove no absence.
    """

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self.is_whole = True
        self.resource = sink.resource
        self.component = sink.component
        self.secret = sink.secret
        self.usage = sink.usage
        self.log = sink.log
        self.offer = sink.offer
        self.account = sink.account
        self.days_to_bill = sink.days_to_bill
        self.read_elsewhere = sink.read_elsewhere
        self.charge = sink.charge
        self.billed = sink.billed
        self.note = sink.note
        self.whole = sink.whole

    def quarantine(self, record: Quarantined) -> None:
        """A record that could not be read; without a key it may be anything."""
        if record.key is None:
            self.is_whole = False
        self._sink.quarantine(record)

    def incomplete(self, message: Text | str) -> None:
        """What this part lists is not all there is in it."""
        self.is_whole = False
        self._sink.incomplete(message)
