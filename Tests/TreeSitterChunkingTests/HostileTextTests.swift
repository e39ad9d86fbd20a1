import Chunking
import Foundation
import Inspection
import Primitives
import Testing
import TreeSitterChunking

@Suite struct HostileTextTests {
  private let parser = TreeSitterParser()

  @Test func `random bytes in every language are covered`() {
    let chunker = Chunker(parser: parser)
    for (index, name) in TreeSitterParser.grammarNames.enumerated() {
      var random = SeededRandom(seed: UInt64(index))
      let noise = (0..<600).map { _ in UInt8.random(in: 0...255, using: &random) }
      let marks = Array("(){}[]<>\"'`#\n\n  \t;:,.=+-*/\\|&!?$@%^~abc019\r\0\u{FF}".utf8)
      let punctuation = (0..<1200).map { _ in marks.randomElement(using: &random)! }
      for bytes in [noise, punctuation] {
        let chunks = chunker.chunks(of: bytes.span, in: Language(name: name, kind: .code))
        #expect(isWhole(chunks, of: bytes), "\(name)")
      }
    }
  }

  @Test(arguments: GoldenOutlineTests.fixtures) func `mutations of a fixture are covered`(fixture: String) {
    let language = GoldenOutlineTests.language(of: fixture)
    let original = GoldenOutlineTests.read(fixture)
    let chunker = Chunker(parser: parser, targetByteCount: 200)
    for seed in 0..<25 {
      var random = SeededRandom(seed: UInt64(seed))
      var bytes = original
      for _ in 0..<Int.random(in: 1...6, using: &random) where !bytes.isEmpty {
        let at = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...30, using: &random)))
        case 2: bytes.insert(contentsOf: original[0..<min(at, original.count)], at: at)
        case 3: bytes.removeSubrange(at...)
        default: bytes.insert(contentsOf: [UInt8](repeating: bytes[at], count: 40), at: at)
        }
      }
      #expect(isWhole(chunker.chunks(of: bytes.span, in: language), of: bytes), "seed \(seed)")
    }
  }

  @Test func `every thread gets the same chunks`() async {
    let chunker = Chunker(parser: parser, targetByteCount: 300)
    let files = GoldenOutlineTests.fixtures.map { (GoldenOutlineTests.read($0), GoldenOutlineTests.language(of: $0)) }
    let expected = files.map { (bytes, language) in chunker.chunks(of: bytes.span, in: language) }
    await withTaskGroup(of: Bool.self) { group in
      for worker in 0..<8 {
        group.addTask {
          for index in files.indices {
            let at = (index * 7 + worker * 13) % files.count
            let (bytes, language) = files[at]
            let chunks = chunker.chunks(of: bytes.span, in: language)
            if chunks != expected[at] { return false }
          }
          return true
        }
      }
      for await isSame in group { #expect(isSame) }
    }
  }

  @Test func `a name that is not UTF-8 is repaired`() throws {
    let bytes = Array("def caf".utf8) + [0xC3, 0xA9, 0xFF] + Array("x(): pass\ndef g(): pass\n".utf8)
    let outline = parser.outline(of: bytes.span, in: Language(name: "python", kind: .code))
    let names = try #require(outline).nodes.compactMap(\.symbol?.name)
    #expect(names.contains("g"))
  }

  @Test func `a name of a megabyte is cut short`() throws {
    let bytes = Array("def ".utf8) + [UInt8](repeating: 97, count: 1_000_000) + Array("(): pass\n".utf8)
    let outline = parser.outline(of: bytes.span, in: Language(name: "python", kind: .code))
    #expect(try #require(outline).nodes.compactMap(\.symbol?.name.utf8.count) == [160])
  }
}
