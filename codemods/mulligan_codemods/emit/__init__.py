"""Emit the rewrite of one site: the whole new text of its module.

Rules: what a reviewer reads is what an experienced engineer would have written by hand; everything outside the edited
lines and the imports is kept byte for byte. Nothing is proved here.
"""

from mulligan_codemods.emit.emitter import Emitted, emit
from mulligan_codemods.emit.staging import emit_staged

__all__ = ["Emitted", "emit", "emit_staged"]
