import Chunking
import Primitives
import Segments

/// Makes queries from an index, for timing alone: what they ask for is there, so that a search has its full work.
///
/// A third are identifiers that the corpus defines, a third are the words that such identifiers are made of, a third
/// the words of two identifiers that are defined side by side. The same index and seed give the same queries.
struct QuerySampler {
  private let snapshot: IndexSnapshot
  private var random: SeededRandom

  init(_ snapshot: IndexSnapshot, seed: UInt64) {
    self.snapshot = snapshot
    random = SeededRandom(seed: seed)
  }

  /// At most `count` different queries; fewer, down to none, where the corpus defines too little.
  consuming func queries(_ count: Int) -> [String] {
    let segments = snapshot.segments.map(\.segment).filter { $0.chunkCount > 0 }
    let chunkCount = segments.reduce(0) { $0 + $1.chunkCount }
    var queries: [String] = []
    var seen: Set<String> = []
    if chunkCount == 0 { return [] }
    for _ in 0..<(count * 50) where queries.count < count {
      var number = Int.random(in: 0..<chunkCount, using: &random)
      guard
        let segment = segments.first(where: { segment in
          if number < segment.chunkCount { return true }
          number -= segment.chunkCount
          return false
        })
      else { continue }
      let chunk = segment.chunk(number)
      let names = chunk.chunk.symbols.map(\.name).filter { $0.utf8.count > 3 && $0.utf8.count < 60 && $0.first != "<" }
      let query =
        if let name = names.randomElement(using: &random) {
          switch queries.count % 3 {
          case 0: name
          case 1: words(of: name)
          default: words(of: name) + " " + words(of: names.randomElement(using: &random) ?? name)
          }
        } else if names.isEmpty, number % 8 == 0 {
          // Text and data define nothing: the words of a file's name, now and then.
          words(of: segment.file(chunk.file).path.lastComponent.description)
        } else {
          ""
        }
      if query.utf8.count > 3, seen.insert(query).inserted { queries.append(query) }
    }
    return queries
  }

  /// `parseHTTPDate`, `parse_http_date`: parse http date.
  private func words(of name: String) -> String {
    var words: [String] = [""]
    var previous: Character = " "
    for character in name {
      let isWord = character.isLetter || character.isNumber
      if !isWord || (character.isUppercase && previous.isLowercase) { words.append("") }
      if isWord { words[words.count - 1].append(character) }
      previous = character
    }
    return words.filter { $0.count > 1 }.joined(separator: " ").lowercased()
  }
}
