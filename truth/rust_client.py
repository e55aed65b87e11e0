"""LiteLLM's Rust client, as the recorders ask it: what it says in the log, and what it raises."""

import contextlib
import io
import logging
import os
import pathlib
import re

os.environ |= {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_LOG": "ERROR", "REDIS_CIRCUIT_BREAKER_ENABLED": "false"}

with contextlib.redirect_stdout(io.StringIO()):
    import litellm

UNUSABLE = "Redis is not usable from the Rust stores, their state stays in memory: "
IGNORED = re.compile("Redis setting (.+) is not supported by the Rust client and is ignored: .*")


class Lines(logging.Handler):
    """The lines that LiteLLM logs for the Rust client. redis-py's failures are logged there too, and left out."""

    def __init__(self):
        super().__init__()
        self.lines = []
        logger = litellm._logging.verbose_logger
        logger.handlers = [self]
        logger.setLevel(logging.INFO)
        logger.propagate = False

    def emit(self, record):
        if getattr(record, "rust_target", None) is not None:
            self.lines.append(record.getMessage())

    def clear(self):
        self.lines.clear()


def said(lines):
    """Why the state stays in memory, and which settings are ignored."""
    reasons = [line.removeprefix(UNUSABLE) for line in lines if line.startswith(UNUSABLE)]
    ignored = [match[1] for line in lines if (match := IGNORED.fullmatch(line))]
    return {"reason": reasons[0] if reasons else None, "ignored": ignored}


def raised(error):
    """An exception with the causes that its message leaves out."""
    causes = [error]
    while (cause := causes[-1].__cause__) is not None:
        causes.append(cause)
    return {"exception": type(error).__name__, "message": ": ".join(str(one) for one in causes)}


def release():
    """LiteLLM's."""
    folder = pathlib.Path(litellm.__file__).parent.parent
    return next(folder.glob("litellm-*.dist-info")).name.removeprefix("litellm-").removesuffix(".dist-info")
