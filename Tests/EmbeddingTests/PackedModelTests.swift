import Disk
import Embedding
import Foundation
import Primitives
import TestSupport
import Testing

/// The packed file: that nothing of the exchange file is lost, and that damage gives errors.
@Suite struct PackedModelTests {
  @Test func `the file that training wrote can be had back from the packed one`() throws {
    let reference = try ReferenceModel(packedModel)
    let file = reference.exchangeFile
    var hash = SHA256()
    hash.update(file.span)
    let digest = hash.digest()
    let text = SHA256.hash(of: file.span)
    #expect(text == "bc13f38ace018eacedf15c6bb8212c3c90b5aae95d1c197eab8e048f015a38eb")
    #expect(reference.contentHash == Array(digest.prefix(16)))
    #expect(try StaticModel.builtIn().identity.contentHash.description == text.prefix(32))
  }

  @Test func `the built-in model is the file in Models`() throws {
    let builtIn = try StaticModel.builtIn()
    let file = try StaticModel(opening: packedModel)
    try builtIn.verify()
    try file.verify()
    #expect(builtIn.identity == file.identity)
    #expect(builtIn.identity.name == "cairn-static-v1")
    #expect(builtIn.identity.dimensions == 256)
    #expect(try builtIn.embed(query: "open a socket") == file.embed(query: "open a socket"))
  }

  @Test func `fewer dimensions are another identity, and only those that training asked for`() throws {
    #expect(try StaticModel.builtIn(dimensions: 256).identity == StaticModel.builtIn().identity)
    #expect(try StaticModel.builtIn(dimensions: 128).identity.dimensions == 128)
    #expect(try StaticModel.builtIn(dimensions: 128).identity.name == "cairn-static-v1/128")
    #expect(try StaticModel(opening: smallModel, dimensions: 64).identity.dimensions == 64)
    for dimensions in [-64, 0, 1, 192, 512] {
      #expect { try StaticModel.builtIn(dimensions: dimensions) } throws: { ($0 as? Failure)?.code == .invalidArgument }
    }
  }

