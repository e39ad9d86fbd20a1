"""Writes a static embedding in the form that model2vec reads: semble_model.py EXCHANGE FOLDER. Runs in semble's
environment.

EXCHANGE is the table as Models/README.md describes it: pieces, a scale for each row, int8 rows. A document's scale goes
into its row; the tokenizer is WordPiece over lower-cased words and numbers, with the same pieces.
"""
import pathlib
import struct
import sys

import numpy as np
from model2vec import StaticModel
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

data = pathlib.Path(sys.argv[1]).read_bytes()
magic, version, rows, dimensions, byte_count = struct.unpack_from("<4s4I", data)
if magic != b"SEMB" or version != 1:
    sys.exit("semble_model: not an exchange file of version 1")
offset = 20
pieces = data[offset:offset + byte_count].decode().split("\n")
offset += byte_count
scales = np.frombuffer(data, "<f2", rows, offset).astype(np.float32)
offset += 4 * rows
table = np.frombuffer(data, "i1", rows * dimensions, offset).reshape(rows,
                                                                     dimensions).astype(np.float32) * scales[:, None]

vocabulary = {piece: number for number, piece in enumerate(pieces)}
unknown = "[UNK]"
if unknown not in vocabulary:
    vocabulary[unknown] = len(vocabulary)
    table = np.vstack([table, np.zeros((1, dimensions), np.float32)])
tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token=unknown, max_input_chars_per_word=64))
# Words end where the case changes, as in the rules of the table, so the case must be there until they are cut.
tokenizer.normalizer = normalizers.Sequence([
    normalizers.Replace(Regex("([A-Z]+)(?=[A-Z][a-z])"), "\\1 "),
    normalizers.Replace(Regex("(?<=[a-z])(?=[A-Z])"), " "),
    normalizers.Lowercase(),
])
tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex("[a-z]+|[0-9]+"), "removed", invert=True)
StaticModel(table, tokenizer, config={"normalize": True}).save_pretrained(sys.argv[2])

model = StaticModel.from_pretrained(sys.argv[2])
a, b, c = model.encode(["parse a date", "def parse_date(text):", "allocate a page of memory"])
if not float(a @ b) > float(a @ c):
    sys.exit("semble_model: the model that was written makes no sense")
