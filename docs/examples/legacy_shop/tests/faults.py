"""Scripted collaborators: each call takes the next outcome, an exception is raised and anything else returned."""


class Script(object):
    def __init__(self, *outcomes):
        self.outcomes = list(outcomes)
        self.calls = []

    def __call__(self, *args):
        self.calls.append(args)
        assert self.outcomes, "called once too often: %r" % (args,)
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome


class AsyncScript(Script):
    async def __call__(self, *args):
        return Script.__call__(self, *args)


class Fake(object):
    """An object whose methods are scripts: Fake(send=[TransportError("x"), "ok"])."""

    script = Script

    def __init__(self, **methods):
        for name, outcomes in methods.items():
            setattr(self, name, self.script(*outcomes))


class AsyncFake(Fake):
    script = AsyncScript
