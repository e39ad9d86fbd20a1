import Disk
import Foundation
import Primitives
import TestSupport

let packedModel = repository.appending("Models/cairn-static-v1.model")
/// A model of 87 pieces and 128 dimensions in format 1. It is opened for ever.
let smallModel = repository.appending("Tests/Fixtures/formats/static-model-1.model")

/// One line of `vectors.jsonl`: what the model's trainer says a text's vector is.
struct PublishedCase: Decodable {
  var kind: String
  var text: String
  var path: String?
  var pieces: [String]?
  var vector: [Double]

  static func all() throws -> [PublishedCase] {
    let lines = try readFile(repository.appending("Tests/Fixtures/embedding/vectors.jsonl")).bytes
    return try lines.split(separator: UInt8(ascii: "\n")).map { line in
      try JSONDecoder().decode(PublishedCase.self, from: Data(line))
    }
  }
}

/// The Swift and C files of this repository.
func sourceFiles() throws -> [FilePath] {
  var files: [FilePath] = []
  var directories = [repository.appending("Sources"), repository.appending("Tests")]
  while let directory = directories.popLast() {
    for entry in try listDirectory(directory) {
      let path = directory.appending(entry.name)
      let status = try FileStatus(of: path, followsLinks: false)
      if status.kind == .directory { directories.append(path) }
      if status.kind == .file, [FilePath("swift"), "c", "h"].contains(path.fileExtension) { files.append(path) }
    }
  }
  return files.sorted()
}

/// Bytes that look like code more often than chance would have it, and like nothing at all now and then.
func randomBytes(_ count: Int, _ random: inout SeededRandom) -> [UInt8] {
  let common = ["parse", "HTTP", "Header", "get", "9", "2025", "12345", "_", " ", "\n", "x", "Q", "é", "setUp", "URLs"]
  var bytes: [UInt8] = []
  while bytes.count < count {
    switch Int.random(in: 0..<8, using: &random) {
    case 0: bytes.append(UInt8.random(in: .min ... .max, using: &random))
    case 1: bytes.append(UInt8.random(in: UInt8(ascii: "0")...UInt8(ascii: "z"), using: &random))
    case 2:
      bytes += (0..<Int.random(in: 1..<80, using: &random)).map { _ in UInt8.random(in: 97...122, using: &random) }
    case 3: bytes += (0..<Int.random(in: 1..<80, using: &random)).map { _ in UInt8.random(in: 65...90, using: &random) }
    default: bytes += Array(common.randomElement(using: &random)!.utf8)
    }
  }
  return Array(bytes.prefix(count))
}
