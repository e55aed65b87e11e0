"""Records the tokens that LiteLLM's ElastiCacheIAMCredentialProvider makes, at a fixed time.

Run it with a Python that has LiteLLM and botocore; it writes recording.json beside itself.
"""

import datetime
import json
import os
import pathlib

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

import botocore.auth
from botocore.credentials import Credentials
from litellm._redis_credential_provider import ElastiCacheIAMCredentialProvider

NOW = datetime.datetime(2026, 11, 21, 7, 6, 27, tzinfo=datetime.timezone.utc)

CASES = [
    {"user": "litellm", "cache": "my-cache", "region": "eu-central-1"},
    {"user": "litellm", "cache": "My-Cache-UPPER", "region": "us-east-1"},
    {"user": "litellm", "cache": "my-cache", "region": "us-east-1", "serverless": True},
    {"user": "iam user/+=&~", "cache": "c", "region": "us-gov-west-1"},
    {"user": "litellm", "cache": "my-cache", "region": "eu-west-3", "token": "FwoGZXIvYXdzE+/=Ab12=="},
    {"user": "ü", "cache": "c-1", "region": "ap-south-1", "serverless": True, "token": "t o"},
]


class FixedClock(datetime.datetime):
    @classmethod
    def utcnow(cls):
        return NOW.replace(tzinfo=None)

    @classmethod
    def now(cls, tz=None):
        return NOW if tz else NOW.replace(tzinfo=None)


def main():
    if hasattr(botocore.auth, "get_current_datetime"):
        botocore.auth.get_current_datetime = lambda remove_tzinfo=True: (
            NOW.replace(tzinfo=None) if remove_tzinfo else NOW
        )
    botocore.auth.datetime.datetime = FixedClock
    recorded = []
    for case in CASES:
        credentials = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", case.get("token"))
        provider = ElastiCacheIAMCredentialProvider(
            user_name=case["user"],
            cache_name=case["cache"],
            region=case["region"],
            is_serverless=case.get("serverless", False),
            credentials_resolver=lambda: credentials,
        )
        user, token = provider.get_credentials()
        recorded.append({**case, "login": user, "expected": token})
    path = pathlib.Path(__file__).with_name("recording.json")
    path.write_text(json.dumps({"now": int(NOW.timestamp()), "cases": recorded}, indent=2) + "\n")
    print(path, len(recorded))


main()
