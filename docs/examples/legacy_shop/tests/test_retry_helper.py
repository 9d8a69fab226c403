import pytest
from faults import Script
from shop.retry_helper import retry


def decorated(script, **options):
    def call(*args):
        """Doc."""
        return script(*args)

    return retry(**options)(call)


def test_defaults(clock, caplog):
    script = Script(ValueError("no"), ValueError("no"), "yes")
    assert decorated(script)(1) == "yes"
    assert script.calls == [(1,)] * 3
    clock.assert_slept(1, 1)
    assert caplog.messages == ["call: no (2 tries left)", "call: no (1 tries left)"]


def test_gives_up(clock):
    last = ValueError("last")
    with pytest.raises(ValueError) as caught:
        decorated(Script(ValueError(), ValueError(), last), delay=2, backoff=3)()
    assert caught.value is last
    clock.assert_slept(2, 6)


def test_looks_like_the_function():
    assert decorated(Script()).__name__ == "call"
    assert decorated(Script()).__doc__ == "Doc."
