import Chunking
import Inspection
import Primitives
import Segments

/// Prepared files made from a seed: words of a Zipf-like vocabulary, symbols, vectors. The same for the same seed.
struct SyntheticCorpus {
  var files: [PreparedFile] = []
  var dimensions: Int
  var vocabulary: [String] = []

  init(seed: UInt64, fileCount: Int, chunksPerFile: ClosedRange<Int> = 0...6, dimensions: Int = 40) {
    self.dimensions = dimensions
    var random = SeededRandom(seed: seed)
    let stems = [
      "parse", "Token", "read", "buffer", "Index", "node", "tree", "hash", "utf8", "x", "HTTPServer", "größe",
    ]
    vocabulary = (0..<400).map { i in
      let a = stems[i % stems.count]
      let b = stems[(i / stems.count) % stems.count]
      return i < stems.count
        ? a : i % 3 == 0 ? "\(a)_\(b)" : i % 3 == 1 ? "\(a)\(b.prefix(1).uppercased())\(b.dropFirst())" : "\(a)\(i)"
    }
    let analyzer = Analyzer()
    let languages = [
      Language(name: "swift", kind: .code), Language(name: "python", kind: .code),
      Language(name: "markdown", kind: .prose),
    ]
    var paths = Set<String>()
    while paths.count < fileCount {
      let directory = ["src", "src/core", "tests", "docs/ümlaut", "lib with space"].randomElement(using: &random)!
      paths.insert(
        "\(directory)/\(vocabulary[Int.random(in: 0..<vocabulary.count, using: &random)])\(paths.count).swift")
    }
    for path in paths.map({ FilePath($0) }).sorted() {
      // Depends on the path alone, so that any division into segments gives a file the same content.
      var random = SeededRandom(seed: seed ^ ContentHash(of: path.bytes.span).low)
      var text: [UInt8] = []
      var chunks: [Chunk] = []
      var line = 1
      for c in 0..<Int.random(in: chunksPerFile, using: &random) {
        let start = text.count
        let lineCount = Int.random(in: 1...12, using: &random)
        var symbols: [Symbol] = []
        for l in 0..<lineCount {
          for _ in 0..<Int.random(in: 0...6, using: &random) {
            let rank = Int(
              Double(vocabulary.count) * Double.random(in: 0..<1, using: &random)
                * Double.random(in: 0..<1, using: &random))
            text.append(contentsOf: Array(vocabulary[rank].utf8) + [UInt8(ascii: " ")])
          }
          text.append(UInt8(ascii: "\n"))
          if Bool.random(using: &random) {
            let name = vocabulary.randomElement(using: &random)!
            symbols.append(
              Symbol(
                kind: Symbol.Kind.allCases.randomElement(using: &random)!, name: name,
                enclosing: Array(["Outer", "inner", "Größe"].prefix(Int.random(in: 0...3, using: &random))),
                line: line + l))
          }
        }
        chunks.append(
          Chunk(
            bytes: start..<text.count, lines: line...(line + lineCount - 1), symbols: symbols,
            context: c % 3 == 1 ? Symbol(kind: .function, name: "around\(c)", enclosing: ["Outer"], line: 1) : nil))
        line += lineCount
      }
      files.append(
        PreparedFile(
          path: path, language: languages.randomElement(using: &random)!, contentHash: ContentHash(of: text.span),
          chunks: chunks.map { chunk in
            PreparedChunk(
              chunk: chunk, contentHash: ContentHash(of: text.span.extracting(chunk.bytes)),
              vector: QuantisedVector(Self.unitVector(dimensions, &random)[...]))
          }, terms: analyzer.terms(of: chunks, in: text.span, path: path)))
    }
  }

  static func unitVector(_ dimensions: Int, _ random: inout SeededRandom) -> [Float] {
    let raw = (0..<dimensions).map { _ in Float.random(in: -1...1, using: &random) }
    let norm = raw.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return norm > 0 ? raw.map { $0 / norm } : raw
  }

  /// The files of `indices` as one segment at `path`.
  func write(_ indices: some Sequence<Int>, to path: FilePath) throws -> Segment {
    var builder = SegmentBuilder(dimensions: dimensions)
    for i in indices { _ = builder.add(files[i]) }
    _ = try builder.write(to: path)
    return try Segment(opening: path)
  }

  var chunks: [PreparedChunk] { files.flatMap(\.chunks) }

  func query(_ random: inout SeededRandom, count: Int) -> LexicalQuery {
    LexicalQuery(
      clauses: (0..<count).flatMap { _ in
        let analyzer = Analyzer()
        let name = vocabulary.randomElement(using: &random)!
        let weight = Float(Int.random(in: 1...8, using: &random)) / 4
        return [analyzer.definition(of: name)].map { LexicalQuery.Clause(term: $0, weight: weight * 2) }
          + analyzer.words(of: name).map { LexicalQuery.Clause(term: Term($0), weight: weight) }
      })
  }
}

extension QuantisedVector {
  /// What a segment gives back for it: the components over their length.
  var unitVector: [Float] {
    let square = components.reduce(0) { $0 + Int($1) * Int($1) }
    let factor = square > 0 ? 1 / Float(square).squareRoot() : 0
    return components.map { Float($0) * factor }
  }
}
