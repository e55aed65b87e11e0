"""Records how python-dotenv reads traps of `.env` files.

    pip download --no-deps --dest wheels python-dotenv==1.0.1 python-dotenv==1.2.4
    python3 record_dotenv.py wheels/*.whl > truth/dotenv/recording.json

Each wheel is asked in a process of its own, with an empty environment.
"""

import io
import json
import os
import re
import subprocess
import sys

CASES = [
    "",
    "A=b",
    "A=b\n",
    "A=b\r\nC=d\r\n",
    "A=b\rC=d\r",
    "\ufeffA=b\n",
    "A = b\n",
    "A =b\n",
    "A= b\n",
    "A=b c\n",
    "A=  b  \n",
    "A=b # comment\n",
    "A=b#no comment\n",
    "A=b\t# comment\n",
    "A=#value\n",
    "A= #value\n",
    "A= # comment\n",
    "A=\t# comment\nB=1\n",
    "A=''\n",
    'A=""\n',
    "A=\nB=2\n",
    "A\nB=2\n",
    "A \n",
    "export A=b\n",
    "export  A=b\n",
    "export\tA=b\n",
    "export A\n",
    "export\nA=1\n",
    "exported=1\n",
    "  A=b\n",
    "\tA=b\n",
    "\n\n\nA=b\n",
    "# A=b\n",
    "  # A=b\nC=d\n",
    "'A'=b\n",
    "'A B'=c\n",
    "''=c\nB=1\n",
    '"A"=b\n',
    "A.B=c\n",
    "A-B=c\n",
    "1=c\n",
    "A='b c'\n",
    "A='b' # comment\n",
    "A='b'# comment\n",
    "A='b'c\nD=e\n",
    "A='b\nc'\nD=e\n",
    'A="b\nc"\nD=e\n',
    "A='open\nB=2\n",
    'A="open\nB=2\n',
    r"A='it\'s'" + "\n",
    r"A='it\\'s'" + "\n",
    r"A='end\'" + "\n",
    r"A='end\\'" + "\n",
    r'A="say \"hi\""' + "\n",
    r'A="end\""' + "\n",
    r'A="end\"' + "\nB=2\n",
    r'A="end\\"' + "\n",
    r'A="a\nb\tc\rd\\e\'f\ag\bh\fi\vj"' + "\n",
    r'A="\x41\u0041\101\z\$"' + "\n",
    r"A='a\nb\tc\\d'" + "\n",
    r"A=a\nb\\c" + "\n",
    "A=b'c'\n",
    'A=b"c"\n',
    "A=b=c\n",
    "A==b\n",
    "=b\nC=d\n",
    "#=b\n",
    "A#B=c\nD=e\n",
    "A=redis://:p#ss@h:1/0\n",
    "A=redis://:p #ss@h:1/0\n",
    "A=p@ss$w0rd\n",
    "A=p@ss$w0rd$\n",
    "A=1\nB=$A\n",
    "A=1\nB=${A}\n",
    "A=1\nB='${A}'\n",
    'A=1\nB="x${A}y${A}z"\n',
    "B=${A}\nA=1\n",
    "B=${A:-d}\n",
    "A=\nB=${A:-d}\n",
    "A\nB=${A:-d}\n",
    "A=1\nB=${A:-d}\n",
    "B=${A:-}\n",
    "B=${A-d}\n",
    "B=${A:d}\n",
    "B=${A:=d}\n",
    "B=${A\nC=1\n",
    "B=$${A}\n",
    "B=${}\n",
    "B=${A:-${C}}\n",
    "B=${ A }\n",
    r"B=\${A}" + "\n",
    "A=1\nA=2\n",
    "A=1\nB=${A}\nA=2\n",
    "A=1\nA\n",
    "A: b\nC=d\n",
    "A b=c\nD=e\n",
    "set A=b\nC=d\n",
    "A=true\nB=True\nC=yes\n",
    "REDIS_SENTINEL_NODES='[[\"h\", 26379]]'\n",
    'REDIS_SENTINEL_NODES=[["h", 26379]]\n',
    'REDIS_CLUSTER_NODES="[{\\"host\\": \\"h\\", \\"port\\": 1}]"\n',
    "A=\u00e9\u4e16\U0001f600\n",
    "A=b\u00a0# c\n",
    "A=\u00a0b\n",
    "A=b\u2028C=d\n",
    "A=b\x0cC=d\n",
    "\x1cA=b\x1d\n",
    "A='b'\x0b\n",
    "A=`b c`\n",
    "A=b;C=d\n",
    "A=b && C=d\n",
    "A=b \\\nC=d\n",
    "A='b' 'c'\nD=e\n",
    'A="b" "c"\nD=e\n',
    "A='b''c'\nD=e\n",
    "A=b\n\x00",
    "A=\"b'c\"\n",
    "A='b\"c'\n",
    "A='b\\\\\\'c'\n",
    'A="b\\\\\\"c"\n',
    "A='b\\",
    "A=\\'b\\'\n",
]

ASK = r"""
import io, json, os, sys
sys.path.insert(0, sys.argv[1])
from dotenv.main import DotEnv
out = []
for text in json.load(sys.stdin):
    # Files are opened with universal newlines.
    text = io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8").read()
    parsed = list(DotEnv(None, stream=io.StringIO(text), interpolate=False).parse())
    os.environ.clear()
    try:
        DotEnv(None, stream=io.StringIO(text), override=False).set_as_environment_variables()
        loaded = dict(os.environ)
    except ValueError as error:
        loaded = {"error": str(error)}
    out.append([parsed, loaded])
json.dump(out, sys.stdout)
"""


def main() -> None:
    answers = {}
    for wheel in sys.argv[1:]:
        release = re.search(r"python_dotenv-([0-9.]+)-", wheel).group(1)
        run = subprocess.run(
            [sys.executable, "-c", ASK, os.path.abspath(wheel)],
            input=json.dumps(CASES),
            capture_output=True,
            check=True,
            text=True,
        )
        answers[release] = json.loads(run.stdout)
    recorded = []
    for at, text in enumerate(CASES):
        recorded.append(
            {
                "text": text,
                "parsed": {release: answer[at][0] for release, answer in answers.items()},
                "loaded": {release: answer[at][1] for release, answer in answers.items()},
            }
        )
    print(json.dumps(recorded, indent=0, ensure_ascii=True))


if __name__ == "__main__":
    main()
