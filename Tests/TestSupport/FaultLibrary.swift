import Disk
package import Primitives

/// Makes chosen calls of a program fail: `Tests/FaultInjection/faults.c`, compiled for as long as the value lives. The
/// head of that file says what there is to choose.
package final class FaultLibrary: Sendable {
  /// In the order of the numbers in the file of counts.
  package static let kinds = [
    "open", "read", "write", "sync", "rename", "map", "lock", "stat", "list", "make", "remove", "resize", "mode",
    "close",
    "seek", "thread", "random", "anonymous",
  ]

  private let scratch: TemporaryTree
  private var library: FilePath { scratch.root.appending("faults.so") }
  private var counts: FilePath { scratch.root.appending("counts") }

  package init() throws(Failure) {
    scratch = try TemporaryTree(inMemory: true)
    try Self.compile("faults", into: scratch)
  }

  /// Compiles a library of `Tests/FaultInjection` to be loaded before the C library, and gives its path.
  @discardableResult
  package static func compile(_ name: String, into tree: TemporaryTree) throws(Failure) -> FilePath {
    let source = repository.appending("Tests/FaultInjection/\(name).c")
    let arguments = ["-shared", "-fPIC", "-O1", "-fno-builtin", "-o", "\(name).so", source.description, "-ldl"]
    let compiler = try Program(
      "cc", arguments.map { Array($0.utf8) }, in: tree.root, environment: ["PATH": "/usr/bin:/bin:/usr/local/bin"])
    let result = compiler.wait()
    guard result.code == 0 else {
      throw Failure(.notFound, "the C compiler did not make it", path: source, cause: result.errorText)
    }
    return tree.root.appending("\(name).so")
  }

  /// The variables under which a program's calls are counted, and one of them fails where `fault` says so. The counts
  /// begin at zero.
  package func environment(_ fault: Fault?) throws(Failure) -> [String: String] {
    try scratch.write("counts", [UInt8](repeating: 0, count: 34 * 8 + 512))
    var variables = ["LD_PRELOAD": library.description, "CAIRN_FAULT_COUNTS": counts.description]
    if let fault {
      variables["CAIRN_FAULT_KIND"] = fault.kind
      variables["CAIRN_FAULT_AT"] = "\(fault.number)"
      variables["CAIRN_FAULT_ERROR"] = fault.error
      variables["CAIRN_FAULT_HOW"] = fault.how.rawValue
      variables["CAIRN_FAULT_PATH"] = fault.path
      if let cut = fault.cut {
        variables["CAIRN_FAULT_CUT"] = cut.path.description
        variables["CAIRN_FAULT_LENGTH"] = "\(cut.length)"
      }
    }
    return variables
  }

  /// How many calls of each kind the last program made.
  package func callCounts() throws(Failure) -> [String: Int] {
    let bytes = try readFileBytes(counts)
    var found: [String: Int] = [:]
    for (place, kind) in Self.kinds.enumerated() { found[kind] = Self.number(place, in: bytes) }
    return found
  }

  /// The function and the path of the last call that was made to fail, or nil if none was.
  package func failedCall() throws(Failure) -> String? {
    let bytes = try readFileBytes(counts)
    guard Self.number(33, in: bytes) > 0 else { return nil }
    return String(decoding: bytes.dropFirst(34 * 8).prefix { $0 != 0 }, as: UTF8.self)
  }

  private static func number(_ place: Int, in bytes: [UInt8]) -> Int {
    bytes[place * 8..<place * 8 + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}

/// A call that fails.
package struct Fault: Sendable, CustomStringConvertible {
  package enum How: String, Sendable {
    /// That call alone.
    case error
    /// That call and every one of its kind after it.
    case stay
    /// Half of the bytes.
    case short
    /// None of it fails: a file is cut before it.
    case cut
    /// The process is killed before that call.
    case kill
  }
  package var kind: String
  /// From 1.
  package var number = 1
  package var error: String
  package var how = How.error
  /// Only calls on paths that have this in them.
  package var path = ""
  /// The file that is cut, and the bytes that it keeps.
  package var cut: (path: FilePath, length: Int)?

  package init(_ kind: String, _ error: String, _ how: How = .error, path: String = "") {
    self.kind = kind
    self.error = error
    self.how = how
    self.path = path
  }

  package var description: String { "\(kind) \(how == .short ? "short" : error)\(how == .stay ? " from then on" : "")" }
}