  @Test func `a model of format 1 opens`() throws {
    let model = try StaticModel(opening: smallModel)
    try model.verify()
    #expect(model.identity.name == "tiny")
    #expect(model.identity.contentHash.description == "70a6ef474abeb94786a0290c2d1dc278")
    #expect(try model.pieces(of: Array("parserSetting64".utf8).span) == ["parser", "set", "##t", "##ing", "64"])
    #expect(
      try model.pieces(of: Array("abcdefghijklmnopqrstuvwxyzabcdefgh".utf8).span) == [
        "abcdefghijklmnopqrstuvwxyzabcdef"
      ])
  }

  @Test func `a missing file, another file and another format are told apart`() throws {
    let tree = try TemporaryTree()
    var bytes = try readFile(smallModel).bytes
    func code(_ bytes: [UInt8]) throws -> Failure.Code? { try open(bytes, in: tree)?.code }
    #expect(throws: Failure.self) { try StaticModel(opening: tree.root.appending("missing")) }
    #expect(try code([]) == .damaged)
    #expect(try code(Array("#!/bin/sh\n".utf8)) == .wrongFormat)
    #expect(try code(Array("CAIRN".utf8)) == .damaged)
    #expect(try code(bytes + [0]) == .damaged)
    bytes[8] = 0
    #expect(try code(bytes) == .unsupportedVersion)
    bytes[8] = 2
    #expect(try code(bytes) == .unsupportedVersion)
    #expect(try open(bytes, in: tree)?.path == tree.root.appending("model"))
  }

  @Test func `a model cut off anywhere does not open`() throws {
    let tree = try TemporaryTree()
    let bytes = try readFile(smallModel).bytes
    let counts = Array(0..<300) + Array(stride(from: 300, to: bytes.count, by: 61)) + [bytes.count - 1]
    for count in counts { #expect(try open(Array(bytes.prefix(count)), in: tree)?.code == .damaged, "\(count) bytes") }
  }

  @Test func `a flipped bit is found by verifying and never leads outside of the file`() throws {
    let tree = try TemporaryTree()
    let bytes = try readFile(smallModel).bytes
    let text = Array("parseHTTPHeader setting get20 abcdefghijklmnopqrstuvwxyzabcdef zzz 99 8 Q".utf8)
    var random = SeededRandom(seed: 4)
    var (opened, refused) = (0, 0)
    // Every bit of the header, then bits all over the file, most of them in the trie and the scales.
    let bits = Array(0..<1024) + (0..<400).map { _ in Int.random(in: 1024..<(8 * bytes.count), using: &random) }
    for bit in bits + (0..<800).map({ _ in Int.random(in: 1024..<(8 * 1600), using: &random) }) {
      var damaged = bytes
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      try tree.replace("model", damaged)
      do {
        let model = try StaticModel(opening: tree.root.appending("model"))
        opened += 1
        #expect(throws: Failure.self, "bit \(bit)") { try model.verify() }
        let vector = try model.embed(text.span, pieces: [text.indices], path: "parse/get.c")
        #expect(vector.allSatisfy { $0.isFinite })
        _ = try model.embed(query: "parse the header")
      } catch {
        refused += 1
        #expect([.damaged, .wrongFormat, .unsupportedVersion].contains(error.code), "bit \(bit): \(error)")
      }
    }
    #expect(opened > 800 && refused > 100)
  }

  @Test func `a row that the model does not have is an error when a word leads there`() throws {
    let tree = try TemporaryTree()
    var bytes = try readFile(smallModel).bytes
    // The upper 22 bits of every slot: the row + 1 of the piece that ends there.
    let slotCount = (0..<4).reduce(0) { $0 | Int(bytes[36 + $1]) << (8 * $1) }
    for slot in 0..<slotCount {
      bytes[128 + 8 * slot + 6] = 0xFF
      bytes[128 + 8 * slot + 7] = 0x7F
    }
    try tree.replace("model", bytes)
    let model = try StaticModel(opening: tree.root.appending("model"))
    let text = Array("parse".utf8)
    #expect { try model.embed(text.span, pieces: [0..<5], path: "") } throws: { ($0 as? Failure)?.code == .damaged }
    #expect { try model.embed(query: "parse") } throws: { ($0 as? Failure)?.code == .damaged }
  }

  @Test func `a model of noise behind a good header never leads outside of the file`() throws {
    let tree = try TemporaryTree()
    let bytes = try readFile(smallModel).bytes
    let text = Array("parseHTTPHeader setting get20 zzz 99 8 Q".utf8)
    var random = SeededRandom(seed: 5)
    for _ in 0..<300 {
      var damaged = bytes
      for i in 128..<damaged.count where Bool.random(using: &random) {
        damaged[i] = .random(in: 0...255, using: &random)
      }
      try tree.replace("model", damaged)
      let model = try StaticModel(opening: tree.root.appending("model"))
      if let vector = try? model.embed(text.span, pieces: [text.indices], path: "parse/get.c") {
        #expect(vector.allSatisfy { $0.isFinite })
      }
    }
  }

  @Test(.enabled(if: hasPython, "the script needs Python 3"))
  func `the packing script undoes what it does`() throws {
    let tree = try TemporaryTree()
    let (exchange, packed) = (tree.root.appending("exchange"), tree.root.appending("packed"))
    try pack(["--unpack", smallModel.description, exchange.description])
    let content = try readFile(exchange).bytes
    let hash = SHA256.hash(of: content.span)
    try pack(["--name", "tiny", "--sha256", hash, exchange.description, packed.description])
    #expect(try readFile(packed).bytes == readFile(smallModel).bytes)
  }

  private func open(_ bytes: [UInt8], in tree: TemporaryTree) throws -> Failure? {
    try tree.replace("model", bytes)
    do {
      _ = try StaticModel(opening: tree.root.appending("model"))
      return nil
    } catch {
      return error
    }
  }

  private func pack(_ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", repository.appending("Models/pack").description] + arguments
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }
}

private let hasPython: Bool = {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = ["python3", "-c", ""]
  process.standardError = FileHandle.nullDevice
  guard (try? process.run()) != nil else { return false }
  process.waitUntilExit()
  return process.terminationStatus == 0
}()

extension TemporaryTree {
  /// Writes a file anew, without making it durable: these tests write thousands.
  fileprivate func replace(_ name: String, _ content: [UInt8]) throws {
    try Data(content).write(to: URL(fileURLWithPath: root.appending(name).description))
  }
}
