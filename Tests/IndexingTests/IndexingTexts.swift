import Indexing
import Primitives
import TestSupport

extension IndexRunReport {
  var skippedCount: Int { skipped.values.reduce(0, +) }
  var addsUp: Bool { filesSeen == filesIndexed + filesUnchanged + skippedCount }
}

/// Text of about `byteCount` bytes, of the words by which live chunks are compared.
func text(_ byteCount: Int, _ random: inout SeededRandom) -> String {
  var text = ""
  while text.utf8.count < byteCount {
    text += LiveChunk.words.randomElement(using: &random)! + (Int.random(in: 0..<6, using: &random) == 0 ? "\n" : " ")
  }
  return text + "\n"
}
