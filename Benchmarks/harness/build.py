"""Builds what is measured: the program, and the program that measures parts of it."""
import subprocess

from common import ROOT, fail


def add_arguments(parser):
    pass


def run(options):
    script = (". Scripts/environment && Scripts/build && "
              "swift build \"${CAIRN_RELEASE[@]}\" --product cairn-benchmarks && "
              "Scripts/portable/link cairn-benchmarks")
    if subprocess.run(["bash", "-c", script], cwd=ROOT, check=False).returncode != 0:
        fail("the programs could not be built: the lines above say why")
