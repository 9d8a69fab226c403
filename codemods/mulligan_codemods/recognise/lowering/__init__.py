"""From a loop that was read to what its rewrite needs, piece by piece; what can't be said is refused.

- the operation: `operation`, as one expression where it is one (`calls`), with a name (`naming`) and a type
  (`annotations`); `bindings` and `leaving` say what it binds and how it is left;
- the policy: `parameters`, of `classes` and `delays`; `fractions` refuses limits that may be no whole number;
- what judges an error: `predicates`; branches that count as success: `settling`;
- the handler: `fragments` cuts it into what happens at every failure, before a retry, and at the end (`exhaustion`,
  `absorbing`); `folds` and `rename` put its names right, `numbered` settles its tests of the attempt's number;
- around the call: other handlers (`beside`); instead of it: a block (`blocks`), or a decorator (`whole`);
- what goes, and what stays: `served`, `constants`, `comments`.

`lower` puts them together, after `checks`.
"""
