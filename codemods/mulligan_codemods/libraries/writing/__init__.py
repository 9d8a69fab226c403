"""From an `Adopted` to the module's new text (`emitting`), beside the old one (`staging`), checked (`checking`)."""
