import Disk
import Foundation
import Glibc
import Primitives
import TestSupport
import Testing

/// The real program over an index in which something is not as it was left.
@Suite struct HealingTests {
  let cairn: CairnProgram
  init() throws {
    cairn = try CairnProgram()
    try cairn.indexSampleTwice()
  }
  var index: FilePath { cairn.tree.root.appending(".cairn") }
  var segments: FilePath { index.appending("segments") }

  enum Damage: String, CaseIterable {
    case segmentMissing, segmentsMissing, segmentIsDirectory, segmentIsPipe, segmentIsLoop, segmentIsDevice
    case segmentIsCut, segmentIsAnother, segmentsIsFile, segmentZeroed
    case catalogMissing, catalogEmpty, catalogIsDirectory, catalogIsPipe, catalogIsLoop, catalogIsDevice
    case catalogIsAnother, catalogScrambled, logIsDirectory, logIndexIsDirectory
    case lockIsDirectory, lockIsPipe, lockIsLink
  }

  /// The segment in which `src/dates.py` lies.
  func firstSegment() throws -> FilePath {
    try #require(try listDirectory(segments).map { segments.appending($0.name) }.sorted().first)
  }

  func replace(_ path: FilePath, _ make: (FilePath) throws -> Void) throws {
    removeTree(path)
    try make(path)
  }

  func cause(_ damage: Damage) throws {
    let segment = try firstSegment()
    let catalog = index.appending("catalog.sqlite")
    let pipe: (FilePath) -> Void = { _ = unsafe mkfifo($0.description, 0o600) }
    let content = try readFileBytes(segment)
    func write(_ bytes: [UInt8]) -> (FilePath) -> Void {
      { _ = FileManager.default.createFile(atPath: $0.description, contents: Data(bytes)) }
    }
    switch damage {
    case .segmentMissing: try replace(segment) { _ in }
    case .segmentsMissing: try replace(segments) { _ in }
    case .segmentIsDirectory: try replace(segment) { try makeDirectory($0) }
    case .segmentIsPipe: try replace(segment, pipe)
    case .segmentIsLoop: try replace(segment) { makeLink($0, to: $0.lastComponent) }
    case .segmentIsDevice: try replace(segment) { makeLink($0, to: "/dev/zero") }
    case .segmentIsCut: try replace(segment, write(Array(content.prefix(content.count / 2))))
    case .segmentIsAnother:
      let other = try listDirectory(segments).map { segments.appending($0.name) }.sorted()[1]
      try replace(segment, write(try readFileBytes(other)))
    case .segmentsIsFile: try replace(segments, write([]))
    case .segmentZeroed: try replace(segment, write(content.map { _ in 0 }))
    case .catalogMissing: try replace(catalog) { _ in }
    case .catalogEmpty: try replace(catalog, write([]))
    case .catalogIsDirectory: try replace(catalog) { try makeDirectory($0) }
    case .catalogIsPipe: try replace(catalog, pipe)
    case .catalogIsLoop: try replace(catalog) { makeLink($0, to: $0.lastComponent) }
    case .catalogIsDevice: try replace(catalog) { makeLink($0, to: "/dev/full") }
    case .catalogIsAnother: try replace(catalog, write(Array(repeating: 0x41, count: 9000)))
    case .catalogScrambled:
      // Pages beyond the first: the marks in the header are sound.
      let bytes = try readFileBytes(catalog)
      try replace(catalog, write(Array(bytes.prefix(4096) + bytes.dropFirst(4096).map { $0 ^ 0x55 })))
    case .logIsDirectory: try replace(index.appending("catalog.sqlite-wal")) { try makeDirectory($0) }
    case .logIndexIsDirectory: try replace(index.appending("catalog.sqlite-shm")) { try makeDirectory($0) }
    case .lockIsDirectory: try replace(index.appending("writer.lock")) { try makeDirectory($0) }
    case .lockIsPipe: try replace(index.appending("writer.lock"), pipe)
    case .lockIsLink:
      try replace(index.appending("writer.lock")) { makeLink($0, to: cairn.home.root.appending("elsewhere")) }
    }
  }

