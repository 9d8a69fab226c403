"""Build the documentation site into build/docs/html, strictly.

    python -m docs.site.build [--serve PORT]

A broken link, a missing anchor, a name that the reference does not have, or an asset from elsewhere fails the build.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Final

from docs.site.foreign import foreign_assets
from docs.site.pages import DOCS, lay_out
from docs.site.settings import settings

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["main"]

PLACE: Final = DOCS.parent / "build" / "docs"


def main() -> int:
    """Build, look for foreign assets, and perhaps serve on loopback."""
    parser = argparse.ArgumentParser(prog="python -m docs.site.build", description="Build the documentation site.")
    parser.add_argument("--serve", type=int, metavar="PORT", help="serve the site on 127.0.0.1 afterwards")
    given = parser.parse_args()
    failed = build(PLACE)
    if given.serve is not None and not failed:
        serve(PLACE / "html", given.serve)
    return failed


def build(place: Path) -> int:
    """Build below a folder; answer the exit code."""
    shutil.rmtree(place, ignore_errors=True)
    lay_out(place / "pages")
    (place / "zensical.toml").write_text(settings(), encoding="utf-8")
    failed = _generate(place)
    foreign = foreign_assets(place / "html")
    sys.stderr.write("".join(f"fetched from elsewhere: {line}\n" for line in foreign))
    if failed or foreign:
        return 1
    print(place / "html" / "index.html")
    return 0


def serve(site: Path, port: int) -> None:
    """Serve a folder on loopback until Ctrl-C."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(site))
    with suppress(KeyboardInterrupt):
        print(f"http://127.0.0.1:{port}", flush=True)
        ThreadingHTTPServer(("127.0.0.1", port), handler).serve_forever()


def _generate(place: Path) -> bool:
    """Run the generator; answer whether it, or the reader of docstrings, which only warns, found a fault."""
    options = ("build", "--clean", "--strict", "--config-file", str(place / "zensical.toml"))
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "zensical", *options],
        cwd=place,
        env={**os.environ, "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    sys.stderr.write(done.stdout)
    return done.returncode != 0 or "griffe: " in done.stdout


if __name__ == "__main__":
    sys.exit(main())
