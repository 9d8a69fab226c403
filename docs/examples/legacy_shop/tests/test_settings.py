import builtins
import importlib
import sys

import pytest


def load():
    sys.modules.pop("shop.settings", None)
    return importlib.import_module("shop.settings")


def test_settings():
    settings = load()
    assert settings.STORE == "Lisbon 2"
    assert settings.CURRENCY == "EUR"


def test_settings_wait_for_the_share(clock, monkeypatch, tmp_path):
    path = tmp_path / "settings.json"
    path.write_text('{"store": "Porto"}')
    real_open = builtins.open
    failures = [OSError("not mounted"), OSError("not mounted")]

    def flaky_open(name, *args, **kwargs):
        if str(name) == str(path) and failures:
            raise failures.pop()
        return real_open(name, *args, **kwargs)

    monkeypatch.setenv("SHOP_SETTINGS", str(path))
    monkeypatch.setattr(builtins, "open", flaky_open)
    assert load().STORE == "Porto"
    clock.assert_slept(0.5, 0.5)


def test_no_settings(clock, monkeypatch, tmp_path):
    monkeypatch.setenv("SHOP_SETTINGS", str(tmp_path / "missing.json"))
    with pytest.raises(OSError):
        load()
    clock.assert_slept(0.5, 0.5, 0.5)
