import Glibc
package import Primitives

/// A secret of the user, 32 random bytes in a file of their own: what was made with it was made by this user on this
/// machine.
package struct UserKey: Sendable {
  package static let fileName: FilePath = "key"
  private static let byteCount = 32

  package let bytes: [UInt8]

  /// The key in `directory`, or nil if there is none that can be believed: the directory must belong to the user and be
  /// writable for nobody else, the file must be a regular one that belongs to the user and that nobody else may read.
  package init?(in directory: FilePath) {
    guard let held = try? OpenDirectory(notFollowing: directory), let key = Self.read(held) else {
      return nil
    }
    bytes = key
  }

  /// The same; makes directory and key where they are missing. Of several processes that do so at once, all get the
  /// same key.
  package init?(makingIn directory: FilePath) {
    guard let held = Self.make(directory) else { return nil }
    if let key = Self.read(held) {
      bytes = key
      return
    }
    guard (try? held.status(of: Self.fileName)) == nil, (try? Self.write(held)) != nil,
      let key = Self.read(held)
    else { return nil }
    bytes = key
  }

  /// Why what is in the place of the key in `directory` cannot be used, with the remedy; nil if it can, or where
  /// nothing is there.
  package static func problem(in directory: FilePath) -> String? {
    let path = directory.appending(fileName)
    guard let status = try? FileStatus(of: path, followsLinks: false), Self(in: directory) == nil else { return nil }
    let anew = "remove it and Cairn makes a new one"
    if let above = try? FileStatus(of: directory), above.owner != effectiveUser || above.permissions & 0o022 != 0 {
      return "others may write in \(directory), where your key is: `chmod 700` it"
    }
    if status.kind != .file { return "your key \(path) is not a regular file: \(anew)" }
    if status.owner != effectiveUser { return "your key \(path) belongs to another user: \(anew)" }
    if status.permissions & 0o077 != 0 { return "others may read your key \(path): `chmod 600` it, or \(anew)" }
    return "your key \(path) is damaged: \(anew)"
  }

  private static func read(_ held: OpenDirectory) -> [UInt8]? {
    guard let directory = try? held.status(), directory.owner == effectiveUser, directory.permissions & 0o022 == 0
    else {
      return nil
    }
    guard let (bytes, file) = try? held.readFile(fileName, limit: byteCount), file.owner == effectiveUser,
      file.permissions & 0o077 == 0, bytes.count == byteCount
    else { return nil }
    return bytes
  }

  private static func make(_ directory: FilePath) -> OpenDirectory? {
    if let held = try? OpenDirectory(notFollowing: directory) { return held }
    guard (try? Disk.makeDirectory(directory.parent, mode: 0o700)) != nil,
      let above = try? OpenDirectory(directory.parent)
    else {
      return nil
    }
    return try? above.makeDirectory(directory.lastComponent)
  }

  /// Written under another name and then linked, which only the first of several can: the others take its key.
  private static func write(_ held: OpenDirectory) throws(Failure) {
    let temporary = FilePath("key-\(try randomBytes(8).hexadecimal)\(AtomicFile.temporarySuffix)")
    do {
      var file = try AtomicFile(HeldName(temporary, in: held, path: temporary))
      try file.write(try randomBytes(byteCount))
      try file.commit()
    }
    defer { try? held.remove(temporary) }
    _ = try held.link(temporary, as: fileName)
    try held.sync()
  }
}
