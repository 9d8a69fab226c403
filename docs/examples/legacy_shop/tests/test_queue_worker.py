import time

import pytest
from faults import Fake, Script
from shop.errors import BrokerDown, ShopError
from shop.queue_worker import QueueWorker


def worker(handlers=None, **methods):
    return QueueWorker(Fake(**methods), handlers or {})


def down():
    return BrokerDown("no broker")


def test_run_forever(clock):
    job = {"id": 7, "kind": "mail"}
    handler = Script("ok", ShopError("bad job"), "ok")
    w = worker({"mail": handler}, pop=[job, None, job, BrokerDown("gone"), job], ack=["ok", "ok"])
    real_sleep = time.sleep

    def sleep(seconds):
        real_sleep(seconds)
        if len(clock.sleeps) == 5:
            w.stop()

    time.sleep = sleep  # the clock fixture puts the real one back
    w.run_forever()
    assert len(handler.calls) == 3
    assert w.broker.ack.calls == [(7,), (7,)]
    clock.assert_slept(2, 2, 2, 2, 2)


def test_wait_for_broker(clock, caplog):
    caplog.set_level("INFO")
    w = worker(ping=[down(), down(), down(), "pong"])
    assert w.wait_for_broker() is None
    clock.assert_slept(2, 2, 2)
    assert caplog.messages == ["broker is up"]


def test_wait_for_broker_lets_other_errors_out(clock):
    with pytest.raises(ValueError):
        worker(ping=[down(), ValueError("what?")]).wait_for_broker()
    clock.assert_slept(2)


def test_ack_never_gives_up(clock, caplog):
    w = worker(ack=[down() for _ in range(20)] + ["acked"])
    assert w.ack(7) == "acked"
    assert w.broker.ack.calls == [(7,)] * 21
    clock.assert_slept(*[5] * 20)
    assert caplog.messages == ["could not acknowledge 7: no broker"] * 20


def test_connect_backs_off(clock):
    assert worker(connect=[down() for _ in range(8)] + ["connected"]).connect() == "connected"
    clock.assert_slept(1, 2, 4, 8, 16, 32, 60, 60)


def test_process_has_five_retries_for_all_jobs_together(clock):
    job = {"id": 7, "kind": "mail"}
    flaky = ConnectionError("relay")
    w = worker({"mail": Script(flaky, flaky, flaky, "sent", flaky, flaky, flaky, "never")})
    assert w.process(job) == "sent"
    with pytest.raises(ConnectionError):
        w.process(job)
    clock.assert_slept(1, 1, 1, 1, 1)
    assert w.retry_budget == 0


def test_next_job(clock):
    assert worker(pop=[down(), "job"]).next_job() == "job"
    clock.assert_slept(3)


def test_next_job_gives_up(clock):
    with pytest.raises(BrokerDown):
        worker(pop=[down() for _ in range(11)]).next_job()
    clock.assert_slept(*[3] * 10)


def test_next_job_is_interrupted_while_waiting(clock, monkeypatch):
    monkeypatch.setattr(time, "sleep", Script(KeyboardInterrupt()))
    assert worker(pop=[down()]).next_job() is None


def test_next_job_is_interrupted_while_asking(clock):
    with pytest.raises(KeyboardInterrupt):
        worker(pop=[KeyboardInterrupt()]).next_job()


def test_publish_reconnects(clock):
    w = worker(publish=[down(), "sent"], connect=[down(), down(), "connected"])
    assert w.publish("hello") == "sent"
    clock.assert_slept(1, 1)


def test_publish_counts_its_reconnects_together(clock):
    last = down()
    w = worker(publish=[down(), last], connect=[down(), "connected", down(), down()])
    with pytest.raises(BrokerDown) as caught:
        w.publish("hello")
    assert caught.value is last
    clock.assert_slept_until_failure(1, 1, 1)
