import Disk
package import Primitives

/// Whether the git repository around `directory` (absolute, without links) tracks it or something below it, so that the
/// next checkout may write there. Reads no more of the repository's index than it takes: entries are sorted. False
/// where there is no repository, or its index cannot be read.
package func gitTracks(_ directory: FilePath) -> Bool {
  var top = directory.parent
  while !top.isEmpty {
    if let repository = try? GitRepository.directory(forWorkTree: top, isNeeded: false),
      let path = directory.relative(to: top)
    {
      return tracks(path, repository)
    }
    if top.parent == top { return false }
    top = top.parent
  }
  return false
}

/// Bytes of the index that are read first; the entries of a directory whose name begins with a dot are among the first.
private let beginningByteCount = 1 << 16

private func tracks(_ path: FilePath, _ repository: FilePath) -> Bool {
  let file = repository.appending("index")
  guard let beginning = try? readFile(file, upTo: beginningByteCount) else { return false }
  let config: GitConfig
  do throws(Failure) {
    var own = try GitConfig(environment: GitEnvironment(), gitDirectory: repository)
    try own.read(GitRepository.commonDirectory(of: repository).appending("config"))
    config = own
  } catch { return false }
  let byteCount = config.objectIDByteCount
  // Where the index is split, most of it lies in another file: rare, so reading all is fast enough.
  let isSplit = ((try? listDirectory(repository)) ?? []).contains { $0.name.bytes.starts(with: "sharedindex.".utf8) }
  if isSplit || config.ignoresCase {
    guard let whole = try? DecidingFile.map(file, limit: indexByteLimit) else { return false }
    let index = GitIndex(whole.bytes, objectIDByteCount: byteCount, foldsCase: config.ignoresCase) { name, read in
      if let shared = try? DecidingFile.map(repository.appending(name), limit: indexByteLimit) { read(shared.bytes) }
    }
    return index.tracksAnything(below: path.bytes.span) || index.tracksFile(path.bytes.span)
      || index.tracksRepository(path.bytes.span)
  }
  let scan = GitIndexScan(path.bytes, objectIDByteCount: byteCount)
  if let answer = scan.finds(in: beginning.bytes.span) { return answer }
  // Mapped, so that one that was made huge takes no memory of the process' own.
  guard beginning.status.byteCount > beginningByteCount, beginning.status.byteCount <= indexByteLimit,
    let whole = try? MappedFile(file)
  else { return false }
  return scan.finds(in: whole.bytes) ?? false
}

/// No name of an entry is longer: the system takes no such path.
private let nameByteLimit = 1 << 16
/// The walk takes no larger one for git's either.
private let indexByteLimit = GitRepository.indexByteLimit

/// Looks for one path in the entries of an index file, without keeping any.
package struct GitIndexScan {
  private let wanted: [UInt8]
  private let objectIDByteCount: Int

  package init(_ path: [UInt8], objectIDByteCount: Int) {
    wanted = path + [.slash]
    self.objectIDByteCount = objectIDByteCount
  }

  /// Whether `content`, the beginning of an index file, has an entry for the path or for one below it; nil if the
  /// content ends before that is certain.
  package func finds(in content: Span<UInt8>) -> Bool? {
    guard content.count >= 12, let version = number(content, 4), (2...4).contains(version),
      content[0] == UInt8(ascii: "D"), content[1] == UInt8(ascii: "I"), content[2] == UInt8(ascii: "R"),
      content[3] == UInt8(ascii: "C"), let entryCount = number(content, 8)
    else { return false }
    var offset = 12
    // Of version 4: the name before.
    var name: [UInt8] = []
    for _ in 0..<entryCount {
      let start = offset
      let flags = start + 40 + objectIDByteCount
      guard flags + 4 <= content.count else { return nil }
      offset = flags + (version >= 3 && content[flags] & 0x40 != 0 ? 4 : 2)
      if version == 4 {
        var dropped = 0
        while true {
          guard offset < content.count else { return nil }
          let byte = content[offset]
          offset += 1
          dropped = dropped << 7 | Int(byte & 0x7F)
          if byte < 0x80 { break }
          dropped += 1
          if dropped > 1 << 30 { return false }
        }
        guard dropped <= name.count else { return false }
        name.removeLast(dropped)
      }
      let nameStart = offset
      if version < 4 {
        // The length is in the flags, unless it is too long for them.
        let count = Int(content[flags] & 0x0F) << 8 | Int(content[flags + 1])
        offset += count < 0xFFF ? count : 0
      }
      while true {
        guard offset < content.count else { return nil }
        if content[offset] == 0 { break }
        offset += 1
        if offset - nameStart > nameByteLimit { return false }
      }
      let order: Int
      if version == 4 {
        for i in nameStart..<offset { name.append(content[i]) }
        order = compare(name.span)
      } else {
        order = compare(content.extracting(nameStart..<offset))
      }
      if order == 0 { return true }
      if order > 0 { return false }
      offset += 1
      if version < 4 { offset = start + (offset - start + 7) & ~7 }
    }
    return false
  }

  /// 0 if `name` is the path or lies below it, else its order against what lies below it.
  private func compare(_ name: Span<UInt8>) -> Int {
    for i in 0..<min(name.count, wanted.count) where name[i] != wanted[i] { return name[i] < wanted[i] ? -1 : 1 }
    return name.count >= wanted.count - 1 ? 0 : -1
  }

  private func number(_ content: Span<UInt8>, _ offset: Int) -> Int? {
    guard offset + 4 <= content.count else { return nil }
    return Int(content[offset]) << 24 | Int(content[offset + 1]) << 16 | Int(content[offset + 2]) << 8
      | Int(content[offset + 3])
  }
}
