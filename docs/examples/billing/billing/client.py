import time

import requests


def fetch(url):
    for attempt in range(4):
        try:
            return requests.get(url, timeout=5)
        except requests.ConnectionError:
            if attempt == 3:
                raise
            time.sleep(0.1 * 2**attempt)


def pages(url):
    while True:
        try:
            for line in requests.get(url, stream=True).iter_lines():
                yield line
            return
        except requests.ConnectionError:
            time.sleep(1)
