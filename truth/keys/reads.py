"""Which keys of the config's sections one file of LiteLLM reads, from its source.

A section is an expression of that name (`general_settings`, `self.general_settings`, `config["general_settings"]`), or what
such an expression was assigned or handed to. `Reads` notes for each section, and for each parameter of each function, the keys
that are asked of it and where it is handed on; `resolve` follows that through the files of a release.
"""

import ast
import re

SECTIONS = ("general_settings", "litellm_settings", "router_settings")
SECTION = re.compile(r"(?:^|_)(general_settings|litellm_settings|router_settings)$")
KEY = re.compile(r"[a-z][a-z0-9_]*")
ASKS = {"get", "pop", "setdefault"}
# Functions of this name are everywhere: what is handed to them says nothing.
ANYBODYS = {"get", "items", "update", "append", "debug", "info", "warning", "error", "exception", "print", "isinstance",
            "len", "list", "set", "str", "print_verbose", "type", "dumps", "loads", "values", "keys", "__init__", "bool",
            "getattr", "setattr", "hasattr", "join", "format", "pop", "setdefault", "sorted", "tuple", "id"}
SAME = {"dict", "cast", "deepcopy", "copy", "get_config_state", "MappingProxyType"}


def named(node):
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    return None


def constant(node):
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


class Reads(ast.NodeVisitor):
    """`asked`: (section or (function, parameter), key); `handed`: (the same, function, place or name)."""

    def __init__(self, file, text):
        self.asked, self.handed, self.texts, self.fields, self.adapters = set(), set(), {}, {}, {}
        self.validated, self.parameters, self.attributes = set(), {}, set()
        self.server, self.cli = file.endswith("proxy/proxy_server.py"), file.endswith("proxy/proxy_cli.py")
        self.scopes, self.classes, self.constants, self.called = [{}], [], {}, set()
        self.functions = set()
        tree = ast.parse(text)
        for node in tree.body:
            for target in targets(node):
                if node.value is not None and (values := texts(node.value)):
                    self.texts[target] = values
        self.visit(tree)
        if file.endswith("litellm/__init__.py"):
            self.attributes |= {name for node in flat(tree.body) for name in targets(node)}

    def section(self, node):
        """The section that an expression is, or the function's parameter; None."""
        if isinstance(node, ast.BoolOp):
            return next((found for value in node.values if (found := self.section(value))), None)
        if isinstance(node, ast.IfExp):
            return self.section(node.body) or self.section(node.orelse)
        if isinstance(node, ast.Await):
            return self.section(node.value)
        if isinstance(node, ast.Name):
            for scope in reversed(self.scopes):
                if node.id in scope:
                    return scope[node.id]
        name = named(node)
        if isinstance(node, ast.Call):
            called = named(node.func)
            if called in ASKS and node.args:
                name = constant(node.args[0])
            elif called in SAME:
                inner = [node.func.value] if isinstance(node.func, ast.Attribute) else []
                return next((found for one in node.args + inner if (found := self.section(one))), None)
        if isinstance(node, ast.Subscript):
            name = constant(node.slice)
        if name and "router_general_settings" not in name and (match := SECTION.search(name)):
            return match[1]
        return "top" if isinstance(node, ast.Name) and self.is_config(node.id) else None

    def is_config(self, name):
        """Whether a variable of this name holds the whole config here."""
        return name in ("config", "_config", "config_data") and (self.cli or (self.server and "ProxyConfig" in self.classes))

    def keys(self, node):
        """The texts that a key may be; None where that is not in the source."""
        text = constant(node)
        if text is not None:
            return [text]
        if isinstance(node, ast.Name):
            return self.constants.get(node.id) or [("named", node.id)]
        if isinstance(node, ast.Attribute):
            return [("named", node.attr)]
        return None

    def ask(self, section, node):
        for key in self.keys(node) or [("unknown", ast.unparse(node))]:
            # What names the key may be a parameter of the function itself.
            if isinstance(key, tuple) and isinstance(scope := self.scopes[-1].get(key[1]), tuple):
                key = ("parameter", *scope)
            self.asked.add((section, key))

    def visit_ClassDef(self, node):
        fields = {one.target.id for one in node.body if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)}
        self.fields[node.name] = (fields, {named(base) for base in node.bases})
        self.classes.append(node.name)
        self.generic_visit(node)
        self.classes.pop()

    def function_(self, node):
        arguments = [one.arg for one in node.args.posonlyargs + node.args.args]
        self.parameters.setdefault(node.name, set()).add(tuple(arguments))
        scope = {}
        for name in arguments + [one.arg for one in node.args.kwonlyargs]:
            match = SECTION.search(name) if "router_general_settings" not in name else None
            scope[name] = match[1] if match else "top" if self.is_config(name) else (node.name, name)
        self.scopes.append(scope)
        self.generic_visit(node)
        self.scopes.pop()

    visit_FunctionDef = visit_AsyncFunctionDef = function_

    def assign(self, target, value):
        if isinstance(target, ast.Name) and value is not None:
            found = self.section(value)
            if found and not (isinstance(found, tuple) and isinstance(value, ast.Call) and named(value.func) in ASKS):
                self.scopes[-1][target.id] = found
            if found_texts := texts(value):
                self.constants[target.id] = found_texts
            if isinstance(value, ast.Call) and named(value.func) == "TypeAdapter" and value.args:
                self.adapters[target.id] = named(value.args[0]) or ""

    def visit_Assign(self, node):
        for target in node.targets:
            self.assign(target, node.value)
        self.generic_visit(node)

    def visit_AnnAssign(self, node):
        self.assign(node.target, node.value)
        self.generic_visit(node)

    def visit_NamedExpr(self, node):
        self.assign(node.target, node.value)
        self.generic_visit(node)

    def visit_For(self, node):
        self.loop(node.target, node.iter, node)
        self.generic_visit(node)

    def comprehension(self, node):
        for one in node.generators:
            self.loop(one.target, one.iter, None)
        self.generic_visit(node)

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = comprehension

    def loop(self, target, over, body):
        values = texts(over) or (self.texts.get(named(over)) if named(over) else None)
        if isinstance(target, ast.Name) and (values or named(over)):
            self.constants[target.id] = values or [("each", named(over))]
        of_items = isinstance(over, ast.Call) and named(over.func) in ("items", "keys") and isinstance(over.func, ast.Attribute)
        section = self.section(over.func.value) if of_items else self.section(over)
        name = target.elts[0] if isinstance(target, ast.Tuple) and target.elts else target
        if section and body and isinstance(name, ast.Name):
            for inner in ast.walk(body):
                if isinstance(inner, ast.Compare) and named(inner.left) == name.id:
                    for other in inner.comparators:
                        for key in texts(other) or []:
                            self.asked.add((section, key))

    def visit_Call(self, node):
        called = named(node.func)
        self.functions |= {id(node.func), id(getattr(node.func, "value", None)) if called not in ANYBODYS else 0}
        if isinstance(node.func, ast.Attribute) and node.args:
            section = self.section(node.func.value)
            if section and called in ASKS:
                self.ask(section, node.args[0])
        if called == "getattr" and len(node.args) > 1 and named(node.args[0]) == "litellm":
            self.attributes |= set(texts(node.args[1]) or [])
        if called and called not in ANYBODYS:
            for place, one in [*enumerate(node.args), *((word.arg, word.value) for word in node.keywords if word.arg)]:
                self.called |= {(called, place, text) for text in texts(one) or () if KEY.fullmatch(text)}
                if named(one):
                    self.called.add((called, place, ("named", named(one))))
        handed = [(place, self.section(one)) for place, one in enumerate(node.args)]
        handed += [(word.arg, self.section(word.value)) for word in node.keywords]
        for place, section in handed:
            if not section:
                continue
            if place is None or called in ("model_validate", "validate_python", "parse_obj"):
                model = named(node.func.value) if isinstance(node.func, ast.Attribute) and place is not None else called
                self.validated.add((section, model))
            if called and called not in ANYBODYS:
                if place is not None:
                    self.handed.add((section, called, place))
        self.generic_visit(node)

    def visit_Attribute(self, node):
        # Called ones are functions, others are read or set.
        if isinstance(node.value, ast.Name) and node.value.id == "litellm" and id(node) not in self.functions:
            self.attributes.add(node.attr)
        self.generic_visit(node)

    def visit_Subscript(self, node):
        section = self.section(node.value)
        if section and isinstance(node.ctx, ast.Load):
            self.ask(section, node.slice)
        self.generic_visit(node)

    def visit_Compare(self, node):
        for operator, other in zip(node.ops, node.comparators):
            if isinstance(operator, (ast.In, ast.NotIn)) and (section := self.section(other)):
                self.ask(section, node.left)
        self.generic_visit(node)


