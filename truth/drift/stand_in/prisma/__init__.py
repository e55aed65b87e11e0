"""What LiteLLM asks of `prisma`, over one JSON file: prisma's own engine is a program that its generator downloads.

The proxy's code above it is the real one: it encrypts, stores, reads and uses the cache's settings. Only the row that
the Admin UI stores them in is kept; every other table is empty.
"""

import json
import os

CACHE = "litellm_cacheconfig"


class Json(dict):
    """A value that is stored as JSON."""


class Base64(str):
    """A value that is stored as Base64."""


class Row:
    def __init__(self, values):
        self.__dict__.update(values)

    def __getattr__(self, name):
        return None

    def model_dump(self, **_):
        return dict(self.__dict__)


def kept():
    try:
        with open(os.environ["STAND_IN"]) as file:
            return json.load(file)
    except FileNotFoundError:
        return None


class Table:
    def __init__(self, name):
        self.name = name

    async def find_unique(self, **_):
        row = kept() if self.name == CACHE else None
        return None if row is None else Row(row)

    find_first = find_unique

    async def upsert(self, where, data, **_):
        row = {**where, **data["update"]}
        if self.name == CACHE:
            with open(os.environ["STAND_IN"], "w") as file:
                json.dump(row, file)
        return Row(row)

    async def create(self, data=None, **_):
        return Row(data or {})

    async def find_many(self, **_):
        return []

    async def group_by(self, **_):
        return []

    async def count(self, **_):
        return 0

    def __getattr__(self, name):
        async def nothing(*_, **__):
            return None

        return nothing


class Prisma:
    def __init__(self, **_):
        self.connected = False

    async def connect(self, *_, **__):
        self.connected = True

    async def disconnect(self, *_, **__):
        self.connected = False

    def is_connected(self):
        return self.connected

    async def query_raw(self, *_, **__):
        return []

    async def query_first(self, *_, **__):
        return None

    async def execute_raw(self, *_, **__):
        return 0

    def __getattr__(self, name):
        if name.startswith("litellm_"):
            return Table(name)
        raise AttributeError(name)
