import Disk
import JSON
package import Primitives

/// The models on this machine, in one directory of the user's:
///
///     all-MiniLM-L6-v2/                 a model that was pulled, with its files as the hub has them
///     all-MiniLM-L6-v2/cairn-model.json what it is, where it came from, the hash of each file
///     mine/cairn-model.json             a directory elsewhere that was made known by `cairn model add`
///     .partial/                         downloads that are not complete
///     .known.json                       which model each vector's identity belongs to
///
/// Reads the disk at each call. Several processes may use one store; what appears in it appears whole.
package struct ModelStore: Hashable, Sendable {
  static let manifestName = "cairn-model.json"

  package let directory: FilePath

  package init(directory: FilePath) { self.directory = directory }

  /// Every model, by name. A directory that is no model is skipped.
  package func models() throws(Failure) -> [InstalledModel] {
    guard fileExists(directory) else { return [] }
    var models: [InstalledModel] = []
    for entry in try listDirectory(directory) where entry.name.bytes.first != UInt8(ascii: ".") {
      guard let text = entry.name.utf8Text, let model = try model(named: text) else { continue }
      models.append(model)
    }
    return models.sorted { $0.name < $1.name }
  }

  /// The model of exactly that name, or nil if there is none. Throws `.damaged` for one whose manifest cannot be read.
  package func model(named name: String) throws(Failure) -> InstalledModel? {
    guard Self.isName(name) else { return nil }
    let path = directory.appending(name)
    let manifest = path.appending(Self.manifestName)
    guard fileExists(manifest) else { return nil }
    let document: JSONValue
    do throws(Failure) {
      document = try JSONValue(parsing: try readFile(manifest, limit: 1 << 20).bytes)
    } catch {
      throw damaged(name, manifest, error.description)
    }
    guard let model = InstalledModel(manifest: document, at: path), model.name == name else {
      throw damaged(name, manifest, "it does not describe a model of this name")
    }
    return model
  }

  /// Makes the model in `path` known as `name`. The files stay where they are. The caller has checked that it is a
  /// model.
  package func add(_ path: FilePath, name: String) throws(Failure) -> InstalledModel {
    try checkIsFree(name)
    guard path.utf8Text != nil else {
      throw Failure(.invalidArgument, "the path is not UTF-8; move the model elsewhere", path: path)
    }
    let model = InstalledModel(name: name, directory: path, isAdded: true, source: nil, files: [])
    try makeDirectory(directory.appending(name))
    try write(model)
    return model
  }

  /// Forgets the model; what was pulled is deleted, what was added stays where it is.
  package func remove(_ model: InstalledModel) throws(Failure) {
    let modelDirectory = directory.appending(model.name)
    // Without its manifest it is no model any more, whatever happens after.
    try removeFile(modelDirectory.appending(Self.manifestName))
    // Beside the files that were fetched lies the hash of the weights, which the process that opened them kept.
    for path in model.files.map(\.path) + [".cairn-hash"] { try removeFile(modelDirectory.appending(path)) }
    try removeEmptyDirectories(modelDirectory)
  }

  /// Whether `name` may name a model here: it becomes the name of a directory.
  package static func isName(_ name: String) -> Bool {
    guard let first = name.utf8.first, first != UInt8(ascii: "."), first != UInt8(ascii: "-"), name.utf8.count <= 100
    else { return false }
    return name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
        true
      default: false
      }
    }
  }

  /// Throws where `name` cannot be given to another model.
  func checkIsFree(_ name: String) throws(Failure) {
    guard Self.isName(name) else {
      throw Failure(
        .invalidArgument,
        "\"\(name)\" cannot name a model: a name is of letters, digits, dots, dashes and underscores",
        remedy: Remedy(.renameModel))
    }
    guard name.lowercased() != "builtin", try model(named: name) == nil else {
      throw Failure(
        .invalidArgument, "there is a model \(name) already", remedy: Remedy(.renameModel, name, or: .removeModel))
    }
  }

  func write(_ model: InstalledModel) throws(Failure) {
    try write(model.manifest, to: directory.appending(model.name).appending(Self.manifestName))
  }

  func write(_ document: JSONValue, to path: FilePath) throws(Failure) {
    var file = try AtomicFile(path)
    try file.write(document.bytes + [UInt8(ascii: "\n")])
    try file.commit()
  }

  /// Removes what is empty below `place`, and `place` itself if it is then empty; a user's own files stay.
  private func removeEmptyDirectories(_ path: FilePath) throws(Failure) {
    guard fileExists(path) else { return }
    for entry in try listDirectory(path) where entry.kind == .directory {
      try removeEmptyDirectories(path.appending(entry.name))
    }
    if try listDirectory(path).isEmpty { try removeDirectory(path) }
  }

  private func damaged(_ name: String, _ manifest: FilePath, _ cause: String) -> Failure {
    Failure(
      .damaged, "the model \(name) is damaged, and must be removed and pulled or added again", path: manifest,
      cause: cause,
      remedy: Remedy(.removeModel, name))
  }
}
