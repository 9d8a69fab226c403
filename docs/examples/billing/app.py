import requests

from billing.client import fetch

try:
    fetch("http://127.0.0.1:9/invoices")
except requests.ConnectionError as error:
    print("ConnectionError;", *getattr(error, "__notes__", ["and no note: this was the old loop"]))
