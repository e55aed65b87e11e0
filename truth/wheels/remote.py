"""Reads files out of published wheels by ranges: whole wheels are gigabytes."""

import html
import io
import os
import re
import urllib.parse
import urllib.request

from pip._internal.models.index import PyPI

BLOCK = 1 << 19


def number(release):
    """1.67.0.post1 -> (1, 67, 0, 1)"""
    numbers = [int(part) for part in release.replace("post", "").split(".")]
    return tuple(numbers + [0] * (4 - len(numbers)))


def read(url, first, last):
    request = urllib.request.Request(url, headers={"Range": f"bytes={first}-{last}"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read(), int(answer.headers["content-range"].split("/")[1])


class Remote(io.RawIOBase):
    """A file on a server, for zipfile: blocks are read when they are asked for, and the last one is kept."""

    def __init__(self, url):
        _, self.size = read(url, 0, 0)
        self.url, self.position, self.start, self.block = url, 0, 0, b""

    def seekable(self):
        return True

    def tell(self):
        return self.position

    def seek(self, offset, whence=io.SEEK_SET):
        self.position = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self.position, io.SEEK_END: self.size}[whence]
        return self.position

    def read(self, count=-1):
        end = self.size if count < 0 else min(self.position + count, self.size)
        if not (self.start <= self.position and end <= self.start + len(self.block)) and self.position < end:
            # The directory at the end is read in pieces from front to back, as the files are.
            self.start = self.position
            self.block, _ = read(self.url, self.start, min(max(end, self.start + BLOCK), self.size) - 1)
        found = self.block[self.position - self.start : end - self.start]
        self.position += len(found)
        return found


def wheels(project, oldest):
    """Each final release from `oldest` on, and the address of its wheel that runs on CPython 3.11 on x86-64 Linux."""
    index = os.environ.get("PIP_INDEX_URL", PyPI.simple_url).rstrip("/") + f"/{project}/"
    with urllib.request.urlopen(index, timeout=60) as answer:
        page = answer.read().decode()
    best = {}
    for address, name in re.findall(r'<a href="([^"]+)"[^>]*>([^<]+)</a>', page):
        match = re.fullmatch(project + r"-(\d+\.\d+\.\d+(?:\.post\d+)?)-(.+)\.whl", html.unescape(name))
        if not match or number(match[1]) < oldest:
            continue
        pure, native = match[2] == "py3-none-any", re.search(r"(cp311|abi3)-manylinux.*x86_64", match[2])
        if pure or native:
            best[match[1]] = urllib.parse.urljoin(index, html.unescape(address)).split("#")[0]
    return best
