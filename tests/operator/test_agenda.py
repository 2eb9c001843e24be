"""The agenda hands out what changed and what is due, each once."""

import asyncio
from datetime import UTC, datetime, timedelta

from infrazen_operator.agenda import Agenda
from infrazen_operator.board import Key

A, B, C = Key("finops", "a"), Key("finops", "b"), Key("finops", "c")
NOW = datetime(2026, 11, 26, 8, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def taken(agenda: Agenda, now: datetime = NOW) -> list[Key]:
    return [key for key, _ in agenda.take(now)]


def test_what_changed_twice_is_looked_at_once():
    agenda = Agenda()
    agenda.touch(A)
    agenda.touch(B)
    agenda.touch(A)
    assert taken(agenda) == [A, B]
    assert taken(agenda) == []


def test_some_are_taken_at_a_time_and_those_that_go_first_before_all_others():
    agenda = Agenda(goes_first=lambda key: key == B)
    for key in (A, C, B):
        agenda.touch(key)
    assert [key for key, _ in agenda.take(NOW, 2)] == [B, A]
    agenda.touch(B)
    assert taken(agenda) == [B, C]


def test_an_alarm_rings_once_and_when_it_is_due():
    agenda = Agenda()
    agenda.set_alarm(A, NOW + SECOND)
    assert taken(agenda) == []
    assert taken(agenda, NOW + SECOND) == [A]
    assert taken(agenda, NOW + 2 * SECOND) == []


def test_an_alarm_that_was_moved_rings_at_its_new_time_alone():
    agenda = Agenda()
    agenda.set_alarm(A, NOW + SECOND)
    agenda.set_alarm(A, NOW + 3 * SECOND)
    assert taken(agenda, NOW + 2 * SECOND) == []
    agenda.set_alarm(A, NOW + SECOND)
    agenda.set_alarm(B, NOW + SECOND)
    agenda.set_alarm(B, None)
    assert taken(agenda, NOW + 3 * SECOND) == [A]


def test_an_alarm_set_anew_after_it_rang_rings_again():
    agenda = Agenda()
    for _ in range(2):
        agenda.set_alarm(A, NOW)
        assert taken(agenda) == [A]


def test_what_somebody_works_on_waits_until_it_is_released():
    agenda = Agenda()
    agenda.hold(A)
    agenda.touch(A)
    agenda.set_alarm(A, NOW)
    assert taken(agenda) == []
    agenda.release(A)
    assert taken(agenda) == [A]
    assert taken(agenda) == []


async def _waits(agenda: Agenda) -> bool:
    waiting = asyncio.create_task(agenda.wait())
    done, _ = await asyncio.wait({waiting}, timeout=0.05)
    waiting.cancel()
    return not done


def test_the_loop_sleeps_until_there_is_something_to_do():
    async def all_of_it():
        agenda = Agenda()
        assert await _waits(agenda)
        agenda.touch(A)
        assert not await _waits(agenda)
        taken(agenda)
        assert await _waits(agenda)
        agenda.set_alarm(A, datetime.now(UTC) + timedelta(hours=1))
        assert not await _waits(agenda), "an alarm may have to be waited for less long"
        assert await _waits(agenda)
        agenda.set_alarm(B, datetime.now(UTC))
        await agenda.wait()
        assert taken(agenda, datetime.now(UTC)) == [B]
        agenda.touch(A)
        agenda.touch(B)
        await agenda.wait()
        agenda.take(NOW, 1)
        assert not await _waits(agenda), "there is another one"

    asyncio.run(all_of_it())
