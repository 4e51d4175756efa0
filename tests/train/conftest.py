"""The toy training, and processes that run it."""

import importlib
import multiprocessing
from collections.abc import Callable, Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def toy() -> Iterator[ModuleType]:
    """The module `toy.py` beside this file, under a name that other processes find too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(Path(__file__).parent)
        patch.setenv("PYTHONPATH", str(Path(__file__).parent))  # for the server of processes, when it imports torch
        yield importlib.import_module("toy")


@pytest.fixture(scope="session")
def process(toy: ModuleType) -> Iterator[Callable[..., BaseProcess]]:
    """Start a function of the toy in a process of its own; torch is imported once for all of them."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["toy"])
    started: list[BaseProcess] = []

    def start(function: Callable[..., None], *arguments: object) -> BaseProcess:
        child = context.Process(target=function, args=arguments)
        child.start()
        started.append(child)
        return child

    yield start
    for child in started:
        child.kill()
        child.join()
