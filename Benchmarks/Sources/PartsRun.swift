import CMeasuring
import Disk
import Glibc
import JSON
import Primitives

/// Runs the parts and reports what each costs.
struct PartsRun {
  private let corpus: FilePath?
  private let isQuick: Bool
  private let only: String?
  private let counters = Counters()

  /// Runs of one part: at least three, more as long as they take less than this.
  private static let timeLimit = 1.0

  init(corpus: String?, isQuick: Bool, only: String?) throws {
    self.corpus = try corpus.map { try resolvedPath(FilePath($0)) }
    self.isQuick = isQuick
    self.only = only
  }

  func report() throws -> JSONValue {
    let scratch = try makeScratch()
    defer { removeAll(scratch) }
    let input = try PartInput(corpus: corpus, scratch: scratch, isQuick: isQuick)
    let prepared = try input.prepared()
    var parts = [try input.walk(), input.ignore(), input.chunk(), input.analyse(), input.embed()]
    parts += [try input.build(prepared), try input.merge(prepared), try input.postings(prepared)]
    parts += try input.scans() + [input.topK()]
    let source = counters.countsInstructions ? "perf" : cm_is_under_valgrind() ? "callgrind" : "none"
    return [
      "features": .string(unsafe String(cString: cm_features())), "instructions_from": .string(source),
      "corpus": .string(corpus == nil ? "synthetic" : "directory"), "quick": .boolean(isQuick),
      "files": .integer(input.files.count), "bytes": .integer(input.byteCount), "chunks": .integer(input.chunkCount),
      "parts": .array(try parts.filter { only == nil || $0.name == only }.map { try measure($0) }),
    ]
  }

  private func measure(_ part: Part) throws -> JSONValue {
    // What is made once and kept (tables, pages of maps) is no cost of the part.
    try part.run()
    var members: [JSONValue.Member] = [
      .init("part", .string(part.name)), .init("unit", .string(part.unit)), .init("items", .integer(part.itemCount)),
    ]
    if cm_is_under_valgrind() {
      cm_callgrind_begin()
      try part.run()
      unsafe cm_callgrind_end(part.name)
      return .object(members)
    }
    part.floor?()
    var runs: [Counts] = []
    var floors: [Double] = []
    var total = 0.0
    while runs.count < 3 || (!isQuick && total < Self.timeLimit) {
      runs.append(try counters.measure { try part.run() })
      // In turn, so that a machine that slows down slows both.
      if let floor = part.floor { floors.append(counters.measure { floor() }.seconds) }
      total += runs[runs.count - 1].seconds
    }
    let items = Double(part.itemCount)
    let best = runs.map(\.seconds).min() ?? 0
    // Counts are those of the least: what another thread of the process did meanwhile is not the part's.
    let allocations = runs.map(\.allocations).min() ?? 0
    let allocated = runs.map(\.allocatedBytes).min() ?? 0
    members += [
      .init("nanoseconds_per_item", .real(best * 1e9 / items)),
      .init("allocations_per_item", .real(Double(allocations) / items)),
      .init("allocated_bytes_per_item", .real(Double(allocated) / items)),
    ]
    if let instructions = runs.compactMap(\.instructions).min() {
      members.append(.init("instructions_per_item", .real(Double(instructions) / items)))
    }
    if let byteCount = part.byteCount {
      members.append(.init("bytes", .integer(byteCount)))
      members.append(.init("bytes_per_second", .real(Double(byteCount) / best)))
    }
    if let seconds = floors.min() {
      members.append(.init("plain_read_nanoseconds_per_item", .real(seconds * 1e9 / items)))
      members.append(.init("times_a_plain_read", .real(best / seconds)))
    }
    return .object(members)
  }

  // MARK: The place for files

  private func makeScratch() throws -> FilePath {
    var template = Array("/tmp/cairn-parts-XXXXXX\0".utf8)
    let isMade = unsafe template.withUnsafeMutableBytes { buffer in
      unsafe mkdtemp(buffer.baseAddress!.assumingMemoryBound(to: CChar.self)) != nil
    }
    guard isMade else { throw Failure(errno: errno, path: "/tmp", action: "make a directory in") }
    return FilePath(bytes: template.dropLast())
  }

  private func removeAll(_ path: FilePath) {
    if let status = try? FileStatus(of: path, followsLinks: false), status.kind == .directory {
      for entry in (try? listDirectory(path)) ?? [] { removeAll(path.appending(entry.name)) }
      _ = unsafe rmdir(path.description)
    } else {
      try? removeFile(path)
    }
  }
}
