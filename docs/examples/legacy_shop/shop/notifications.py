"""Mails and text messages."""

import time

from retry import retry
from retry.api import retry_call

from .errors import MailError
from .retry_helper import retry as patiently

MAILS_PER_SECOND = 2


@retry(MailError, tries=3, delay=2, backoff=2, logger=None)
def send_mail(relay, message):
    return relay.send(message)


def send_sms(provider, number, text):
    return retry_call(provider.send, fargs=[number, text], exceptions=ConnectionError, tries=2, delay=5, logger=None)


@patiently(tries=3, delay=0.5, exceptions=(ConnectionError,))
def push(service, token, text):
    return service.push(token, text)


def send_newsletter(relay, message):
    """One mail of the newsletter. The relay throws us out above MAILS_PER_SECOND, so take a breath each time."""
    for _ in range(3):
        try:
            sent = relay.send(message)
        except MailError:
            sent = False
        time.sleep(1.0 / MAILS_PER_SECOND)
        if sent:
            return True
    return False
