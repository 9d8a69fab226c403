"""Equal parameters share one policy; an existing module is only added to."""

from __future__ import annotations

from mulligan_codemods.central.policies import assign

from tests.codemods.rewriting import sites_of

FUNCTION = """
def {name}(url):
    prepare()
    for attempt in range({attempts}):
        try:
            return get(url)
        except {error}:
            if attempt == {attempts} - 1:
                raise
            time.sleep({delay})
"""


def function(name: str, *, attempts: int = 3, error: str = "OSError", delay: str = "1") -> str:
    return FUNCTION.format(name=name, attempts=attempts, error=error, delay=delay)


def module(*functions: str, imports: str = "import time\n") -> str:
    return imports + "\n".join(functions)


def test_equal_parameters_share_one_policy() -> None:
    sites = sites_of(module(function("fetch"), function("send"), function("list_all", attempts=5)))
    book = assign(sites)
    names = [book.name_for(site) for site in sites]
    assert names[0] == names[1] != names[2]
    assert book.render(None).count("define(") == 2


def test_a_policy_is_named_after_its_function() -> None:
    (site,) = sites_of(module(function("fetch_page")))
    assert assign([site]).name_for(site) == "FETCH_PAGE"


def test_the_module_imports_what_its_policies_name() -> None:
    text = module(
        function("fetch", error="(requests.Timeout, NotReady)"),
        imports="import time\nimport requests\nfrom api.errors import NotReady\n",
    )
    rendered = assign(sites_of(text)).render(None)
    assert "import requests\n" in rendered
    assert "from api.errors import NotReady\n" in rendered
    assert "from mulligan import Policy, constant\nfrom mulligan.config import define\n" in rendered


def test_a_class_of_a_submodule_imports_the_submodule() -> None:
    text = module(function("fetch", error="botocore.exceptions.ClientError"), imports="import time\nimport botocore\n")
    assert "import botocore.exceptions\n" in assign(sites_of(text)).render(None)


def test_symbolic_parameters_are_left_to_the_call() -> None:
    (site,) = sites_of(module(function("fetch", delay="url.delay")))
    fields = ['name="app.fetch"', "retry_on=OSError", "max_attempts=3"]
    body = "".join(f"        {field},\n" for field in fields)
    assert assign([site]).render(None).endswith(f"FETCH = define(\n    Policy(\n{body}    )\n)\n")


def test_a_policy_that_exists_already_is_used_again() -> None:
    sites = sites_of(module(function("fetch")))
    existing = assign(sites).render(None).replace("FETCH", "LOOKUP").replace('"app.fetch"', '"app.lookup"')
    book = assign(sites, existing)
    assert (book.name_for(sites[0]), book.render(existing)) == ("LOOKUP", existing)


def test_a_new_policy_is_added_behind_what_is_there() -> None:
    existing = assign(sites_of(module(function("fetch")))).render(None)
    sites = sites_of(module(function("fetch", attempts=7)))
    book = assign(sites, existing)
    rendered = book.render(existing)
    assert book.name_for(sites[0]) == "FETCH_2"
    assert rendered.startswith(existing[: existing.index("FETCH = ")])
    assert rendered.index("FETCH = ") < rendered.index("FETCH_2 = ")


def test_a_mere_module_without_sites_is_a_docstring() -> None:
    assert assign([]).render(None) == '"""The retry policies of this package, all in one place."""\n'