  @Test(arguments: Damage.allCases, [["search", "leap_year"], ["index"], ["index", "--rebuild"]])
  func `whatever is damaged, an ordinary command makes it good`(_ damage: Damage, _ command: [String]) throws {
    try cause(damage)
    let result = try cairn.start(command).wait(limit: .seconds(30))
    #expect(result.code == 0, "\(result.errorText)")
    let isLock = damage == .lockIsDirectory || damage == .lockIsPipe || damage == .lockIsLink
    if command == ["search", "leap_year"] {
      #expect(result.outputText.contains("src/dates.py"))
      // What the index had to do is worth a line; a lock holds nothing.
      if !isLock { #expect(result.errorText.contains("note: "), "\(result.errorText)") }
    }
    let after = try cairn.run("search", "--no-update", "-l", "leap_year")
    #expect(after.code == 0 && after.outputLines.first == "src/dates.py" && after.errors.isEmpty, "\(after.errorText)")
    #expect(try cairn.run("search", "--no-update", "-l", "added_landmark").outputLines.first == "src/added.py")
    let sound = try cairn.run("verify")
    #expect(sound.code == 0 && sound.outputText.hasPrefix("sound: "), "\(sound.outputText)")
    #expect(!fileExists(cairn.home.root.appending("elsewhere")))
    #expect(try cairn.run("search", "-l", "leap_year").errors.isEmpty)
  }

  @Test func `a damaged segment costs the reading of its own files and no others`() throws {
    try cause(.segmentMissing)
    let report = try #require(try cairn.run("index", "--json").objects("report").first)
    #expect(report.number("files_indexed") == 4 && report.number("files_unchanged") == 1)
    #expect(report["rebuild_reason"] is NSNull)
    let repairs = try #require(report["repairs"] as? [[String: Any]])
    #expect(repairs.count == 1 && repairs[0].text("message")?.hasPrefix("segment 00000") == true)
    #expect(try cairn.run("index", "--json").objects("report").first?["repairs"] as? [String] == [])
  }

  @Test func `verify finds a byte, marks its segment, and the next run reads its files again`() throws {
    let segment = try firstSegment()
    var bytes = try readFileBytes(segment)
    bytes[bytes.count / 2] ^= 1
    try Data(bytes).write(to: URL(fileURLWithPath: segment.description))
    let found = try cairn.run("verify")
    #expect(found.code == 2 && found.outputText.contains(segment.lastComponent.description), "\(found.outputText)")
    #expect(found.errorText.contains("`cairn index`"))
    let document = try #require(try cairn.run("verify", "--json").objects("verification").first)
    #expect(document["sound"] as? Bool == false && (document["problems"] as? [[String: Any]])?.count == 1)
    let status = try cairn.run("status")
    #expect(status.outputText.contains("damage") && status.outputText.contains(segment.lastComponent.description))
    #expect(
      try cairn.run("status", "--json").objects("status").first?["damaged_segments"] as? [String]
        == [segment.lastComponent.description])
    let healed = try cairn.run("search", "-l", "leap_year")
    #expect(healed.code == 0 && healed.outputLines.first == "src/dates.py")
    #expect(healed.errorText.contains("was damaged: its files were read again"), "\(healed.errorText)")
    #expect(try cairn.run("verify").code == 0)
    #expect(try cairn.run("status", "--json").objects("status").first?["damaged_segments"] as? [String] == [])
    #expect(try listDirectory(segments).allSatisfy { $0.name.description.hasSuffix(".segment") })
  }

  @Test func `a mark on a segment that is sound costs one look at it`() throws {
    let segment = try firstSegment()
    let mark = FilePath(segment.description.replacingOccurrences(of: ".segment", with: ".damaged"))
    try cairn.tree.write(try #require(mark.relative(to: cairn.tree.root)), "")
    let report = try #require(try cairn.run("index", "--json").objects("report").first)
    #expect(report.number("files_indexed") == 0 && (report["repairs"] as? [Any])?.isEmpty == true)
    #expect(!fileExists(mark) && fileExists(segment))
  }

  /// Puts `bytes` where the mark of the newest generation is.
  private func setMark(_ bytes: [UInt8]) {
    let made = FileManager.default.createFile(
      atPath: index.appending("catalog.newest").description, contents: Data(bytes))
    #expect(made)
  }

  @Test(arguments: [
    ["search", "-l", "leap_year"], ["related", "-l", "src/dates.py:2"], ["index"], ["index", "--rebuild"],
  ])
  func `a mark of another index is called that, and any run writes another`(_ command: [String]) throws {
    let other = try HealingTests()
    // The same tree, indexed by the same runs: the same generation.
    let foreign = try readFileBytes(other.index.appending("catalog.newest"))
    let own = try readFileBytes(index.appending("catalog.newest"))
    func generation(_ mark: [UInt8]) -> Substring? {
      String(decoding: mark, as: UTF8.self).split(separator: " ").dropFirst().first
    }
    #expect(foreign != own && generation(foreign) == generation(own))
    setMark(foreign)
    for reader in [["status"], ["verify"], ["search", "--no-update", "leap_year"]] {
      let refused = try cairn.start(reader).wait()
      let said = refused.outputText + refused.errorText
      #expect(refused.code == 2 && said.contains("are of two indexes"), "\(reader): \(said)")
      #expect(!said.contains("is not there"), "\(reader): \(said)")
    }
    let healed = try cairn.start(command).wait()
    #expect(
      healed.code == 0 && healed.errorText.contains("note: ") && healed.errorText.contains("was of another index"),
      "\(healed.errorText)")
    try checkSound()
  }

