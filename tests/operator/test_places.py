"""Requests take turns: few at a time, the urgent ones before those that came earlier."""

import asyncio

from infrazen_operator.places import Places, Urgency


def test_the_urgent_go_before_who_came_earlier_and_equals_in_their_order():
    async def all_of_it() -> list[str]:
        places, told = Places(1), []

        async def ask(name: str, urgency: Urgency) -> None:
            async with places.one(urgency):
                told.append(name)
                await asyncio.sleep(0)

        async with asyncio.TaskGroup() as group:
            for name, urgency in (
                ("held", Urgency.TOLD),
                ("event", Urgency.TOLD),
                ("status", Urgency.OTHER),
                ("job", Urgency.START),
                ("another job", Urgency.START),
                ("new", Urgency.NEW),
            ):
                group.create_task(ask(name, urgency))
        return told

    names = asyncio.run(all_of_it())
    assert names == ["held", "new", "job", "another job", "status", "event"]


def test_no_more_than_the_places_are_taken():
    async def all_of_it() -> int:
        places, inside, most = Places(3), 0, 0

        async def ask() -> None:
            nonlocal inside, most
            async with places.one(Urgency.OTHER):
                inside += 1
                most = max(most, inside)
                await asyncio.sleep(0)
                inside -= 1

        async with asyncio.TaskGroup() as group:
            for _ in range(20):
                group.create_task(ask())
        return most

    assert asyncio.run(all_of_it()) == 3


def test_who_gives_up_waiting_keeps_no_place():
    async def all_of_it() -> None:
        places = Places(1)

        async def ask() -> None:
            async with places.one(Urgency.OTHER):
                pass

        async with places.one(Urgency.OTHER):
            waits, called = asyncio.create_task(ask()), asyncio.create_task(ask())
            await asyncio.sleep(0)
            waits.cancel()
            await asyncio.sleep(0)
        called.cancel()  # its turn has just come
        await asyncio.wait({waits, called})
        async with asyncio.timeout(1):
            await ask()

    asyncio.run(all_of_it())
