"""The list of what is inside, as CycloneDX 1.6 in JSON."""

import hashlib
import json
import time
import urllib.parse
import uuid

import parts
import project

MODEL = "cairn-static-v1@1"


def identifier(part: parts.Part) -> str:
    repository = part.source.removeprefix("https://github.com/")
    if repository != part.source:
        return f"pkg:github/{repository.lower()}@{urllib.parse.quote(part.version)}"
    return f"pkg:generic/{part.name}@{urllib.parse.quote(part.version)}"


def license_of(name: str) -> list[dict[str, object]]:
    return [{"expression": name}] if " " in name else [{"license": {"id": name}}]


def component(part: parts.Part) -> dict[str, object]:
    place = identifier(part)
    return {
        "type": "library",
        "bom-ref": f"{part.name}@{part.version}",
        "name": part.name,
        "version": part.version,
        "licenses": license_of(part.license),
        "purl": place,
        "externalReferences": [{"type": "vcs" if "github.com" in part.source else "website", "url": part.source}],
    }


def model() -> dict[str, object]:
    """The built-in model, which is Cairn's own: what it was trained on is listed beside it."""
    data = (project.ROOT / "Models/cairn-static-v1.model").read_bytes()
    return {
        "type": "machine-learning-model",
        "bom-ref": MODEL,
        "name": "cairn-static-v1",
        "version": "1",
        "description": "Static embedding of code, trained for Cairn from random initialisation. Models/README.md says "
        "how, Models/provenance.csv names the repositories of its training data with their licences.",
        "licenses": license_of(project.LICENSE),
        "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(data).hexdigest()}],
    }


def document(program: bytes, inside: list[parts.Part]) -> bytes:
    digest = hashlib.sha256(program).hexdigest()
    reference = f"{project.PACKAGE}@{project.version()}"
    out = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, digest)}",
        "version": 1,
        "metadata": {
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(project.moment())),
            "component": {
                "type": "application",
                "bom-ref": reference,
                "name": project.PACKAGE,
                "version": project.version(),
                "description": project.SUMMARY,
                "licenses": license_of(project.LICENSE),
                "hashes": [{"alg": "SHA-256", "content": digest}],
                "purl": f"pkg:pypi/{project.PACKAGE}@{project.version()}",
            },
            "properties": [{"name": "cairn:commit", "value": project.commit()}],
        },
        "components": [*(component(part) for part in inside), model()],
        "dependencies": [
            {"ref": reference, "dependsOn": [*(f"{part.name}@{part.version}" for part in inside), MODEL]},
        ],
    }
    return (json.dumps(out, indent=2, ensure_ascii=False) + "\n").encode()
