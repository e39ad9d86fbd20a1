import Cairn

/// Counts trigrams of characters, hashed into 256 dimensions: texts that share parts of words are near each other.
///
/// A real one would run a model here, or ask a server, with as many texts in a call as `batchSize` says, and have the
/// hash of the model's weights in its version.
struct TrigramEmbedder: TextEmbedder {
  let name = "trigrams"
  let version = "1"
  let dimensions = 256

  func embed(documents: [String]) -> [[Float]] { documents.map(vector) }
  func embed(query: String) -> [Float] { vector(of: query) }

  private func vector(of text: String) -> [Float] {
    var counts = [Float](repeating: 0, count: dimensions)
    let bytes = Array(text.lowercased().utf8)
    for start in bytes.indices.dropLast(2) {
      // FNV-1a: the same on every machine and in every run, which Swift's own hashes are not.
      let hash = bytes[start..<start + 3].reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
      counts[Int(hash % UInt32(dimensions))] += 1
    }
    // Cairn scales a vector to unit length by itself. The root keeps frequent trigrams from deciding everything.
    return counts.map { $0.squareRoot() }
  }
}

/// Searches a tree with an embedder of its own: `cairn-example-embedder DIRECTORY WORD...`.
@main
struct OwnEmbedderExample {
  static func main() async throws {
    let words = CommandLine.arguments.dropFirst()
    guard words.count > 1, let directory = words.first else {
      print("usage: cairn-example-embedder DIRECTORY WORD...")
      return
    }
    var configuration = try Configuration.load(root: Path(directory))
    // An index holds the vectors of one model: this one leaves that of the `cairn` program alone.
    configuration.indexDirectory = ".cairn-trigrams"
    let workspace = try Workspace(root: Path(directory), configuration: configuration, embedder: TrigramEmbedder())
    let response = try await workspace.search(SearchRequest(words.dropFirst().joined(separator: " ")))
    for hit in response.hits.prefix(3) { print("\(hit.path):\(hit.lines.lowerBound) \(hit.snippet.first ?? "")") }
    print("model: \(try workspace.status()?.modelName ?? "none")")
  }
}
