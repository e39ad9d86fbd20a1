package import Disk
package import Primitives

/// What the user chose on the command line that built the index, kept beside the catalog (`options`), so that later
/// runs see the same files.
///
/// A line `key = value` for each, then `# HEX`, the checksum of the lines before it.
extension IndexDirectory {
  static let optionsName: FilePath = "options"
  /// More is no file of ours.
  private static let optionsByteLimit = 1 << 16

  /// The lines before the checksum; none where nothing was kept. Throws `.damaged` where they are not what was written.
  package func options() throws(Failure) -> [String] {
    let name = Self.optionsName
    let bytes: [UInt8]
    do throws(Failure) { bytes = try file(name).read(limit: Self.optionsByteLimit).bytes } catch {
      if error.code == .notFound { return [] }
      guard error.code == .damaged else { throw error }
      throw Failure(
        .damaged,
        "this is not the file in which Cairn kept the options that were named when the index was built, and is "
          + "not read: the next run takes it away (a directory that holds something is yours to move), then name them "
          + "again",
        path: error.path, cause: error.cause, remedy: .index)
    }
    if let options = Self.options(in: bytes) { return options }
    throw Failure(
      .damaged,
      "the options that were named when the index was built cannot be read: name them again, or remove this file",
      path: path.appending(name), remedy: .index)
  }

  /// Whether `bytes` are what is kept of some options.
  static func isOptions(_ bytes: [UInt8]) -> Bool { options(in: bytes) != nil }

  private static func options(in bytes: [UInt8]) -> [String]? {
    var lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.popLast() == "", lines.popLast() != nil else { return nil }
    let options = lines.map(String.init)
    return bytes == text(of: options) ? options : nil
  }

  /// Keeps `options`, lines of text; nothing is kept of none.
  package func keep(options: [String]) throws(Failure) {
    removeForeignOptions()
    try write(Self.text(of: options), to: Self.optionsName, isDurable: false)
  }

  /// What tells whether the options are others than before; nil where nothing was kept.
  package func statusOfOptions() -> FileStatus? { try? held.status(of: Self.optionsName) }

  /// Removes what is in place of the options and is no file of Cairn's, such as a link, but for a directory that
  /// holds something: nothing in it could be believed, and it would be told of in each run.
  func removeForeignOptions() {
    guard let status = try? held.status(of: Self.optionsName), let owner = try? held.status().owner,
      !status.isOwnFile(of: owner)
    else { return }
    try? held.remove(Self.optionsName)
  }

  private static func text(of options: [String]) -> [UInt8] {
    let lines = Array(options.map { $0 + "\n" }.joined().utf8)
    return lines + Array("# \(String(checksum(lines.span), radix: 16))\n".utf8)
  }
}
