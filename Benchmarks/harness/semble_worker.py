"""Times semble in one process: semble_worker.py TREE FOLDER ROUNDS < QUESTIONS. Runs in its environment.

Imports, the model and the first call of each are not counted. Prints JSON: seconds to index and save, seconds of each
search, files and chunks.
"""
import json
import os
import sys
import time
from pathlib import Path

from semble.index import SembleIndex
from semble.index.dense import load_model


def main():
    tree, folder, rounds = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    questions = [line.rstrip("\n") for line in sys.stdin if line.strip()]
    load_model(os.environ["SEMBLE_MODEL_NAME"])[0].encode(["warm up"])
    began = time.perf_counter()
    index = SembleIndex.from_path(tree)
    index.save(folder)
    seconds = time.perf_counter() - began
    searches = []
    for question in questions:
        index.search(question, top_k=10)
        for _ in range(rounds):
            began = time.perf_counter()
            index.search(question, top_k=10)
            searches.append(time.perf_counter() - began)
    stats = index.stats
    print(json.dumps({"index_seconds": seconds, "search_seconds": searches, "files": stats.indexed_files,
                      "chunks": stats.total_chunks}))


if __name__ == "__main__":
    # Indexing starts workers that import this file again.
    main()