def flat(body):
    """Statements of a module, those below `if`, `try` and `with` too."""
    for node in body:
        yield node
        for part in ("body", "orelse", "finalbody"):
            if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                yield from flat(getattr(node, part, []))


def targets(node):
    if isinstance(node, ast.Assign):
        return [one.id for one in node.targets if isinstance(one, ast.Name)]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    return []


def texts(node):
    """The texts of a constant: one, or a tuple, list, set or dict of them."""
    if (text := constant(node)) is not None:
        return [text]
    if isinstance(node, ast.Call) and node.args and named(node.func) in ("frozenset", "set", "tuple", "list"):
        return texts(node.args[0])
    if isinstance(node, ast.Dict):
        return [text for key in node.keys if key is not None and (text := constant(key))]
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        return [text for one in node.elts for text in texts(one) or []]
    return None


def names(parameters, function, place):
    """What the functions of a name call the argument at a place."""
    for arguments in parameters.get(function, ()):
        arguments = [name for name in arguments if name not in ("self", "cls")]
        if isinstance(place, str) or place < len(arguments):
            yield place if isinstance(place, str) else arguments[place]


def by_parameter(called, parameters):
    """The texts that calls give to the parameters of functions."""
    given = {}
    for function, place, text in called:
        for name in names(parameters, function, place):
            given.setdefault((function, name), set()).add(text)
    return given


