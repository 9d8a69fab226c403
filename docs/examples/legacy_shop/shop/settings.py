"""Settings of this store, read once. The file comes from the network share."""

import json
import os
import time

PATH = os.environ.get("SHOP_SETTINGS", os.path.join(os.path.dirname(__file__), "settings.json"))


def _read(path):
    with open(path) as stream:
        return json.load(stream)


for _attempt in range(4):
    try:
        SETTINGS = _read(PATH)
        break
    except OSError:
        if _attempt == 3:
            raise
        time.sleep(0.5)

STORE = SETTINGS["store"]
CURRENCY = SETTINGS.get("currency", "EUR")
