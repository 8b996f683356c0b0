# SPDX-License-Identifier: Apache-2.0
"""Runs blocks here, one by one, or in worker processes; both write parts and yield the finished block."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context, parent_process

from greenrisk.core.errors import Fault, RunError
from greenrisk.core.job import Job
from greenrisk.engine.checkpoint import Checkpoint

_state: tuple[Job, Checkpoint] | None = None
"""A worker's job, sent once; None everywhere else."""


def serial(job: Job, checkpoint: Checkpoint, blocks: Sequence[int]) -> Iterator[int]:
    """Run blocks in this process; yield each block when its part is written."""
    for block in blocks:
        checkpoint.write(block, job.run_block(block))
        yield block


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    # Ctrl-C goes to the whole process group; the parent alone answers it, and only once every worker has been told
    # what it is: a worker whose parent is interrupted while it hands over the job would end in a traceback. The pool
    # starts its processes while blocks are submitted, and they inherit what this thread blocks. Blocking alone does
    # not hold the parent back: the signal then reaches a thread of BLAS, and Python answers it in the main thread.
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "pthread_sigmask"):
        yield
        return
    pressed: list[int] = []
    answer = signal.signal(signal.SIGINT, lambda number, frame: pressed.append(number))
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        signal.signal(signal.SIGINT, answer or signal.default_int_handler)
        if pressed:
            signal.raise_signal(signal.SIGINT)


def _receive(job: Job, checkpoint: Checkpoint) -> None:
    global _state
    _state = (job, checkpoint)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_die_with_parent, daemon=True).start()


def _die_with_parent() -> None:
    # A parent killed with SIGKILL tells nobody, and the workers themselves hold open the pipe they wait on.
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _run(block: int) -> int:
    assert _state is not None
    job, checkpoint = _state
    checkpoint.write(block, job.run_block(block))
    return block


def processes(job: Job, checkpoint: Checkpoint, blocks: Sequence[int], workers: int) -> Iterator[int]:
    """Run blocks in worker processes; yield each block when its part is written, in the order of finishing.

    Parameters
    ----------
    job : Job
        Sent once to each worker.
    checkpoint : Checkpoint
        Where the workers write the parts: no part travels through a pipe.
    blocks : sequence of int
        What to run.
    workers : int
        How many processes, > 0.

    Raises
    ------
    RunError
        Where a worker dies (out of memory, killed, or a script without a main guard).

    Notes
    -----
    Workers are spawned, not forked: a forked child inherits the locks of numba's and BLAS's threads without
    the threads, and may hang. The price is the imports of each worker, about a second, once.
    """
    with ProcessPoolExecutor(
        max_workers=min(workers, len(blocks)),
        mp_context=get_context("spawn"),
        initializer=_receive,
        initargs=(job, checkpoint),
    ) as pool:
        try:
            with _interrupts_held_back():
                futures = [pool.submit(_run, block) for block in blocks]
            for future in as_completed(futures):
                yield future.result()
        except BrokenProcessPool as error:
            raise RunError(
                Fault(
                    f"{workers} workers",
                    "a worker process has died",
                    "It ran out of memory, was killed, or the calling script lacks "
                    "`if __name__ == '__main__':`. Try fewer workers; `--resume` keeps the finished parts.",
                )
            ) from error
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
