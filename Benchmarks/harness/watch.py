"""Runs a command with its standard input and output as they are, and adds its peaks of memory to the JSON object that
it prints."""
import json
import subprocess
import sys

from common import Sampler

process = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE)
sampler = Sampler(process.pid)
output = process.stdout.read()
code = process.wait()
own, resident = sampler.finish()
if code != 0:
    sys.exit(code)
print(json.dumps({**json.loads(output), "own_bytes": own, "resident_bytes": resident}))
