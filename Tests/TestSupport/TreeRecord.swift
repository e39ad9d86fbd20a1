import Disk
package import Primitives

/// What `lstat` and the content say of everything below a directory: whoever touched something there is found out.
package struct TreeRecord: Hashable, Sendable {
  package struct Entry: Hashable, Sendable {
    var kind: FileStatus.Kind
    var mode: UInt32
    var owner: UInt32
    var linkCount: Int
    var byteCount: Int
    var modified: Int64
    /// Owner, mode, links and names included.
    var changed: Int64
    /// Of a file of at most 1 MB; the target of a link.
    var content: [UInt8]

    /// Whether `later` is the same. Another name of the file may have come or gone: names are looked at where they are.
    func isUntouched(in later: Entry) -> Bool {
      var other = self
      if max(linkCount, later.linkCount) > 1 {
        other.linkCount = later.linkCount
        other.changed = later.changed
      }
      return other == later
    }
  }
  package private(set) var entries: [FilePath: Entry] = [:]

  /// - Parameters:
  ///   - leavingOut: paths relative to `root` that are not looked at, and nothing below them.
  ///   - withTimesOfDirectories: false if something may come and go in them that was left out.
  package init(_ root: FilePath, leavingOut: Set<FilePath> = [], withTimesOfDirectories: Bool = true) {
    add("", below: root, leavingOut, withTimesOfDirectories)
  }

  private mutating func add(_ path: FilePath, below root: FilePath, _ leavingOut: Set<FilePath>, _ withTimes: Bool) {
    let full = root.appending(path)
    guard let status = try? FileStatus(of: full, followsLinks: false) else { return }
    let isDirectory = status.kind == .directory
    var entry = Entry(
      kind: status.kind, mode: status.permissions, owner: status.owner,
      linkCount: isDirectory ? 0 : status.linkCount, byteCount: isDirectory ? 0 : status.byteCount,
      modified: status.modified, changed: status.changed, content: [])
    if isDirectory && !withTimes {
      entry.modified = 0
      entry.changed = 0
    }
    switch status.kind {
    case .file where status.byteCount <= 1_000_000: entry.content = (try? readFileBytes(full)) ?? []
    case .symbolicLink: entry.content = (try? readLink(full))?.bytes ?? []
    case .directory:
      for child in (try? listDirectory(full)) ?? [] where !leavingOut.contains(path.appending(child.name)) {
        // Deeper than a path can be, nothing is seen.
        if full.bytes.count < 3_000 { add(path.appending(child.name), below: root, leavingOut, withTimes) }
      }
    case .file, .other: break
    }
    entries[path] = entry
  }

  /// One line for each path that is new, gone or not as it was.
  package func differences(to later: TreeRecord) -> [String] {
    Set(entries.keys).union(later.entries.keys).sorted().compactMap { path in
      switch (entries[path], later.entries[path]) {
      case (nil, _?): "\(path) was made"
      case (_?, nil): "\(path) was removed"
      case (let before?, let after?) where !before.isUntouched(in: after):
        before.content != after.content
          ? "\(path) has another content" : "\(path) was touched (mode, owner, links or times)"
      default: nil
      }
    }
  }
}

extension FilePath {
  /// For C functions.
  package var terminated: [CChar] { bytes.map { CChar(bitPattern: $0) } + [0] }
}
