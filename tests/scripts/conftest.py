"""Scripts that are no package, each as a module for the tests of it."""

import importlib
from pathlib import Path
from types import ModuleType

import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


def module(name: str, folder: Path = SCRIPTS) -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        return importlib.import_module(name)


@pytest.fixture(scope="session")
def bench() -> ModuleType:
    return module("all", SCRIPTS / "bench")


@pytest.fixture(scope="session")
def debian() -> ModuleType:
    return module("debian", SCRIPTS / "program")


@pytest.fixture(scope="session")
def freeze() -> ModuleType:
    return module("freeze", SCRIPTS / "program")


@pytest.fixture(scope="session")
def offline() -> ModuleType:
    return module("offline")


@pytest.fixture(scope="session")
def supply() -> ModuleType:
    return module("supply")
