"""Fetches the few files of each LiteLLM wheel that signatures are read from, by ranges: whole wheels are gigabytes.

Usage: wheels.py FOLDER    makes FOLDER/<release>/litellm/… and prints the releases, oldest first
"""

import pathlib
import re
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "truth/wheels"))
from remote import Remote, number, wheels  # noqa: E402

OLDEST = (1, 60, 0)
NEEDED = re.compile(r"litellm/(caching/\w+\.py|router\.py|router_python_core\.py|types/caching\.py|constants\.py)")

folder = pathlib.Path(sys.argv[1])


def fetch(release, url):
    target = folder / release
    if target.is_dir():
        return
    half = folder / f"{release}.part"
    with zipfile.ZipFile(Remote(url)) as wheel:
        for name in filter(NEEDED.fullmatch, wheel.namelist()):
            path = half / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(wheel.read(name))
    half.rename(target)


found = wheels("litellm", OLDEST)
with ThreadPoolExecutor(8) as pool:
    for done in [pool.submit(fetch, release, url) for release, url in found.items()]:
        done.result()
print("\n".join(sorted(found, key=number)))
