import Disk
package import Primitives

/// What the user chose on the command line that built the index, kept beside the catalog (`options`), so that later runs see the same
/// files.
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
      throw error
    }
    var lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    if lines.popLast() == "", lines.popLast() != nil {
      let options = lines.map(String.init)
      if bytes == Self.text(of: options) { return options }
    }
    throw Failure(
      .damaged,
      "the options that were named when the index was built cannot be read; name them again with `cairn index`",
      path: path.appending(name))
  }

  /// Keeps `options`, lines of text; nothing is kept of none.
  package func keep(options: [String]) throws(Failure) {
    var written = try AtomicFile(file(Self.optionsName))
    try written.write(Self.text(of: options))
    try written.commit(isDurable: false)
  }

  private static func text(of options: [String]) -> [UInt8] {
    let lines = Array(options.map { $0 + "\n" }.joined().utf8)
    return lines + Array("# \(String(checksum(lines.span), radix: 16))\n".utf8)
  }
}