  @Test func `a mark of another index that is ahead is made good as lost commits are`() throws {
    let other = try HealingTests()
    try other.cairn.write("src/third.py", "def third_landmark():\n    return 3\n")
    #expect(try other.cairn.run("index", "--quiet").code == 0)
    setMark(try readFileBytes(other.index.appending("catalog.newest")))
    let refused = try cairn.run("status")
    #expect(refused.code == 2 && refused.errorText.contains("or its mark"), "\(refused.errorText)")
    let healed = try cairn.run("index")
    #expect(healed.code == 0 && healed.errorText.contains("was of another index"), "\(healed.errorText)")
    try checkSound()
  }

  @Test(arguments: [["index"], ["search", "-l", "leap_year"]])
  func `a mark that is too long is made good, and that is a note`(_ command: [String]) throws {
    setMark(Array(repeating: UInt8(ascii: "7"), count: 100_000))
    #expect(try cairn.run("verify").code == 2)
    let healed = try cairn.start(command).wait()
    #expect(healed.code == 0 && healed.errorText.contains("generation was damaged"), "\(healed.errorText)")
    let lines = healed.errorText.split(separator: "\n")
    #expect(lines.count == 1 && lines.allSatisfy { $0.hasPrefix("cairn: note: ") }, "\(healed.errorText)")
    try checkSound()
  }

  /// Nothing is wrong with the index, and nobody has anything to say of it.
  private func checkSound() throws {
    let sound = try cairn.run("verify")
    #expect(sound.code == 0 && sound.outputText.hasPrefix("sound: "), "\(sound.outputText)")
    for quiet in [["index"], ["search", "-l", "leap_year"], ["search", "--no-update", "-l", "leap_year"], ["status"]] {
      let result = try cairn.start(quiet).wait()
      #expect(result.code == 0 && result.errors.isEmpty, "\(quiet): \(result.errorText)")
    }
  }

  @Test func `an index of a newer version is left alone until a rebuild is asked for`() throws {
    let catalog = index.appending("catalog.sqlite")
    var bytes = try readFileBytes(catalog)
    bytes.replaceSubrange(60..<64, with: [0, 0, 0, 99])
    _ = FileManager.default.createFile(atPath: catalog.description, contents: Data(bytes))
    for command in [["search", "leap_year"], ["search", "--no-update", "leap_year"], ["index"]] {
      let refused = try cairn.start(command).wait()
      #expect(refused.code == 2 && refused.errorText.contains("--rebuild"), "\(command): \(refused.errorText)")
    }
    #expect(try readFileBytes(catalog) == bytes)
    #expect(try cairn.run("index", "--rebuild").code == 0)
    #expect(try cairn.run("search", "--no-update", "-l", "leap_year").outputLines.first == "src/dates.py")
  }

  @Test func `an index of the version before is made anew by any run`() throws {
    let catalog = index.appending("catalog.sqlite")
    var bytes = try readFileBytes(catalog)
    bytes.replaceSubrange(60..<64, with: [0, 0, 0, 1])
    _ = FileManager.default.createFile(atPath: catalog.description, contents: Data(bytes))
    let found = try cairn.run("search", "-l", "leap_year")
    #expect(found.code == 0 && found.outputLines.first == "src/dates.py", "\(found.errorText)")
    #expect(try cairn.run("verify").code == 0)
  }

  @Test func `there is nothing to verify where there is no index`() throws {
    removeTree(index)
    let none = try cairn.run("verify")
    #expect(none.code == 2 && none.errorText.contains("there is no index yet"))
    #expect(!fileExists(index))
  }

  @Test func `a damaged number of a segment's format is damage and no newer version`() throws {
    let segment = try firstSegment()
    var bytes = try readFileBytes(segment)
    bytes[bytes.count - 16] ^= 4
    try Data(bytes).write(to: URL(fileURLWithPath: segment.description))
    #expect(try cairn.run("search", "-l", "--no-update", "leap_year").code == 2)
    #expect(try cairn.run("search", "-l", "leap_year").outputLines.first == "src/dates.py")
    #expect(try cairn.run("verify").code == 0)
  }
}
