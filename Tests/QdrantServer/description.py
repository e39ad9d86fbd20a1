"""What a server of a version takes and answers, by two descriptions of the interface.

`Models` are the models that Qdrant's own Python client is generated with from the OpenAPI description of each version:
the pinned wheels that Scripts/setup --checks unpacks. `OpenAPI` is the official description itself, where a folder
holds it (no Debian or PyPI package does); its hash is checked, so that it is the one that was meant.
"""

import ast
import hashlib
import importlib.util
import json
import pathlib
import re
import sys
import types

# The files docs/redoc/v1.N.x/openapi.json of the server's repository, as of 2026-08-08.
DESCRIPTION_HASHES = {
    "1.12": "772858fcb85e6f336e9df93dbdcd4da27c0ebfe68f96e6ed9e6052d687e649a7",
    "1.13": "3043c7a2a04f9ea8afc041d743e7df72bc33acd9b40fd6ee3e1c4143780b37e5",
    "1.14": "5bbea10a004effedfeb7c123123f157bd27913a9b26cb7dda80137871732d97b",
    "1.15": "e2fee97866500c4442fd068a22ef8d124db0bc0d3730f7ebb33d0c9b48e045b9",
    "1.16": "4c38639831b0679ed695da6d824d19f523759ed8838a5740c9683653b6afb3cc",
    "1.17": "bd544a72c0f72f9a29d11679ee29267446318a852597c420b55f7a6959d22ed6",
    "1.18": "97c619a204ff641cf2e9b477f230e065feb06959bc3be831300b3820ecf49d99",
    "1.19": "fdeae0035a6fc2afe6b881be9ec01ed0da08f670592aff823039331772782342",
}


def matching(templates, path):
    """The path template that `path` is of: of several the one with the fewest parameters."""
    found = [t for t in templates if re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(t)), path)]
    return min(found, key=lambda t: t.count("{"), default=None)


class Models:
    """Requests and answers as the client of a version has them, unknown members forbidden."""

    def __init__(self, wheel):
        root = pathlib.Path(wheel) / "qdrant_client"
        # The client's own imports want numpy and gRPC; of it only the models are used, by themselves.
        package = types.ModuleType("qdrant_client")
        package._numpy_vectors = types.ModuleType("qdrant_client._numpy_vectors")
        package._numpy_vectors.NumpyVectorsToLists = None
        sys.modules.setdefault("qdrant_client", package)
        sys.modules.setdefault("qdrant_client._numpy_vectors", package._numpy_vectors)
        name = "models_of_" + re.sub(r"\W", "_", str(root))
        spec = importlib.util.spec_from_file_location(name, root / "http/models/models.py")
        self.module = importlib.util.module_from_spec(spec)
        sys.modules[name] = self.module
        spec.loader.exec_module(self.module)
        self.adapters = {}
        self.operations = {}
        for file in (root / "http/api").glob("*_api.py"):
            for function in ast.walk(ast.parse(file.read_text())):
                if isinstance(function, ast.FunctionDef) and function.name.startswith("_build_for_"):
                    self._learn(function)

    def _learn(self, function):
        body = next(
            (
                a.annotation.attr
                for a in function.args.args
                if isinstance(a.annotation, ast.Attribute)
                # Parameters of the query are models as well, but no body.
                and a.annotation.attr not in ("ReadConsistency", "WriteOrdering", "SnapshotPriority")
            ),
            None,
        )
        for call in ast.walk(function):
            if not isinstance(call, ast.Call):
                continue
            words = {k.arg: k.value for k in call.keywords}
            if not {"type_", "method", "url"} <= words.keys():
                continue
            answer = words["type_"].attr if isinstance(words["type_"], ast.Attribute) else None
            operation = (words["method"].value, words["url"].value)
            self.operations[operation] = (body if "content" in words else None, answer)

    def _problem(self, model, document):
        from pydantic import TypeAdapter, ValidationError

        if model not in self.adapters:
            self.adapters[model] = TypeAdapter(getattr(self.module, model))
        try:
            self.adapters[model].validate_python(document)
        except ValidationError as error:
            return f"{model}: " + "; ".join(f"{e['loc']} {e['msg']}" for e in error.errors()[:4])
        return None

    def request(self, method, path, document):
        template = matching([u for m, u in self.operations if m == method], path)
        if template is None:
            return f"no operation {method} {path}"
        body, _ = self.operations[method, template]
        if (body is None) != (document is None):
            return "a body where there is none" if body is None else f"no body: {body} is wanted"
        return self._problem(body, document) if body else None

    def answer(self, method, path, status, document):
        template = matching([u for m, u in self.operations if m == method], path)
        if template is None:
            return None
        _, answer = self.operations[method, template]
        return self._problem(answer, document) if status == 200 and answer else None