def resolve(files):
    """The keys of each section that the files of a release read, and the keys that the source does not tell."""
    values, fields, adapters, parameters = {}, {}, {}, {}
    for one in files:
        values.update(one.texts)
        adapters.update(one.adapters)
        for name, found in one.fields.items():
            before = fields.get(name, (set(), set()))
            fields[name] = (before[0] | found[0], before[1] | found[1])
        for name, found in one.parameters.items():
            parameters.setdefault(name, set()).update(found)
    keys, models, defined = {}, {}, {}
    for one in files:
        for name in one.parameters:
            defined[name] = defined.get(name, 0) + 1
    for one in files:
        own = {}
        for section, key in one.asked:
            # Functions of one name in several files: each has its own callers, beside it.
            if isinstance(key, tuple) and key[0] == "parameter" and defined[key[1]] > 1:
                own = own or by_parameter(one.called, one.parameters)
                key = ("texts", *sorted(map(str, own.get(key[1:], ()))))
            keys.setdefault(section, set()).add(key)
        for section, model in one.validated:
            models.setdefault(section, set()).add(adapters.get(model, model))

    def inherited(model, met=()):
        own, bases = fields.get(model, (set(), set()))
        return own.union(*(inherited(base, (*met, model)) for base in bases if base and base not in met))

    links, given = {}, {}
    for one in files:
        for section, function, place in one.handed:
            for name in names(parameters, function, place):
                links.setdefault(section, set()).add((function, name))
        for argument, texts in by_parameter(one.called, parameters).items():
            given.setdefault(argument, set()).update(texts)
    found, unresolved = {}, set()
    for section in (*SECTIONS, "top"):
        met, waiting, read = set(), [section], set()
        while waiting:
            here = waiting.pop()
            if here in met:
                continue
            met.add(here)
            further = links.get(here, ())
            waiting += [link for link in further if section != "top" or link[1] == "config"]
            for key in keys.get(here, ()):
                if isinstance(key, str):
                    read.add(key)
                elif key[0] in ("named", "each") and key[1] in values:
                    read.update(values[key[1]])
                elif key[0] == "texts":
                    read.update(key[1:])
                elif key[0] == "parameter" and key[1:] in given:
                    for text in given[key[1:]]:
                        read.update([text] if isinstance(text, str) else values.get(text[1], ()))
                else:
                    unresolved.add((section, str(here), str(key)))
            for model in models.get(here, ()):
                read |= inherited(model)
        found[section] = {key for key in read if KEY.fullmatch(key)}
    found["general_settings"] |= inherited("ConfigGeneralSettings")
    attributes = set().union(*(one.attributes for one in files))
    found["litellm_settings"] |= {name for name in attributes if KEY.fullmatch(name)}
    return found, unresolved
