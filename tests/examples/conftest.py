"""The demonstration, loaded as a module."""

import importlib.util
import sys
from types import ModuleType

import pytest

from tests.examples.shop import SHOP


@pytest.fixture(scope="session")
def demonstration() -> ModuleType:
    spec = importlib.util.spec_from_file_location("side_by_side", SHOP.parent / "side_by_side.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
