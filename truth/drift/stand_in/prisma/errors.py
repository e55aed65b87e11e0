"""Exceptions that are caught and never raised."""


class PrismaError(Exception):
    pass


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return type(name, (PrismaError,), {})
