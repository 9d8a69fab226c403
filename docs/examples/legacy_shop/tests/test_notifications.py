import pytest
from faults import Fake
from shop.errors import MailError

pytest.importorskip("retry")

from shop import notifications  # noqa: E402


def refused():
    return MailError("refused")


def test_send_mail(clock):
    assert notifications.send_mail(Fake(send=[refused(), refused(), "sent"]), "hi") == "sent"
    clock.assert_slept(2, 4)


def test_send_mail_gives_up(clock):
    with pytest.raises(MailError):
        notifications.send_mail(Fake(send=[refused(), refused(), refused()]), "hi")
    clock.assert_slept(2, 4)


def test_send_sms(clock):
    provider = Fake(send=[ConnectionError(), "sent"])
    assert notifications.send_sms(provider, "+351", "hi") == "sent"
    assert provider.send.calls == [("+351", "hi")] * 2
    clock.assert_slept(5)


def test_push(clock):
    assert notifications.push(Fake(push=[ConnectionError(), ConnectionError(), "shown"]), "t", "hi") == "shown"
    clock.assert_slept(0.5, 0.5)


def test_newsletter_takes_a_breath(clock):
    assert notifications.send_newsletter(Fake(send=["sent"]), "news") is True
    clock.assert_slept(0.5)


def test_newsletter_is_refused(clock):
    assert notifications.send_newsletter(Fake(send=[refused(), refused(), refused()]), "news") is False
    clock.assert_slept(0.5, 0.5, 0.5)
