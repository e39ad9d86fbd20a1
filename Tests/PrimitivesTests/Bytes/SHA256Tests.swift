import Primitives
import Testing

@Suite struct SHA256Tests {
  /// The examples of FIPS 180-4 and the short messages of NIST's validation suite.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
    ),
  ])
  func `the published examples`(message: String, hash: String) {
    let bytes = Array(message.utf8)
    #expect(SHA256.hash(of: bytes.span) == hash)
  }

  @Test func `one byte of a message and a million`() {
    let byte: [UInt8] = [0xBD]
    #expect(SHA256.hash(of: byte.span) == "68325720aabd7c82f30f554b313d0570c95accbb7dc4b5aae11204c08ffe732b")
    let million = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
    #expect(SHA256.hash(of: million.span) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test func `parts of any size give the hash of the whole`() {
    var random = SeededRandom(seed: 7)
    for _ in 0..<200 {
      let bytes = (0..<Int(random.next() % 300)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      var hash = SHA256()
      var rest = bytes[...]
      while !rest.isEmpty {
        let part = Array(rest.prefix(Int(random.next() % 90)))
        hash.update(part.span)
        rest = rest.dropFirst(part.count)
      }
      #expect(hash.finish() == SHA256.hash(of: bytes.span))
    }
  }
}
