"""Counts tokens, and asks semble: tokens_worker.py TOKENIZER < JOB. Runs in semble's environment.

A job is JSON: `texts`, to be cut to so many tokens each, or `tree`, `questions` and `lines`, to be asked of semble.
"""
import json
import sys

from tokenizers import Tokenizer

# Tokens of the answer's frame that a result does not have by itself: the query, the brackets.
TOP = 50


def cut(tokenizer, text, limit):
    """How many tokens a text has, and as much of it as fits in `limit`."""
    encoding = tokenizer.encode(text, add_special_tokens=False)
    count = len(encoding.ids)
    return {"tokens": count, "text": text if count <= limit else text[:encoding.offsets[limit - 1][1]]}


def semble_files(tokenizer, tree, questions, lines):
    """Of each question the files that its results name, with the tokens up to the end of each result, as its tool
    prints them."""
    from semble.index import SembleIndex
    from semble.utils import format_results
    index = SembleIndex.from_path(tree)
    answers = []
    for question in questions:
        results = index.search(question, top_k=TOP, max_snippet_lines=lines)
        shape = format_results(question, results, lines, index.sources) if results else {"results": []}
        frame = {key: value for key, value in shape.items() if key != "results"}
        used = len(tokenizer.encode(json.dumps({**frame, "results": []}), add_special_tokens=False).ids)
        files = []
        for result, hit in zip(shape["results"], results, strict=True):
            used += len(tokenizer.encode(json.dumps(result) + ", ", add_special_tokens=False).ids)
            files.append([hit.chunk.file_path, used])
        answers.append(files)
    return answers


def main():
    tokenizer = Tokenizer.from_file(sys.argv[1])
    job = json.load(sys.stdin)
    if "texts" in job:
        print(json.dumps([cut(tokenizer, text, limit) for text, limit in job["texts"]]))
    else:
        print(json.dumps({str(lines): semble_files(tokenizer, job["tree"], job["questions"], lines)
                          for lines in job["lines"]}))


if __name__ == "__main__":
    main()
