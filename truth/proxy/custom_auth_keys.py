"""The names of the keys in custom_auth.py, which itself imports LiteLLM."""

import ast
import os


def names():
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "custom_auth.py")) as file:
        tree = ast.parse(file.read())
    for node in tree.body:
        if isinstance(node, ast.Assign) and node.targets[0].id == "KEYS":
            return list(ast.literal_eval(node.value))
    return []
