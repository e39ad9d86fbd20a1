import JSON
package import Primitives

/// A model whose files are on this machine.
package struct InstalledModel: Hashable, Sendable {
  package struct File: Hashable, Sendable {
    /// In the model's directory.
    package var path: String
    package var byteCount: Int
    package var sha256: String
    /// Whether the hash was known before the file came; else it is that of the first download.
    package var wasVerified: Bool
  }

  package var name: String
  /// Where the files are.
  package var directory: FilePath
  /// Whether the directory is the user's own, which was only made known.
  package var isAdded: Bool
  /// `owner/name@commit` on the hub.
  package var source: String?
  package var files: [File]

  package init(name: String, directory: FilePath, isAdded: Bool, source: String?, files: [File]) {
    self.name = name
    self.directory = directory
    self.isAdded = isAdded
    self.source = source
    self.files = files
  }
}

extension InstalledModel {
  /// What `cairn-model.json` says.
  var manifest: JSONValue {
    var members: [JSONValue.Member] = [.init("name", .string(name))]
    // Bytes that are not UTF-8 cannot stand in JSON; such a directory is not taken.
    if isAdded { members.append(.init("directory", .string(directory.description))) }
    if let source { members.append(.init("source", .string(source))) }
    let files = files.map { file in
      JSONValue.object([
        .init("path", .string(file.path)), .init("bytes", .integer(file.byteCount)),
        .init("sha256", .string(file.sha256)), .init("verified", .boolean(file.wasVerified)),
      ])
    }
    members.append(.init("files", .array(files)))
    return .object(members)
  }

  /// Reads the manifest of the model in `path`, a directory of the store.
  init?(manifest: JSONValue, at path: FilePath) {
    guard let name = manifest["name"]?.string else { return nil }
    let added = manifest["directory"]?.string
    self.init(
      name: name, directory: added.map { FilePath($0) } ?? path, isAdded: added != nil,
      source: manifest["source"]?.string, files: [])
    for entry in manifest["files"]?.array ?? [] {
      guard let path = entry["path"]?.string, let byteCount = entry["bytes"]?.integer,
        let sha256 = entry["sha256"]?.string
      else { return nil }
      files.append(
        File(path: path, byteCount: byteCount, sha256: sha256, wasVerified: entry["verified"]?.boolean ?? false))
    }
  }
}