class OpenAPI:
    """Requests and answers as the official description has them. Members that it does not know are wrong."""

    def __init__(self, file, version):
        text = pathlib.Path(file).read_bytes()
        if hashlib.sha256(text).hexdigest() != DESCRIPTION_HASHES[version]:
            raise SystemExit(f"qdrant_server: {file} is not the description of {version} that was meant")
        self.document = json.loads(text)

    def _resolve(self, schema):
        while "$ref" in schema:
            target = self.document
            for step in schema["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            schema = target
        return schema

    def _members(self, schema):
        """All members that an object of the schema may have; None where it may have any."""
        schema = self._resolve(schema)
        if schema.get("additionalProperties") not in (None, False):
            return None
        names = set(schema.get("properties", {}))
        for part in schema.get("allOf", []):
            more = self._members(part)
            if more is None:
                return None
            names |= more
        return names if "properties" in schema or "allOf" in schema else None

    def _check(self, schema, value, at, strict=True):
        schema = self._resolve(schema)
        if value is None and schema.get("nullable"):
            return None
        for kind in ("anyOf", "oneOf"):
            if kind in schema:
                problems = [self._check(part, value, at) for part in schema[kind]]
                if None not in problems:
                    return max(problems, key=lambda p: p.count("."))
        for part in schema.get("allOf", []):
            problem = self._check(part, value, at, strict=False)
            if problem:
                return problem
        if "enum" in schema and value not in schema["enum"]:
            return f"{at}: {value!r} is none of {schema['enum']}"
        problem = self._check_type(schema, value, at)
        if problem or not isinstance(value, dict):
            return problem
        for name in schema.get("required", []):
            if name not in value:
                return f"{at}: {name} is missing"
        properties = schema.get("properties", {})
        others = schema.get("additionalProperties")
        for name, member in value.items():
            if name in properties:
                problem = self._check(properties[name], member, f"{at}.{name}")
            elif isinstance(others, dict):
                problem = self._check(others, member, f"{at}.{name}")
            else:
                known = self._members(schema) if strict else None
                problem = f"{at}: {name} is unknown" if known is not None and name not in known else None
            if problem:
                return problem
        return None

    def _check_type(self, schema, value, at):
        kinds = {
            "object": dict,
            "array": list,
            "string": str,
            "boolean": bool,
            "integer": int,
            "number": (int, float),
        }
        wanted = kinds.get(schema.get("type"))
        if wanted and (not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool)):
            return f"{at}: {str(value)[:60]!r} is no {schema['type']}"
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if is_number and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
            return f"{at}: {value} is out of bounds"
        if isinstance(value, list):
            for i, item in enumerate(value):
                problem = self._check(schema.get("items", {}), item, f"{at}.{i}")
                if problem:
                    return problem
        return None

    def _operation(self, method, path):
        template = matching([p for p in self.document["paths"] if method.lower() in self.document["paths"][p]], path)
        return self.document["paths"][template][method.lower()] if template else None

    def request(self, method, path, document):
        operation = self._operation(method, path)
        if operation is None:
            return f"no operation {method} {path}"
        body = operation.get("requestBody")
        if (body is None) != (document is None):
            return "a body where there is none" if body is None else "no body"
        return self._check(body["content"]["application/json"]["schema"], document, "request") if body else None

    def answer(self, method, path, status, document):
        operation = self._operation(method, path)
        if operation is None:
            return None
        answers = operation["responses"]
        answer = answers.get(str(status)) or answers.get("4XX" if 400 <= status < 500 else "default") or {}
        schema = answer.get("content", {}).get("application/json", {}).get("schema")
        return self._check(schema, document, "answer") if schema else None


def descriptions(version, models, folder):
    """All that is there to judge an interface of `version` by: the models of the newest version that is not newer."""
    judges = []
    if models:
        wheels = {tuple(map(int, w.name.split("."))): w for w in pathlib.Path(models).iterdir() if w.is_dir()}
        wanted = tuple(map(int, version.split(".")))
        exact = [v for v in wheels if v[:2] == wanted]
        if exact:
            judges.append(("models", Models(wheels[max(exact)])))
    if folder and version in DESCRIPTION_HASHES:
        judges.append(("openapi", OpenAPI(pathlib.Path(folder) / f"{version}.json", version)))
    return judges
