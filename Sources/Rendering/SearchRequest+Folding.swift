package import Cairn
import Retrieval
import Segments

// How a door finds the words of a query in what it shows.

extension SearchRequest {
  /// The UTF-8 of `text` as the index compares it: one form for all spellings, whatever case, marks and width.
  package static func folded(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    return FoldedText.plain(bytes.span)
  }

  /// The same of a line, and of each byte where the character that it is of begins in the line; -1 inside of a
  /// character.
  package static func foldedCharacters(_ line: String) -> (bytes: [UInt8], starts: [Int]) {
    let bytes = Array(line.utf8)
    let folded = FoldedLine(bytes.span)
    return (folded.bytes, folded.starts)
  }
}
