"""What stands at a use, as the code says it: where it is, its arguments by parameter, and what those hold.

`place` finds the expression and resolves names there; `arguments` binds what it is given, entries of `dictionaries`
included; `amounts` and `errors` read numbers, exception classes and predicates; `attributes` looks in other files.
"""
