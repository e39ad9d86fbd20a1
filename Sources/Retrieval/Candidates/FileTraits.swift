package import Inspection
package import Primitives
import Segments

/// What a file's path and language say about the part it plays in a repository.
package struct FileTraits: OptionSet, Hashable, Sendable {
  package let rawValue: UInt16
  package init(rawValue: UInt16) { self.rawValue = rawValue }

  package static let test = Self(rawValue: 1 << 0)
  package static let example = Self(rawValue: 1 << 1)
  package static let benchmark = Self(rawValue: 1 << 2)
  /// Kept for older users of the code: `compat`, `legacy`, `deprecated`.
  package static let legacy = Self(rawValue: 1 << 3)
  /// Written by a program.
  package static let generated = Self(rawValue: 1 << 4)
  /// Types without the code: `.d.ts`, `.pyi`.
  package static let declarations = Self(rawValue: 1 << 5)
  /// Other people's code, or many files in one.
  package static let vendored = Self(rawValue: 1 << 6)
  /// Often only gathers and re-exports what others define: `__init__.py`, `index.ts`.
  package static let index = Self(rawValue: 1 << 7)
  package static let documentation = Self(rawValue: 1 << 8)
  package static let data = Self(rawValue: 1 << 9)
  package static let markup = Self(rawValue: 1 << 10)

  /// - Parameter path: inside the corpus. Letters beyond ASCII keep their case: no name that is searched for has any.
  package init(path: FilePath, language: Language) {
    var traits: FileTraits = []
    let bytes = path.bytes.span
    var start = 0
    for end in bytes.indices where bytes[end] == UInt8(ascii: "/") {
      if end > start { traits.formUnion(Self.traits(ofDirectory: bytes.extracting(start..<end))) }
      start = end + 1
    }
    traits.formUnion(Self.traits(ofName: bytes.extracting(start..<bytes.count)))
    switch language.kind {
    case .prose: traits.insert(.documentation)
    case .data: traits.insert(.data)
    case .markup: traits.insert(.markup)
    case .generated: traits.insert(.generated)
    case .code: break
    }
    self = traits
  }

  /// Whether a file that has the trait of tests has it by the beginning or the end of its name alone, as code for those
  /// who write tests may have it too (`test_client.py`), in a language where what a file defines can decide.
  package static func isTestByName(_ path: FilePath, _ language: Language) -> Bool {
    guard languagesThatNameTests.contains(language.name) else { return false }
    let bytes = path.bytes.span
    var start = 0
    for end in bytes.indices where bytes[end] == UInt8(ascii: "/") {
      if end > start, traits(ofDirectory: bytes.extracting(start..<end)).contains(.test) { return false }
      start = end + 1
    }
    return !bytes.extracting(start..<bytes.count).hasIgnoringCase(conftest.span, at: 0)
  }

  /// Where a test is a function or a type that is called so.
  private static let languagesThatNameTests: Set = ["python", "php", "c", "cpp"]

  /// Whether one of `symbols` is named as tests are.
  static func definesTests(_ chunks: borrowing ChunkList) -> Bool {
    let bytes = chunks.bytes.span
    return chunks.symbols.contains { namesTest(bytes.extracting($0.name.range)) }
  }

  /// Whether a symbol of this name is a test.
  package static func namesTest(_ name: Span<UInt8>) -> Bool {
    var start = 0
    while start < name.count, name[start] == UInt8(ascii: "_") { start += 1 }
    return name.extracting(start..<name.count).hasIgnoringCase(testName.span, at: 0)
      || testNames.contains { name.hasSuffixIgnoringCase($0) }
  }
  private static let testName = Array("test".utf8)
  private static let testNames = bytes("test tests testcase")

  private static func traits(ofDirectory name: Span<UInt8>) -> FileTraits {
    // Most are told by their first letter and their length.
    if directoryLengths[Int(name[0] & 31)] >> UInt32(min(31, name.count)) & 1 != 0, let known = directories[key(name)] {
      for (known, traits) in known where name.isEqualIgnoringCase(to: known) { return traits }
    }
    // `FooTests`, `core-test`, `jvmTest`: how Swift, Gradle and others name their directories.
    if isAmong("st", last(of: name)) {
      for ending in testDirectoryEndings where name.hasSuffixIgnoringCase(ending) { return .test }
    }
    return []
  }

  private static func traits(ofName name: Span<UInt8>) -> FileTraits {
    if name.isEmpty { return [] }
    var traits: FileTraits = []
    var stemCount = 0
    while stemCount < name.count, name[stemCount] != UInt8(ascii: ".") { stemCount += 1 }
    let stem = name.extracting(0..<stemCount)
    if isTestName(name, stem: stem) { traits.insert(.test) }
    for known in exampleStems where stem.isEqualIgnoringCase(to: known) { traits.insert(.example) }
    traits.formUnion(self.traits(ofWordsIn: stem))
    let end = lastTwo(of: name)
    for (i, known) in nameEnds.enumerated() where known == end {
      for (ending, isWhole, trait) in namesByEnd[i]
      where name.hasSuffixIgnoringCase(ending) && (!isWhole || name.count == ending.count) { traits.insert(trait) }
    }
    return traits
  }

  /// `test_x`, `x_test`, `x.test.js`, `XTest`, `XTests`, `x_spec`, `XSpec`, `x.spec.ts`, `conftest`.
  private static func isTestName(_ name: Span<UInt8>, stem: Span<UInt8>) -> Bool {
    if isAmong("stce", last(of: stem)) {
      for ending in testStemEndings where stem.hasSuffixIgnoringCase(ending) { return true }
      for ending in testNameEndings where stem.count > ending.count && stem.hasSuffix(ending.span) { return true }
      if stem.isEqualIgnoringCase(to: conftest) { return true }
    }
    if isAmong("st", name[0].asciiLowercased) {
      for beginning in testStemBeginnings where stem.hasIgnoringCase(beginning.span, at: 0) { return true }
    }
    // The stem ends at the first dot.
    for infix in testInfixes {
      for start in stem.count..<max(stem.count, name.count - infix.count + 1) where name[start] == UInt8(ascii: ".") {
        if name.hasIgnoringCase(infix.span, at: start) { return true }
      }
    }
    return false
  }

  /// The last byte in small letters; 0 if there is none.
  private static func last(of name: Span<UInt8>) -> UInt8 { name.isEmpty ? 0 : name[name.count - 1].asciiLowercased }

  /// The last two bytes in small letters, as a number.
  private static func lastTwo(of name: Span<UInt8>) -> UInt16 {
    name.count < 2
      ? 0 : UInt16(name[name.count - 2].asciiLowercased) << 8 | UInt16(name[name.count - 1].asciiLowercased)
  }

  @inline(__always)
  private static func isAmong(_ bytes: String, _ byte: UInt8) -> Bool {
    bytes.utf8.contains(byte)
  }

  /// What the words of a name say, where anything but letters parts words.
  private static func traits(ofWordsIn stem: Span<UInt8>) -> FileTraits {
    var traits: FileTraits = []
    var start = 0
    for end in 0...stem.count where end == stem.count || !isLetter(stem[end]) {
      if end > start, isAmong("bcld", stem[start].asciiLowercased) {
        let word = stem.extracting(start..<end)
        for known in benchmarkWords where word.isEqualIgnoringCase(to: known) { traits.insert(.benchmark) }
        for known in legacyWords where word.isEqualIgnoringCase(to: known) { traits.insert(.legacy) }
      }
      start = end + 1
    }
    return traits
  }

  private static func isLetter(_ byte: UInt8) -> Bool { byte.isASCIILetter || byte >= 0x80 }

  /// The first eight bytes in small letters, as a number.
  private static func key(_ name: Span<UInt8>) -> UInt64 {
    var key: UInt64 = 0
    for i in 0..<min(8, name.count) { key |= UInt64(name[i].asciiLowercased) << UInt64(8 * i) }
    return key
  }

  /// For each first letter a bit for each length of a directory's name that is known. The lower five bits of a letter
  /// are those of its capital.
  private static let directoryLengths: [UInt32] = {
    var lengths = [UInt32](repeating: 0, count: 32)
    for (name, _) in directories.values.joined() { lengths[Int(name[0] & 31)] |= 1 << UInt32(min(31, name.count)) }
    return lengths
  }()

  /// Directories' names by their first bytes.
  private static let directories: [UInt64: [(name: [UInt8], traits: FileTraits)]] = {
    let groups: [(FileTraits, String)] = [
      (
        .test,
        "test tests __tests__ spec specs testdata test-data fixtures __mocks__ __fixtures__ unittests unit_tests "
          + "integration_tests integration-tests e2e test_suite testsuite"
      ),
      (
        .example,
        "example examples _examples sample samples demo demos tutorial tutorials docs_src playground playgrounds "
          + "cookbook"
      ),
      (.benchmark, "bench benches benchmark benchmarks perf"),
      (.legacy, "compat _compat legacy deprecated"),
      (.generated, "generated _generated __generated__ gen dist build"),
      (
        .vendored,
        "vendor vendored _vendor third_party third-party thirdparty external node_modules single_include "
          + "single-include amalgamation"
      ),
      (.documentation, "doc docs documentation man website .github changelog changelogs changes"),
    ]
    var table: [UInt64: [(name: [UInt8], traits: FileTraits)]] = [:]
    for (traits, names) in groups {
      for name in bytes(names) { table[key(name.span), default: []].append((name, traits)) }
    }
    return table
  }()

  private static let testDirectoryEndings = bytes("tests -test _test .test jvmtest commontest")
  private static let testStemEndings = bytes("_test _tests _spec -test")
  private static let testStemBeginnings = bytes("test_ spec_ test-")
  private static let testNameEndings = bytes("Test Tests TestCase Spec Specs Suite")
  private static let testInfixes = bytes(".test. .spec.")
  private static let conftest = Array("conftest".utf8)
  private static let exampleStems = bytes("example examples demo sample tutorial")
  private static let benchmarkWords = bytes("bench benchmark benchmarks")
  private static let legacyWords = bytes("compat legacy deprecated deprecations")

  /// What names end with, or are, by their last two bytes.
  private static let namesByLastTwo: [UInt16: [(ending: [UInt8], isWhole: Bool, trait: FileTraits)]] = {
    let generated =
      "_pb2.py _pb2_grpc.py .pb.go .pb.cc .pb.h .g.dart .generated.cs .designer.cs _generated.go .min.js .min.css "
      + ".bundle.js .freezed.dart"
    let index =
      "__init__.py index.js index.ts index.tsx index.mjs index.cjs mod.rs lib.rs package-info.java doc.go "
      + "module-info.java exports.ts exports.js prelude.rs"
    var table: [UInt16: [(ending: [UInt8], isWhole: Bool, trait: FileTraits)]] = [:]
    for (names, isWhole, trait) in [
      (generated, false, FileTraits.generated), (".d.ts .d.mts .d.cts .pyi", false, .declarations),
      (index, true, .index),
    ] {
      for name in bytes(names) { table[lastTwo(of: name.span), default: []].append((name, isWhole, trait)) }
    }
    return table
  }()
  private static let nameEnds = namesByLastTwo.keys.sorted()
  private static let namesByEnd = nameEnds.map { namesByLastTwo[$0] ?? [] }

  private static func bytes(_ names: String) -> [[UInt8]] { names.split(separator: " ").map { Array($0.utf8) } }
}
