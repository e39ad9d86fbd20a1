"""Asks semble in one process: semble_asked.py TREE < QUESTIONS. Runs in its environment. Prints the files of each
question's chunks, best first, as a JSON list of lists."""
import json
import os
import sys

from semble.index import SembleIndex
from semble.index.dense import load_model


def main():
    tree = sys.argv[1]
    questions = [line.rstrip("\n") for line in sys.stdin if line.strip()]
    load_model(os.environ["SEMBLE_MODEL_NAME"])
    index = SembleIndex.from_path(tree)
    print(json.dumps([[r.chunk.file_path for r in index.search(q, top_k=30)] for q in questions]))


if __name__ == "__main__":
    # Indexing starts workers that import this file again.
    main()
