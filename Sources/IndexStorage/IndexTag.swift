import Disk
package import Primitives

/// Makes and checks the tags by which Cairn knows an index directory of its own again: the file `cairn.tag`.
///
/// A tag proves that this user made it on this machine: it holds a random number and a code over it that only who has
/// the user's key can make. No checkout and no archive that somebody else packed can bring one. Where no key can be
/// kept, the code is over the directory's place on the disk (device, number, time of birth) instead, which nobody can
/// choose. A copy of a tagged directory that the same user makes keeps a valid tag.
package struct IndexTagger: Sendable {
  static let fileName: FilePath = "cairn.tag"
  private static let title = "cairn index tag 1"
  private static let byteLimit = 256

  private let keyDirectory: FilePath?

  /// - Parameter keyDirectory: where the user's key lies or is made when the first tag is; nil if none can be kept.
  package init(keyDirectory: FilePath?) { self.keyDirectory = keyDirectory }

  enum Finding { case valid, missing, invalid }

  /// Why the user's key cannot be used, with the remedy; nil if it can, or if there is none.
  package var keyProblem: String? { keyDirectory.flatMap { UserKey.problem(in: $0) } }

  /// What to say of a tag that does not hold.
  var wordsForInvalid: String {
    if let keyProblem { return "its tag cannot be checked: \(keyProblem)" }
    return "its tag is not one that you made on this machine"
  }

  /// What there is of a tag in `directory`.
  func check(_ directory: OpenDirectory) -> Finding {
    let file = HeldName(Self.fileName, in: directory, path: Self.fileName)
    let content: (bytes: [UInt8], status: FileStatus)
    do throws(Failure) { content = try file.read(limit: Self.byteLimit) } catch {
      return error.code == .notFound ? .missing : .invalid
    }
    guard content.status.permissions & 0o077 == 0 else { return .invalid }
    let lines = String(decoding: content.bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count == 4, lines[0] == Self.title, lines[3].isEmpty, lines[1].utf8.count == 32 else { return .invalid }
    let id = String(lines[1])
    if let keyDirectory, let key = UserKey(in: keyDirectory), lines[2] == Self.line(id, key) { return .valid }
    return lines[2] == Self.line(id, placeOf: directory) ? .valid : .invalid
  }

  /// Gives `directory` a tag.
  func tag(_ directory: OpenDirectory, _ path: FilePath) throws(Failure) {
    let id = try randomBytes(16).hexadecimal
    let key = keyDirectory.flatMap { UserKey(makingIn: $0) }
    let line = key.map { Self.line(id, $0) } ?? Self.line(id, placeOf: directory)
    var file = try AtomicFile(HeldName(Self.fileName, in: directory, path: path.appending(Self.fileName)))
    try file.write(Array("\(Self.title)\n\(id)\n\(line)\n".utf8))
    try file.commit()
  }

  private static func line(_ id: String, _ key: UserKey) -> String {
    "key " + messageCode(of: Array("\(title)\n\(id)\n".utf8), key: key.bytes).hexadecimal
  }

  private static func line(_ id: String, placeOf directory: OpenDirectory) -> String {
    guard let status = try? directory.status() else { return "" }
    let place = "\(title)\n\(id)\n\(status.device) \(status.inode) \(directory.birthTime)\n"
    return "place " + messageCode(of: Array(place.utf8), key: []).hexadecimal
  }
}
