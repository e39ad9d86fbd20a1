"""The PyPI package `semble`, in a virtual environment of its own under .deps/bench, its versions and hashes pinned in
semble-requirements.txt.

It needs a static model. The ones it would fetch by itself cannot be had from a package index, so it gets the table that
is built into Cairn, in the form that it expects (semble_model.py): the same 256 dimensions as its usual model's, a
vocabulary of 32,000 pieces. Its own code for walking, cutting, embedding, indexing and searching runs as published.
"""
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys

from common import ROOT, WORK, fail, say

HERE = pathlib.Path(__file__).resolve().parent
VERSION = "0.7.0"
REQUIREMENTS = HERE / "semble-requirements.txt"
VENV = WORK / "semble"
PYTHON, PROGRAM = VENV / "bin/python", VENV / "bin/semble"
MODEL = WORK / "semble-model"
WORKER, WATCH = HERE / "semble_worker.py", HERE / "watch.py"


def set_up():
    stamp = hashlib.sha256(REQUIREMENTS.read_bytes() + (HERE / "semble_model.py").read_bytes()).hexdigest()
    marker = VENV / "stamp"
    if marker.exists() and marker.read_text() == stamp and (MODEL / "config.json").exists():
        return
    say(f"setting up semble {VERSION}")
    shutil.rmtree(VENV, ignore_errors=True)
    shutil.rmtree(MODEL, ignore_errors=True)
    WORK.mkdir(parents=True, exist_ok=True)
    run([sys.executable, "-m", "venv", str(VENV)])
    run([str(PYTHON), "-m", "pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:", "--require-hashes",
         "-r", str(REQUIREMENTS)])
    exchange = WORK / "static-model.bin"
    run([sys.executable, str(ROOT / "Models/pack"), "--unpack", str(ROOT / "Models/cairn-static-v1.model"),
         str(exchange)])
    run([str(PYTHON), str(HERE / "semble_model.py"), str(exchange), str(MODEL)])
    exchange.unlink()
    marker.write_text(stamp)


def run(command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        fail(f"semble could not be set up: {' '.join(command[:4])} ...: {(done.stderr or done.stdout).strip()[-1500:]}")


def environment(cache):
    """Offline, with our model, its cache in `cache`, and as many workers as its own command line asks for."""
    return {**os.environ, "HF_HUB_OFFLINE": "1", "SEMBLE_MODEL_NAME": str(MODEL), "SEMBLE_CACHE_LOCATION": str(cache),
            "SEMBLE_INDEX_WORKERS": "4", "TOKENIZERS_PARALLELISM": "true"}
