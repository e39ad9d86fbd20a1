import Disk
package import HTTP
package import Primitives

/// Fetches models from a hub into a store. A download that was stopped goes on where it was; a file counts only when
/// its hash is the published one; a model appears in the store whole or not at all.
package struct ModelPull {
  package struct Progress: Hashable, Sendable {
    /// The file that is being fetched.
    package var file: String
    /// Of all files of the model.
    package var bytesDone: Int
    /// Unknown where neither the registry nor the server says it.
    package var bytesTotal: Int?
  }

  private let store: ModelStore
  private let hub: Hub
  private let retries: RetryPolicy
  private let clock: any WaitingClock
  private let cancellation: Cancellation?
  /// Called now and then, on the calling thread.
  private let progress: (Progress) -> Void

  package init(
    store: ModelStore, hub: Hub, retries: RetryPolicy = RetryPolicy(), clock: any WaitingClock = SystemClock(),
    cancellation: Cancellation? = nil, progress: @escaping (Progress) -> Void = { _ in }
  ) {
    self.store = store
    self.hub = hub
    self.retries = retries
    self.clock = clock
    self.cancellation = cancellation
    self.progress = progress
  }

  /// Fetches a model of the registry, in one precision. What is there already is not fetched again.
  ///
  /// Throws what the hub and the disk throw, and `.damaged` for a file whose hash is not the published one. Blocks.
  package func pull(
    _ model: RegisteredModel, _ precision: RegisteredModel.Precision
  ) throws(Failure) -> InstalledModel {
    guard model.precisions.contains(precision) else {
      let names = model.precisions.map(\.rawValue).joined(separator: ", ")
      throw Failure(
        .invalidArgument, "\(model.name) is not published in \(precision.rawValue)",
        remedy: Remedy(.choosePrecision, names))
    }
    return try pull(model, files: try complete(model, model.files(for: precision)), addsSettings: true)
  }

  /// Fetches a model by the name of its repository, which says itself how the model is asked.
  package func pull(
    repository: String, name: String, _ precision: RegisteredModel.Precision
  ) throws(Failure) -> InstalledModel {
    let commit = try hub.commit(of: repository, "main", cancellation: cancellation)
    let listed = try hub.files(of: repository, commit, cancellation: cancellation)
    let model = try RegisteredModel(repository: repository, commit: commit, name: name, listed: listed, precision)
    return try pull(model, files: model.files, addsSettings: false)
  }

  /// Adds what the hub says of files whose hash the registry does not have. A hub that says nothing leaves them as they
  /// are.
  private func complete(
    _ model: RegisteredModel, _ files: [RegisteredModel.File]
  ) throws(Failure) -> [RegisteredModel.File] {
    var files = files
    var listings: [String: [Hub.ListedFile]] = [:]
    for i in files.indices where files[i].sha256 == nil {
      let repository = files[i].repository ?? model.repository
      let revision = files[i].revision ?? model.revision
      if listings[repository] == nil {
        listings[repository] = (try? hub.files(of: repository, revision, cancellation: cancellation)) ?? []
      }
      guard let listed = listings[repository]?.first(where: { $0.path == files[i].source }) else { continue }
      files[i].sha256 = listed.sha256
      files[i].byteCount = files[i].byteCount ?? listed.byteCount
    }
    return files
  }

  private func pull(
    _ model: RegisteredModel, files: [RegisteredModel.File], addsSettings: Bool
  ) throws(Failure) -> InstalledModel {
    let target = store.directory.appending(model.name)
    let staging = store.directory.appending(".partial").appending("\(model.name)@\(model.revision.prefix(12))")
    try makeDirectory(staging)
    let lockPath = FilePath(bytes: staging.bytes + Array(".lock".utf8))
    guard let lock = try FileLock(lockPath) else {
      throw Failure(
        Failure.Code(rawValue: "locked"), "another process is fetching this model: wait for it to finish", path: staging
      )
    }
    defer { withExtendedLifetime(lock) {} }

    var installed = InstalledModel(
      name: model.name, directory: target, isAdded: false, source: "\(model.repository)@\(model.revision)", files: [])
    let held = try store.model(named: model.name)
    if let held {
      guard !held.isAdded, held.source == installed.source else {
        throw Failure(
          .invalidArgument,
          "there is another model \(model.name) already", path: target, remedy: Remedy(.removeModel, model.name))
      }
      installed.files = held.files
    }
    let wanted = files.filter { file in
      !installed.files.contains { $0.path == file.target } || !fileExists(target.appending(file.target))
    }
    var total: Int? = 0
    for file in wanted { total = file.byteCount.flatMap { count in total.map { $0 + count } } }
    var done = 0
    for file in wanted {
      let fetched = try fetch(file, of: model, into: staging, done: done, total: total)
      done += fetched.byteCount
      installed.files.removeAll { $0.path == fetched.path }
      installed.files.append(fetched)
    }
    if held == nil, addsSettings { try addSettings(of: model, in: staging, to: &installed) }
    try move(installed, from: staging, isNew: held == nil)
    try? removeFile(lockPath)
    return installed
  }

  /// Fetches one file and checks it. One that is complete already is only checked.
  private func fetch(
    _ file: RegisteredModel.File, of model: RegisteredModel, into staging: FilePath, done: Int, total: Int?
  ) throws(Failure) -> InstalledModel.File {
    let target = staging.appending(file.target)
    let part = FilePath(bytes: target.bytes + Array(".part".utf8))
    if !fileExists(target) {
      try makeDirectory(target.parent)
      let url = hub.url(file.repository ?? model.repository, file.revision ?? model.revision, file.source)
      do throws(Failure) {
        try hub.client.download(
          url, to: part, byteLimit: file.byteCount ?? 64 << 30, retries: retries, clock: clock,
          cancellation: cancellation
        ) { count, ofFile in
          // One file of unknown size among several says nothing of the whole; a single one does.
          progress(Progress(file: file.target, bytesDone: done + count, bytesTotal: total ?? ofFile.map { done + $0 }))
        }
      } catch {
        var failure = error
        failure.message += "; what came is kept, and another try goes on from there"
        throw failure
      }
    }
    let (byteCount, hash) = try sha256(of: fileExists(target) ? target : part)
    if let expected = file.sha256, expected != hash {
      try removeFile(part)
      try removeFile(target)
      throw Failure(
        .damaged,
        "\(file.source) of \(model.repository) is not the published file, so nothing was installed: try again",
        cause: "its SHA-256 is \(hash), not \(expected)")
    }
    if let expected = file.byteCount, expected != byteCount {
      try removeFile(part)
      throw Failure(
        .damaged,
        "\(file.source) of \(model.repository) is not the published file, so nothing was installed: try again",
        cause: "it has \(byteCount) bytes, not \(expected)")
    }
    if !fileExists(target) { try renameFile(part, to: target) }
    return InstalledModel.File(
      path: file.target, byteCount: byteCount, sha256: hash, wasVerified: file.sha256 != nil)
  }

  private func addSettings(
    of model: RegisteredModel, in staging: FilePath, to installed: inout InstalledModel
  ) throws(Failure) {
    for (target, content) in model.settings {
      let path = staging.appending(target)
      try makeDirectory(path.parent)
      try store.write(content, to: path)
      let (byteCount, hash) = try sha256(of: path)
      installed.files.append(
        InstalledModel.File(path: target, byteCount: byteCount, sha256: hash, wasVerified: true))
    }
  }

  /// Gives the complete model its name.
  private func move(_ model: InstalledModel, from staging: FilePath, isNew: Bool) throws(Failure) {
    if isNew, !fileExists(model.directory) {
      try store.write(model.manifest, to: staging.appending(ModelStore.manifestName))
      try renameFile(staging, to: model.directory)
    } else {
      // More files for a model that is there, or a directory that a removed model left with files of the user's.
      for file in model.files where fileExists(staging.appending(file.path)) {
        let target = model.directory.appending(file.path)
        try makeDirectory(target.parent)
        try renameFile(staging.appending(file.path), to: target)
      }
      try store.write(model)
    }
    try syncDirectory(store.directory)
  }

  private func sha256(of path: FilePath) throws(Failure) -> (byteCount: Int, hash: String) {
    let file = try MappedFile(path)
    let hash = SHA256.hash(of: file.bytes)
    try file.checkWhole()
    return (file.byteCount, hash)
  }
}
