"""Records what the proxy makes of values in `litellm_settings`: `record_settings.py RELEASE…`. See README.md."""

import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "startup"))

from record import process  # noqa: E402

from kept import keep  # noqa: E402

VALUES = ["2", "x", "60s", True, False, 0, -1, 2, 1.5, [], ["x"], {}, {"x": 1}]
NAMES = (
    "request_timeout num_retries default_fallbacks fallbacks content_policy_fallbacks max_budget default_team_settings service_callback "
    "guardrails model_alias_map upperbound_key_generate_params max_internal_user_budget default_max_internal_user_budget "
    "model_group_settings num_retries_per_request audit_log_callbacks"
).split()


def record(release):
    with process(release, "5.3.1", HERE / "settings.py") as child:
        about = json.loads(child.stdout.readline())
        answers = {}
        for name in NAMES:
            child.stdin.write(json.dumps({"section": "litellm_settings", "name": name, "values": VALUES}) + "\n")
            child.stdin.flush()
            found = json.loads(child.stdout.readline())
            kept = [[value, answer] for value, answer in zip(VALUES, found) if answer]
            if kept:
                answers[name] = kept
        child.stdin.close()
    return {"usual": about["usual"], "values": answers}


keep("settings.json", record, sys.argv[1:])
