import Foundation
import Primitives
import TestSupport
import Testing

/// `Docs/TROUBLESHOOTING.md` says what to do about each error.
@Suite struct TroubleshootingTests {
  private static let top = URL(fileURLWithPath: repository.description)

  /// The codes that the source defines: `static let locked = Self(rawValue: "locked")`, and their like.
  private func codes() throws -> Set<String> {
    let definition = /static let \w+ = (?:Self|Code|Failure\.Code|CairnError\.Code)\(rawValue: "([a-z-]+)"\)/
    var codes: Set<String> = []
    let sources = Self.top.appendingPathComponent("Sources")
    let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
    for case let file as URL in files where file.pathExtension == "swift" {
      let text = try String(contentsOf: file, encoding: .utf8)
      guard text.contains("Failure.Code") || text.contains("CairnError.Code") || text.contains("struct Code") else {
        continue
      }
      codes.formUnion(text.matches(of: definition).map { String($0.output.1) })
    }
    return codes
  }

  @Test func `the page has every code of an error, and none that there is not`() throws {
    let codes = try codes()
    #expect(codes.count > 50 && codes.contains("locked"))
    let page = try String(contentsOf: Self.top.appendingPathComponent("Docs/TROUBLESHOOTING.md"), encoding: .utf8)
    let tables = page[try #require(page.firstRange(of: "## Errors by code")).upperBound...]
    var explained: Set<String> = []
    for line in tables.split(separator: "\n") where line.hasPrefix("| `") {
      let first = line.split(separator: "|", omittingEmptySubsequences: true)[0]
      explained.formUnion(first.matches(of: /`([a-z-]+)`/).map { String($0.output.1) })
    }
    #expect(codes.subtracting(explained).isEmpty, "without a row: \(codes.subtracting(explained).sorted())")
    #expect(explained.subtracting(codes).isEmpty, "of no error: \(explained.subtracting(codes).sorted())")
  }
}
