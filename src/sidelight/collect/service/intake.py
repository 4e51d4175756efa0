"""Taking chunks in by groups: what arrives while one group is on its way to the disk makes up the next.

A transaction, a thread's wake-up, a sync of the disk and a look at columns cost the same for one chunk as for fifty.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from functools import partial

from sqlalchemy.engine import Connection

from sidelight.collect.store import chunks
from sidelight.collect.store.chunks import Sent
from sidelight.collect.store.engine import Store
from sidelight.collect.store.refusals import Refused
from sidelight.collect.wire.chunk import check_columns_of

MOST = 128
"""Chunks of one group."""

ENOUGH, GATHER_S = 32, 0.006
"""So many chunks are worth a transaction of their own; for fewer one waits so long for company, which saves a third of
the service's processor time where chunks come one by one. The first after a rest does not wait."""

Waiting = tuple[Sent, "asyncio.Future[bool]"]
"""A chunk that waits for its commit, and who waits."""


class Intake:
    """Keeps chunks of all sessions, in the order in which they came. To be used from one event loop.

    Args:
        store: of the campaign.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._next: list[Waiting] = []
        self._enough = asyncio.Event()
        self._under_way: asyncio.Task[None] | None = None

    async def put(self, sent: Sent) -> bool:
        """Keep a chunk, as `store.chunks.put` does; returns after the commit.

        Returns:
            False if it was there before.

        Raises:
            BadChunk: its columns are none.
            Refused: the session may not record, or the page is not its own.
        """
        waiting: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._next.append((sent, waiting))
        if len(self._next) >= ENOUGH:
            self._enough.set()
        if self._under_way is None:
            self._under_way = asyncio.create_task(self._run())
        return await waiting

    async def _run(self) -> None:
        """Keep groups until nothing waits."""
        try:
            while self._next:
                group, self._next = self._next[:MOST], self._next[MOST:]
                await self._keep(_sound(group))
                if self._next:
                    await self._gathered()
        finally:
            self._under_way = None

    async def _gathered(self) -> None:
        """Wait a moment until there is a group that is worth a transaction."""
        if len(self._next) < ENOUGH:
            self._enough.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(GATHER_S):
                    await self._enough.wait()

    async def _keep(self, group: Sequence[Waiting]) -> None:
        """One transaction; if it fails as a whole, one for each chunk, so that none fails for another's sake."""
        if not group:
            return
        sent = [one for one, _ in group]
        try:
            told = await self._put(sent)
        except Exception as fault:
            if len(group) == 1:
                _tell(group[0][1], fault)
                return
            for one in group:
                await self._keep([one])
            return
        for (_, waiting), result in zip(group, told, strict=True):
            _tell(waiting, result)

    async def _put(self, sent: Sequence[Sent]) -> Sequence[bool | Refused]:
        """Keep a group by one statement; if some of it is not to be kept, each by its own."""
        if len(sent) > 1:
            with contextlib.suppress(chunks.NotAll):
                await asyncio.wrap_future(self._store.write(partial(chunks.put_all, sent=sent)))
                return [True] * len(sent)
        return await asyncio.wrap_future(self._store.write(partial(_put_each, sent=sent)))


def _sound(group: Sequence[Waiting]) -> Sequence[Waiting]:
    """Those whose columns are right; who sent the others is told."""
    faults = check_columns_of([(one.head, one.body) for one, _ in group])
    for (_, waiting), fault in zip(group, faults, strict=True):
        if fault is not None:
            _tell(waiting, fault)
    return [one for one, fault in zip(group, faults, strict=True) if fault is None]


def _put_each(c: Connection, sent: Sequence[Sent]) -> Sequence[bool | Refused]:
    """Keep chunks; one that is refused changes nothing, and so can stand beside others."""
    told: list[bool | Refused] = []
    for one in sent:
        try:
            told.append(chunks.put(c, one))
        except Refused as refused:
            told.append(refused)
    return told


def _tell(waiting: "asyncio.Future[bool]", result: bool | Exception) -> None:
    if waiting.done():  # the sender hung up
        return
    if isinstance(result, bool):
        waiting.set_result(result)
    else:
        waiting.set_exception(result)
