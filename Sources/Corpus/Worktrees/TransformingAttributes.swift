import Disk
import Primitives

/// Which files of a work tree git's attributes may make something else of than what is stored (`filter`, `ident`,
/// `working-tree-encoding`). More files than git would say: of a rule only the extension is understood, and no rule
/// takes another back.
struct TransformingAttributes {
  /// What a file of attributes says.
  private enum Reach {
    case nothing
    /// Files whose paths end so.
    case suffixes([[UInt8]])
    /// Whatever lies below it.
    case everything

    func covers(_ path: FilePath) -> Bool {
      switch self {
      case .nothing: false
      case .suffixes(let suffixes): suffixes.contains { path.bytes.suffix($0.count) == $0[...] }
      case .everything: true
      }
    }
  }

  private let top: FilePath
  private let prefix: [UInt8]
  /// Directories, from the top with their slash, whose file of attributes is tracked.
  private let tracked: Set<[UInt8]>
  /// What holds in the whole tree.
  private var everywhere: [Reach] = []
  /// By directory, from the top, with its slash.
  private var known: [[UInt8]: Reach] = [:]
  /// The directory, below the root, of the file that was asked for last, and what holds in it.
  private var newest: (directory: ArraySlice<UInt8>, reaches: [Reach])?

  /// - Parameters:
  ///   - prefix: from the top to the root of the corpus.
  ///   - everywhere: files of attributes that hold in the whole tree.
  ///   - tracked: directories in which git has a file of attributes, on the disk or not.
  /// - Returns: nil if all files may be transformed.
  init?(top: FilePath, prefix: [UInt8], everywhere: [FilePath], tracked: [[UInt8]]) {
    self.top = top
    self.prefix = prefix
    self.tracked = Set(tracked)
    for path in everywhere {
      let reach = Self.reach(of: path, isExpected: false, followsLinks: true)
      if case .everything = reach { return nil }
      self.everywhere.append(reach)
    }
  }

  /// Whether the file at `path` below the root may be something else than what git has stored.
  mutating func mayTransform(_ path: FilePath) -> Bool {
    let directory = path.bytes[..<((path.bytes.lastIndex(of: .slash) ?? -1) + 1)]
    if let newest, newest.directory == directory { return newest.reaches.contains { $0.covers(path) } }
    let whole = prefix + directory
    var reaches = everywhere + [reach(in: [])]
    for end in whole.indices where whole[end] == .slash { reaches.append(reach(in: Array(whole[...end]))) }
    reaches.removeAll { if case .nothing = $0 { true } else { false } }
    newest = (directory, reaches)
    return reaches.contains { $0.covers(path) }
  }

  private mutating func reach(in directory: [UInt8]) -> Reach {
    if let known = known[directory] { return known }
    let place = directory.isEmpty ? top : top.appending(FilePath(bytes: Array(directory.dropLast())))
    let reach = Self.reach(
      of: place.appending(".gitattributes"), isExpected: tracked.contains(directory), followsLinks: false)
    known[directory] = reach
    return reach
  }

  /// - Parameter isExpected: git has the file; where it is not on the disk, its rules hold all the same.
  private static func reach(of path: FilePath, isExpected: Bool, followsLinks: Bool) -> Reach {
    do throws(Failure) {
      guard try FileStatus(of: path, followsLinks: followsLinks).kind == .file else { return .everything }
      return reach(of: try readFile(path, limit: byteLimit).bytes)
    } catch {
      return error.code == .notFound && !isExpected ? .nothing : .everything
    }
  }

  private static let byteLimit = 1 << 20
  private static let words = ["filter", "ident", "working-tree-encoding"].map { Array($0.utf8) }

  private static func reach(of content: [UInt8]) -> Reach {
    var suffixes: [[UInt8]] = []
    for line in content.split(separator: .newline) where words.contains(where: { contains($0, in: line) }) {
      let fields = line.split { $0 == .space || $0 == .tab || $0 == .carriageReturn }
      guard let pattern = fields.first else { continue }
      if pattern.first == UInt8(ascii: "#") { continue }
      let suffix = pattern.dropFirst()
      let special = Array("*?[]\\/\"".utf8)
      guard pattern.first == .star, suffix.first == .dot, !suffix.contains(where: { special.contains($0) }) else {
        return .everything
      }
      suffixes.append(Array(suffix))
    }
    return suffixes.isEmpty ? .nothing : .suffixes(suffixes)
  }

  private static func contains(_ word: [UInt8], in line: ArraySlice<UInt8>) -> Bool {
    guard line.count >= word.count else { return false }
    return (line.startIndex...(line.endIndex - word.count)).contains { line[$0..<$0 + word.count] == word[...] }
  }
}
