"""Processes that branch off one that has read the web application: reading it is most of what their start costs."""

from __future__ import annotations

import multiprocessing
import os
import runpy
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.process import BaseProcess

from django.db import connections

from openpbm.care.server.die_with_parent import die_with_parent, name_process

__all__ = ["branch_off"]

_ASK_TO_STOP = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def branch_off(name: str, module: str, words: Sequence[str] = (), *, keep: int | None = None) -> BaseProcess:
    """Start what `python -m module words` does, tied to our own life.

    name : what lists of processes show, 15 characters at most
    keep : the one open file that it gets from us beside output and errors
    """
    process = multiprocessing.get_context("fork").Process(
        target=_go_on_as, args=(name, module, words, keep, os.getpid()), name=name
    )
    # Asked to stop before it is itself, it would only set down our own wish to.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ASK_TO_STOP)
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return process


def _go_on_as(name: str, module: str, words: Sequence[str], keep: int | None, parent: int) -> None:
    die_with_parent(parent)
    name_process(name)
    # A Ctrl-C reaches the parent alone, which stops us in order.
    os.setsid()
    _let_go_of_files(keep)
    for number in _ASK_TO_STOP:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ASK_TO_STOP)
    sys.argv = [module, *words]
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    finally:
        # A branch ends without being taken apart.
        connections.close_all()


def _let_go_of_files(keep: int | None) -> None:
    """The lock on the data folder is the parent's alone: it must be free the moment that one ends."""
    for number in map(int, os.listdir("/dev/fd")):
        if number > 2 and number != keep:
            # The folder was open itself while it was read.
            with suppress(OSError):
                os.close(number)
