"""Syncs against a model: whatever comes and goes, money and history add up."""

import shutil
import tempfile
from datetime import timedelta
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import text

from infrazen.db.queries import snapshot_states
from infrazen.db.session import Database, using
from infrazen.domain.money import from_micro
from infrazen.domain.syncs import Change
from tests.sync.made_up import SERVERS, charge_of, made_up, server

prices = st.decimals(min_value=0, max_value=10_000, places=6)
numbers = st.integers(min_value=1, max_value=6)


@pytest.fixture(scope="module", autouse=True)
def template(migrated_sqlite: Path):
    Syncs.template = migrated_sqlite


class Syncs(RuleBasedStateMachine):
    """A made-up account that changes between syncs."""

    template: Path

    @initialize()
    def connect(self):
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "infrazen.db"
        shutil.copy(self.template, path)
        self.store = Database(f"sqlite:///{path}")
        self.context = using(self.store)
        self.context.__enter__()
        self.account = made_up(self.store)
        self.cloud: dict[int, Decimal] = {}
        self.known: dict[int, Decimal] = {}
        self.charge = Decimal(0)
        self.synced = False

    def teardown(self):
        if hasattr(self, "context"):
            self.context.__exit__(None, None, None)
            self.store.dispose()
            self.folder.cleanup()

    @rule(number=numbers, price=prices)
    def put(self, number, price):
        self.cloud[number] = price

    @rule(number=numbers)
    def remove(self, number):
        self.cloud.pop(number, None)

    @rule(charge=prices)
    def charge_account(self, charge):
        self.charge = charge

    @rule()
    def next_day(self):
        self.account.day += timedelta(days=1)
        self.synced = False

    @rule(listing_fails=st.booleans())
    def sync(self, listing_fails):
        seen = {} if listing_fails else dict(self.cloud)
        created = seen.keys() - self.known.keys() - self.ever()
        applied = self.account.sync(
            *(server(n, daily=str(price)) for n, price in seen.items()),
            failed=(SERVERS,) if listing_fails else (),
            charge=charge_of(str(self.charge), str(self.charge * 30)),
        )
        assert applied.counts.created == len(created)
        if not listing_fails:
            assert applied.counts.deleted == len(self.known.keys() - seen.keys())
            self.known = seen
        found = applied.reconciliation
        assert found.explained.daily == sum(self.known.values())
        assert found.payable.daily == max(self.charge, sum(self.known.values()))
        self.synced = True

    def ever(self):
        with self.store.reading() as session:
            rows = session.execute(text("SELECT external_id FROM resource"))
            return {int(id_.removeprefix("id-")) for (id_,) in rows}

    def amount(self, sql):
        with self.store.reading() as session:
            return from_micro(int(session.execute(text(sql)).scalar() or 0))

    @invariant()
    def facts_and_trend_agree(self):
        if hasattr(self, "account"):
            facts = self.amount("SELECT sum(effective_cost) FROM cost_record")
            days = " + ".join(f"coalesce(d{n:02d}, 0)" for n in range(1, 32))
            for table, measure in product(
                ("cost_trend", "cost_total"), ("effective", "billed", "list")
            ):
                rows = f"FROM {table} WHERE measure = '{measure}'"
                assert self.amount(f"SELECT sum(total) {rows}") == facts
                assert self.amount(f"SELECT sum({days}) {rows}") == facts

    @invariant()
    def totals_are_what_counting_gives(self):
        if hasattr(self, "account"):
            sorts = "is_active, type, service, status, region, in_account_rate"
            kept = f"SELECT {sorts}, resources, daily_cost, monthly_cost FROM resource_total"
            counted = (
                f"SELECT {sorts}, count(*), sum(daily_cost), sum(monthly_cost) FROM resource"
                f" GROUP BY {sorts}"
            )
            with self.store.reading() as session:
                assert set(session.execute(text(kept))) == set(session.execute(text(counted)))

    @invariant()
    def the_day_costs_what_is_payable(self):
        if getattr(self, "synced", False):
            day = self.account.day
            cost = f"SELECT sum(effective_cost) FROM cost_record WHERE day = '{day}'"
            payable = f"SELECT sum(payable_daily) FROM reconciliation WHERE day = '{day}'"
            assert self.amount(cost) == self.amount(payable)

    @invariant()
    def history_folds_to_what_is_there(self):
        if not getattr(self, "account", None) or not self.account.snapshots:
            return
        with self.store.reading() as session:
            states = snapshot_states.states_at(
                session,
                organization_id=self.account.organization_id,
                snapshot_id=self.account.snapshots[-1],
            )
        alive = {s.name: s.daily_cost for s in states if s.change is not Change.DELETED}
        assert alive == {f"server {n}": price for n, price in self.known.items()}


TestSyncs = Syncs.TestCase
TestSyncs.settings = settings(
    max_examples=25,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
