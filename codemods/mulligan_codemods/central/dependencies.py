"""Whether another distribution is sure to be installed wherever a file's package is.

Every file that uses a policy imports the central module, and with it what that imports: a distribution that only one
integration needs would break all the others. What the project declares without a condition is sure, and so is what
comes with that; where no declaration is found, nothing is known against it.

Rules: files are read, never executed; extras and conditions on the platform don't count; what can't be read declares
nothing.
"""

from __future__ import annotations

import ast
import configparser
import re
import sys
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["is_installed"]

HIGHEST = 8
"""How many folders above a file are searched for a declaration."""

NAME = re.compile(r"\s*([A-Za-z0-9][\w.-]*)")
UNSURE = re.compile(r"extra|platform|implementation|os_name")
OTHER_NAMES = {
    "Crypto": "pycryptodome",
    "MySQLdb": "mysqlclient",
    "OpenSSL": "pyopenssl",
    "PIL": "pillow",
    "attr": "attrs",
    "botocore": "boto3",
    "bs4": "beautifulsoup4",
    "certifi": "requests",
    "dateutil": "python-dateutil",
    "dns": "dnspython",
    "git": "gitpython",
    "github": "pygithub",
    "google.protobuf": "protobuf",
    "grpc": "grpcio",
    "httpcore": "httpx",
    "jwt": "pyjwt",
    "ldap": "python-ldap",
    "libcloud": "apache-libcloud",
    "psycopg2": "psycopg2-binary",
    "serial": "pyserial",
    "sklearn": "scikit-learn",
    "socks": "pysocks",
    "telegram": "python-telegram-bot",
    "urllib3": "requests",
    "websocket": "websocket-client",
    "yaml": "pyyaml",
    "zmq": "pyzmq",
}
"""Distributions that bring a module of another name."""


def is_installed(path: str, module: str) -> bool:
    """Tell whether a module of another package can be imported wherever the file's package can.

    Args:
        path: the file.
        module: the absolute name of the module.
    """
    if module.partition(".")[0] in sys.stdlib_module_names:
        return True
    declared = _declared(Path(path).absolute().parent)
    return declared is None or not declared.isdisjoint(_distributions(module))


def _distributions(module: str) -> set[str]:
    """Answer the distributions that may bring a module: `google.cloud.storage` comes with `google-cloud-storage`."""
    parts = module.split(".")
    prefixes = [".".join(parts[: depth + 1]) for depth in range(len(parts))]
    return {_normal(each) for each in prefixes} | {OTHER_NAMES[each] for each in prefixes if each in OTHER_NAMES}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@lru_cache(maxsize=1024)
def _declared(folder: Path) -> frozenset[str] | None:
    """Answer the distributions that the project around a folder needs, its own included; `None` where none says."""
    for above in (folder, *folder.parents[:HIGHEST]):
        found = [each for read in (_of_pyproject, _of_setup, _of_metadata) for each in read(above)]
        if found:
            return frozenset(_names(found))
    return None


def _names(requirements: Iterable[str]) -> Iterator[str]:
    for requirement in requirements:
        text, _, condition = requirement.partition(";")
        match = NAME.match(text)
        if match is not None and not UNSURE.search(condition):
            yield _normal(match[1])


def _of_pyproject(folder: Path) -> list[str]:
    try:
        table = _table(tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return []
    project, poetry = _table(table.get("project")), _table(_table(table.get("tool")).get("poetry"))
    needed = project.get("dependencies")
    if isinstance(needed, list):
        return [str(project.get("name", "")), *map(str, cast("list[object]", needed))]
    return [name for name, value in _table(poetry.get("dependencies")).items() if not _table(value).get("optional")]


def _table(value: object) -> Mapping[str, object]:
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _of_setup(folder: Path) -> list[str]:
    return [*_of_setup_cfg(folder / "setup.cfg"), *_of_setup_py(folder / "setup.py")]


def _of_setup_cfg(file: Path) -> list[str]:
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read(file, encoding="utf-8")
        needed = parser.get("options", "install_requires", fallback="").split("\n")
    except (configparser.Error, UnicodeDecodeError):
        return []
    return [each for each in needed if each.strip()]


def _of_setup_py(file: Path) -> list[str]:
    """Answer what `setup(install_requires=[...])` lists literally."""
    try:
        tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return []
    lists = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg == "install_requires" and isinstance(node.value, ast.List)
    ]
    texts = [each.value for found in lists for each in found.elts if isinstance(each, ast.Constant)]
    return [text for text in texts if isinstance(text, str)]


def _of_metadata(folder: Path) -> list[str]:
    """Answer what an unpacked wheel or source distribution says of itself; a folder of many says nothing."""
    files = [folder / "PKG-INFO", *folder.glob("*.dist-info/METADATA"), *folder.glob("*.egg-info/PKG-INFO")]
    found = [file for file in files if file.is_file()]
    if not found or len({file.parent for file in found if file.name == "METADATA"}) > 1:
        return []
    head = found[0].read_text(encoding="utf-8", errors="replace").partition("\n\n")[0]
    return re.findall(r"^(?:Requires-Dist|Name): *(.+)$", head, re.MULTILINE)
