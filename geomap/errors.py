"""What can go wrong in a way that the reader of the message can mend."""


class GeomapError(Exception):
    """Something that a person can understand and mend.

    The message says what was wrong, with the value. ``where`` names the file,
    line or field; ``todo`` says what to do about it.
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", todo: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.todo = todo

    def __str__(self) -> str:
        located = f"{self.where}: {self.what}" if self.where else self.what
        return f"{located}\n{self.todo}" if self.todo else located


class InputError(GeomapError):
    """What was asked or handed in cannot be read."""

    exit_code = 2


class ContentError(GeomapError):
    """A table under ``gazetteer/`` or ``maps/`` breaks its rules."""


class StoreError(GeomapError):
    """The store cannot be opened, read or written."""
