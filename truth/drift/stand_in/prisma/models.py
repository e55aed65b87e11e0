"""Names that are imported for annotations."""


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return type(name, (dict,), {})
