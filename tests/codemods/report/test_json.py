"""The report for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from mulligan_codemods.files.discover import discover
from mulligan_codemods.report.json import as_json, rendered
from mulligan_codemods.run.engine import Options, run

from tests.codemods.fake_stages import STAGES, function

if TYPE_CHECKING:
    from pathlib import Path

    from mulligan_codemods.rows import Report


def reported(root: Path, text: str, *, prove: bool = True) -> Report:
    (root / "a.py").write_text(text)
    return run(discover([str(root)]).files, STAGES, Options(prove=prove))


def test_a_safe_site_is_described_completely(tmp_path: Path) -> None:
    (site,) = as_json(reported(tmp_path, function("f", "assumes")))["sites"]
    assert site == {
        "path": str(tmp_path / "a.py"),
        "line": 2,
        "end_line": 6,
        "qualname": "f",
        "kind": "loop",
        "shape": "S03",
        "is_retry": True,
        "status": "safe",
        "written": False,
        "reason": None,
        "assumptions": [{"code": "count", "text": "n ≥ 1", "documented": True}],
        "differences": ["the sleep after the last failure is dropped"],
        "policy": {"name": "P3", "attempts": "3", "delays": "1 s", "exceptions": "OSError"},
        "hazards": [
            {"code": "ML102", "message": "all clients retry together", "line": 2},
            {"code": "ML105", "message": "falls through", "line": 6},
        ],
        "form": "execute",
        "fingerprint": "eeb991bf056e9310",
        "known": False,
    }


def test_a_refused_site_has_its_reason_and_a_loop_that_is_no_retry_is_listed(tmp_path: Path) -> None:
    other = "for x in y:\n try: g()\n except E: sleep()\n"
    first, second = as_json(reported(tmp_path, function("f", "refused") + other))["sites"]
    assert (first["status"], first["reason"]) == (
        "refused",
        {"code": "ML211", "message": "a finally per attempt", "line": 5},
    )
    assert (second["status"], second["is_retry"], second["policy"]) == ("not_retry", False, None)


def test_the_text_is_the_value(tmp_path: Path) -> None:
    (tmp_path / "nul.py").write_bytes(b"\0")
    report = reported(tmp_path, function("f"), prove=False)
    parsed = json.loads(rendered(report))
    assert parsed == as_json(report)
    assert (parsed["version"], parsed["files"], parsed["sites"][0]["status"]) == (1, 2, "candidate")
    error = {"path": str(tmp_path / "nul.py"), "code": "ML003", "message": "holds a NUL byte", "line": 1}
    assert parsed["errors"] == [error]
