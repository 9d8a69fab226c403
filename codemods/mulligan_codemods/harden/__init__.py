"""Proposals that make policies kinder to what they call; never part of a rewrite that is called safe."""
