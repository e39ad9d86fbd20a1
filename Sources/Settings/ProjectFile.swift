import Disk
package import Primitives

extension SettingValues {
  /// Sets `values` in the project's file at `root` (`cairn.toml`), which is made where there is none. What else stands
  /// in it, comments too, stays as it is. Gives the file's path.
  ///
  /// Throws `invalidConfiguration` where a line cannot be changed without risk, `invalidArgument` where the file is a
  /// link, and nothing is written then.
  package static func write(
    _ values: [Setting: Setting.Value], toProjectAt root: FilePath
  ) throws(Failure) -> FilePath {
    let file = root.appending(fileName)
    if let status = try? FileStatus(of: file, followsLinks: false), status.kind == .symbolicLink {
      // A link that came with a repository must not choose which file is rewritten.
      throw Failure(
        .invalidArgument, "it is a symbolic link, which is not written through; edit it by hand", path: file)
    }
    let isThere = fileExists(file)
    let old = isThere ? try readFile(file, limit: 64 << 10).bytes : []
    let nodes = isThere ? try TomlDocument.nodes(of: file) : []
    let text = try merged(old, nodes, values, file)
    var writer = try AtomicFile(replacing: file)
    try writer.write(Array(text.utf8))
    try writer.commit()
    return file
  }

  /// `old` with each value on the line of its name, or on a line of its own before the first table.
  private static func merged(
    _ old: [UInt8], _ nodes: [TomlDocument.Node], _ values: [Setting: Setting.Value], _ file: FilePath
  ) throws(Failure) -> String {
    var lines = String(decoding: old, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).map(
      String.init)
    if lines.last == "" { lines.removeLast() }
    var added: [String] = []
    for setting in Setting.all {
      guard let value = values[setting] else { continue }
      guard let node = nodes.first(where: { $0.key == setting.key }) else {
        added.append("\(setting.key) = \(value)")
        continue
      }
      let index = node.line - 1
      guard lines.indices.contains(index), let line = rewritten(lines[index], setting, value) else {
        throw Failure(
          .invalidConfiguration,
          "line \(node.line): \"\(setting.key)\" is not written in a way that can be changed safely; "
            + "set it to \(value) by hand", path: file)
      }
      lines[index] = line
    }
    // A line that opens a table would take what follows it into the table.
    let end = lines.firstIndex { $0.drop(while: \.isWhitespace).hasPrefix("[") } ?? lines.count
    lines.insert(contentsOf: added, at: end)
    return lines.joined(separator: "\n") + "\n"
  }

  /// `KEY = VALUE  # comment` with another value; nil if the line is anything else.
  private static func rewritten(_ line: String, _ setting: Setting, _ value: Setting.Value) -> String? {
    guard let equals = line.firstIndex(of: "=") else { return nil }
    let name = line[..<equals].filter { !$0.isWhitespace }
    guard name == setting.key || name == "\"\(setting.key)\"" else { return nil }
    let rest = line[line.index(after: equals)...].drop(while: \.isWhitespace)
    let held: Substring
    if rest.hasPrefix("\"") {
      // A text without escapes, which is what a setting's words look like.
      guard !rest.hasPrefix("\"\"\""), let close = rest.dropFirst().firstIndex(of: "\""), !rest[..<close].contains("\\")
      else { return nil }
      held = rest[...close]
    } else {
      held = rest.prefix { !$0.isWhitespace && $0 != "#" }
      guard !held.isEmpty, held.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) else { return nil }
    }
    let tail = rest[held.endIndex...]
    guard tail.allSatisfy(\.isWhitespace) || tail.drop(while: \.isWhitespace).hasPrefix("#") else { return nil }
    return "\(line[...equals]) \(value)\(tail)"
  }
}
