import Disk
import Embedding
import Foundation
import Primitives
import Testing

/// The model against its slow twin.
@Suite struct ReferenceTests {
  @Test(arguments: [packedModel, smallModel])
  func `random bytes fall into the pieces that the rules say`(path: FilePath) throws {
    let model = try StaticModel(opening: path)
    let reference = try ReferenceModel(path)
    var random = SeededRandom(seed: 1)
    for round in 0..<400 {
      let bytes = randomBytes(Int.random(in: 0..<300, using: &random), &random)
      let pieces = reference.words(bytes).flatMap { reference.pieces(ofWord: $0) }
      let expected = pieces.map { String(decoding: $0, as: UTF8.self) }
      try #require(try model.pieces(of: bytes.span) == expected, "round \(round): \(bytes)")
    }
  }

  @Test func `the files of this repository fall into the pieces that the rules say`() throws {
    let model = try StaticModel.builtIn()
    let reference = try ReferenceModel(packedModel)
    let files = try sourceFiles()
    #expect(files.count > 20)
    for file in files.prefix(60) {
      let bytes = try readFile(file).bytes
      let pieces = reference.words(bytes).flatMap { reference.pieces(ofWord: $0) }
      #expect(try model.pieces(of: bytes.span) == pieces.map { String(decoding: $0, as: UTF8.self) }, "\(file)")
    }
  }

  @Test func `words that lie across the parts of a long text are whole, and longer ones are one`() throws {
    let model = try StaticModel.builtIn()
    let reference = try ReferenceModel(packedModel)
    var random = SeededRandom(seed: 5)
    let words = ["parseHTTPHeader", "x", "BUFFER", "12345", "2024", "Größe", "readBuffer9", "ABc", "_", "a1B2"]
    for round in 0..<12 {
      var text = ""
      while text.utf8.count < 7000 {
        text += words.randomElement(using: &random)! + ["", " ", "_", "\n"].randomElement(using: &random)!
      }
      // Runs that fill a part and more.
      if round % 3 == 0 { text += String(repeating: ["a", "A", "7"][round / 3 % 3], count: 5000) + "Tail end" }
      let bytes = Array(text.utf8)
      let vector = try model.embed(bytes.span, pieces: [bytes.indices], path: "a/b.c")
      let expected = reference.vector(document: bytes, path: "a/b.c", dimensions: 256)
      let deviation = zip(vector, expected).map { abs(Double($0) - $1) }.max() ?? 0
      #expect(deviation < 1e-6, "round \(round)")
    }
  }

  @Test func `what a model has seen before changes no vector`() throws {
    let used = try StaticModel.builtIn()
    var random = SeededRandom(seed: 6)
    for round in 0..<30 {
      let bytes = randomBytes(3000, &random)
      let pieces = [0..<1000, 500..<3000]
      let vectors = try used.embed(bytes.span, pieces: pieces, path: "some/file.c")
      #expect(try StaticModel.builtIn().embed(bytes.span, pieces: pieces, path: "some/file.c") == vectors, "\(round)")
    }
  }

  @Test(arguments: [256, 128, 64])
  func `the pieces of random files have the vectors that the rules say`(dimensions: Int) throws {
    let model = try StaticModel.builtIn(dimensions: dimensions)
    let reference = try ReferenceModel(packedModel)
    let paths = [
      "", "a", "Sources/Net/HTTPClient.swift", "a/b/c/d/e/parseHeader.tar.gz", ".hidden", "dir.with.dots/file",
      "no/dot/here",
      "/usr/lib//x.c", "a/b/c/d/", "./GraphIndex.go", "....", "é/naïve.py",
    ]
    var random = SeededRandom(seed: 2)
    for path in paths {
      let bytes = randomBytes(Int.random(in: 1..<6000, using: &random), &random)
      // Pieces of any size, empty ones, overlapping ones, in any order.
      let pieces = (0..<5).map { _ in
        let ends = [Int.random(in: 0...bytes.count, using: &random), Int.random(in: 0...bytes.count, using: &random)]
        return ends.min()!..<ends.max()!
      }
      let vectors = try model.embed(bytes.span, pieces: pieces + [0..<0, bytes.indices], path: FilePath(path))
      for (number, piece) in (pieces + [0..<0, bytes.indices]).enumerated() {
        let expected = reference.vector(document: Array(bytes[piece]), path: path, dimensions: dimensions)
        let vector = vectors[(number * dimensions)..<((number + 1) * dimensions)]
        let deviation = zip(vector, expected).map { abs(Double($0) - $1) }.max() ?? 0
        #expect(deviation < 1e-6, "\(path), piece \(number)")
      }
    }
  }

  @Test(arguments: [256, 128, 64])
  func `questions have the vectors that the rules say`(dimensions: Int) throws {
    let model = try StaticModel.builtIn(dimensions: dimensions)
    let reference = try ReferenceModel(packedModel)
    let questions = [
      "", "where is the retry limit set?", "parse parse parse", String(repeating: "HTTPServer42 ", count: 700),
    ]
    for question in questions {
      let expected = reference.vector(query: question, dimensions: dimensions)
      let deviation = zip(try model.embed(query: question), expected).map { abs(Double($0) - $1) }.max() ?? 0
      // Adding the same few rows hundreds of times rounds the same way each time.
      #expect(deviation < 1e-5, "\(question.prefix(40))")
    }
  }

  @Test func `a word that occurs often weighs no more than 255 times`() throws {
    let model = try StaticModel(opening: smallModel)
    let reference = try ReferenceModel(smallModel)
    for count in [254, 255, 256, 1000] {
      let text = Array((String(repeating: "parse ", count: count) + "header").utf8)
      let expected = reference.vector(document: text, path: "", dimensions: 128)
      let vector = try model.embed(text.span, pieces: [text.indices], path: "")
      #expect(zip(vector, expected).allSatisfy { abs(Double($0) - $1) < 1e-6 })
    }
  }

  @Test func `a file with more words than a table keeps is embedded piece by piece as if alone`() throws {
    let model = try StaticModel.builtIn()
    var random = SeededRandom(seed: 3)
    var bytes: [UInt8] = []
    for _ in 0..<60_000 {
      bytes +=
        (0..<Int.random(in: 1...40, using: &random)).map { _ in UInt8.random(in: 97...122, using: &random) } + [10]
    }
    let pieces = stride(from: 0, to: bytes.count, by: bytes.count / 5).map {
      $0..<min($0 + bytes.count / 5, bytes.count)
    }
    let together = try model.embed(bytes.span, pieces: pieces, path: "x")
    let alone = try pieces.flatMap { try model.embed(bytes.span, pieces: [$0], path: "x") }
    #expect(together == alone)
  }
}
