"""Where code uses a retry library, or a team's own helper: the tables of what to look for, and the finding.

Rules: names are resolved by the module's own imports, nothing is imported; everything here works on `ast`.
"""
