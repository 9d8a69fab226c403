import urllib.error
import urllib.request

import pytest
from faults import Fake, Script
from shop.errors import HttpError, TransportError
from shop.http_client import HttpClient, Response, UrllibTransport


def client(*outcomes, **options):
    return HttpClient("http://catalogue", Fake(send=outcomes), **options)


def down():
    return TransportError("connection reset")


def test_get_answers_at_once(clock):
    http = client("page")
    assert http.get("/a") == "page"
    assert http.transport.send.calls == [("GET", "http://catalogue/a", None)]
    clock.assert_slept()


def test_get_tries_again(clock, caplog):
    caplog.set_level("INFO")
    http = client(down(), down(), "page")
    assert http.get("/a") == "page"
    clock.assert_slept(0.5, 0.5)
    assert [r.getMessage() for r in caplog.records if r.name == "shop.http_client"] == ["GET /a failed: connection reset"] * 2


def test_get_gives_up(clock, caplog):
    last = down()
    http = client(down(), last, retries=2, delay=4)
    with pytest.raises(TransportError) as caught:
        http.get("/a")
    assert caught.value is last
    clock.assert_slept(4)
    assert len([r for r in caplog.records if r.name == "shop.http_client"]) == 1


def test_get_does_not_retry_bugs(clock):
    http = client(KeyError("oops"))
    with pytest.raises(KeyError):
        http.get("/a")
    clock.assert_slept()


def test_get_json_retries_half_answers(clock):
    http = client(Response(200, b'{"sku'), down(), Response(200, b'{"sku": 7}'))
    assert http.get_json("/a") == {"sku": 7}
    clock.assert_slept(0.1, 0.2)


def test_get_json_gives_up(clock):
    http = client(*[down() for _ in range(5)])
    with pytest.raises(TransportError):
        http.get_json("/a")
    clock.assert_slept(0.1, 0.2, 0.4, 0.8)


def test_post(clock):
    http = client(down(), down(), "created")
    assert http.post("/orders", b"{}") == "created"
    assert http.transport.send.calls == [("POST", "http://catalogue/orders", b"{}")] * 3
    clock.assert_slept(2, 2)


def test_post_gives_up_after_three(clock):
    last = down()
    with pytest.raises(TransportError) as caught:
        client(down(), down(), last).post("/orders", b"{}")
    assert caught.value is last
    clock.assert_slept(2, 2)


def test_put_spreads_its_retries(clock):
    http = client(down(), down(), down(), "done")
    assert http.put("/price", b"1") == "done"
    assert len(clock.sleeps) == 3
    for attempt, slept in enumerate(clock.sleeps):
        assert 0 <= slept.expected <= 0.5 * 2 ** attempt


def test_put_gives_up(clock):
    with pytest.raises(TransportError):
        client(*[down() for _ in range(4)]).put("/price", b"1")
    assert len(clock.sleeps) == 3


def test_ping(clock):
    assert client(down(), "pong").ping() is True
    clock.assert_slept(1)


def test_ping_never_raises(clock):
    assert not client(down(), down(), down()).ping()
    clock.assert_slept_until_failure(1, 1, 1)


def test_download_obeys_retry_after(clock):
    warming = Response(503, headers={"Retry-After": "7"})
    assert client(warming, Response(503), down(), Response(200, b"png")).download("/logo") == b"png"
    clock.assert_slept(7, 1, 1)


def test_download_gives_up(clock):
    with pytest.raises(HttpError) as caught:
        client(*[Response(503) for _ in range(5)]).download("/logo")
    assert caught.value.status == 503
    clock.assert_slept(1, 1, 1, 1)


def test_download_of_what_is_not_there(clock):
    with pytest.raises(HttpError):
        client(Response(404)).download("/logo")
    clock.assert_slept()


def test_options_ask_again_for_no_answer(clock):
    http = client(None, down(), "all of it")
    assert http.options("/prices") == "all of it"
    clock.assert_slept(2)


def test_options_stop_asking(clock):
    http = client(None, None, None)
    assert http.options("/prices") is None
    clock.assert_slept()


def test_options_that_are_known(clock):
    assert client().options("/prices", "known") == "known"


def test_urllib_errors_become_ours(monkeypatch):
    monkeypatch.setattr(urllib.request, "urlopen", lambda request, timeout: Script(urllib.error.URLError("no route"))())
    with pytest.raises(TransportError, match="no route"):
        UrllibTransport().send("GET", "http://catalogue/a")
