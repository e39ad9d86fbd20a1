import Disk
import Foundation
import Primitives
import Testing
import Tokenizing

/// The comparison on a million lines. Runs only where `CAIRN_TOKENIZERS` names the folder that
/// `Scripts/tokenizer-parity export` wrote: `texts`, and for each tokenizer `NAME.json` and the reference's `NAME.ids`.
/// Both are rows of little-endian numbers of 32 bits: a count, then so many bytes or tokens.
@Suite struct TokenizerParityTests {
  private static let folder = ProcessInfo.processInfo.environment["CAIRN_TOKENIZERS"].map { FilePath($0) }

  private static func names() throws -> [String] {
    guard let folder else { return [] }
    return try listDirectory(folder).map { $0.name.description }.filter { $0.hasSuffix(".ids") }
      .map { String($0.dropLast(4)) }.sorted()
  }

  @Test(.enabled(if: folder != nil), arguments: try names())
  func `every number is the reference's`(name: String) throws {
    let folder = try #require(Self.folder)
    let tokenizer = try Tokenizer(opening: folder.appending("\(name).json"))
    let texts = try readFile(folder.appending("texts")).bytes
    let ids = try readFile(folder.appending("\(name).ids")).bytes
    func number(_ bytes: [UInt8], _ place: Int) -> Int {
      (0..<4).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
    }
    var (place, idPlace, compared, different) = (0, 0, 0, 0)
    let clock = ContinuousClock()
    var elapsed = Duration.zero
    while place < texts.count {
      let text = place + 4..<place + 4 + number(texts, place)
      let started = clock.now
      let encoding = try tokenizer.encode(texts.span.extracting(text), maximumLength: .max)
      elapsed += clock.now - started
      let count = number(ids, idPlace)
      let expected = (0..<count).map { Int32(number(ids, idPlace + 4 + 4 * $0)) }
      if encoding.ids != expected {
        different += 1
        if different <= 10 {
          let place = zip(encoding.ids, expected).prefix { $0 == $1 }.count
          Issue.record("\(name): \(String(decoding: texts[text], as: UTF8.self).debugDescription) from number \(place)")
        }
      }
      compared += count
      place = text.upperBound
      idPlace += 4 + 4 * count
    }
    #expect(idPlace == ids.count && different == 0, "\(different) texts differ")
    print("\(name): \(compared) numbers compared, \(different) texts differ; encoded in \(elapsed)")
  }
}
