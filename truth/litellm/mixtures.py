"""Random mixtures of fields, sections and variables, from a seed."""

import random

from configs import CASES, add, cached, coordinated, routed, section
from tables import COORDINATIONS, ENVIRONMENTS, ROUTERS, VALUES
from values import BASES, CONNECTION, FEW, FIELDS, RIGHT, WRONG, fields_of, right

LIKELY = ["ssl", "password", "username", "db", "socket_timeout", "ssl_ca_certs", "ssl_cert_reqs", "ssl_check_hostname", "max_connections", "url", "port", "host"]


def mixtures(count, seed):
    chance = random.Random(seed)
    values = WRONG + [value for some in RIGHT.values() for value in some]
    variables = [field["variable"] for field in CONNECTION if field["variable"]] + [field["name"] for field in fields_of("environment_variables")]
    routers = fields_of("router_settings")

    def settings(base, most):
        chosen = dict(base)
        for _ in range(chance.randint(0, most)):
            field = chance.choice(FIELDS)
            chosen[field] = chance.choice((right(field) or FEW) if chance.random() < 0.7 else values)
        return chosen

    done = 0
    while done < count:
        text = ""
        base = dict(chance.choice(list(BASES.values())))
        for field in chance.sample(LIKELY, chance.randint(0, 4)):
            base[field] = chance.choice(right(field) or [True, False, "true", "v"])
        if chance.random() < 0.85:
            text += cached(settings(base, 2))
        if chance.random() < 0.4:
            own = {"redis_host": "rh", "redis_port": 1} if chance.random() < 0.8 else chance.choice(ROUTERS)
            if chance.random() < 0.3:
                field = chance.choice(routers)
                own = {**own, field["name"]: chance.choice(right(field["name"], field) or FEW)}
            text += routed({**own, "cache_kwargs": settings({}, 3)} if chance.random() < 0.6 else own)
        if chance.random() < 0.25:
            own = chance.choice(COORDINATIONS)
            text += coordinated(settings(own, 2) if isinstance(own, dict) else own)
        if chance.random() < 0.15:
            text += section("environment_variables", {"REDIS_" + chance.choice(LIKELY).upper(): chance.choice(VALUES)})
        env = {}
        for _ in range(chance.choice([0, 0, 1, 1, 2, 3, 4])):
            name = "REDIS_" + chance.choice(LIKELY).upper() if chance.random() < 0.5 else chance.choice(variables)
            env[name] = chance.choice(VALUES)
        if chance.random() < 0.15:
            env |= chance.choice(ENVIRONMENTS)
        before = len(CASES)
        add("random", text, env)
        done += len(CASES) > before
