import Catalog
import Disk
import Embedding
import IndexStorage
import Indexing
import Primitives
import Segments

// With `local_first` two indexes lie side by side: the built-in model's, which takes seconds and answers at once, and the chosen
// model's in a directory below it, which takes over when it is complete.

extension Workspace {
  /// More files that differ are left to `cairn index`: a question is not kept waiting for them.
  private static let patience = 16

  /// The model whose vectors are filled in after the built-in one's, or nothing where there is none.
  func laterModel() throws(Failure) -> ModelChoice? {
    guard configuration.isLocalFirst, let choice = try chosenModel(), choice != .builtIn else { return nil }
    return choice
  }

  /// Brings both indexes up to date, the built-in model's first.
  func index(
    and later: ModelChoice, rebuild: Bool, _ trace: (any TraceSink)?, _ progress: (@Sendable (IndexProgress) -> Void)?
  ) async throws(Failure) -> IndexReport {
    var report = try await fill(
      place.site, with: try models.open(.builtIn), rebuild: rebuild, trace: trace, progress)
    let model: OpenedModel
    do throws(Failure) { model = try namingOrigin { () throws(Failure) in try models.open(later) } } catch {
      var failure = error
      failure.message += "; the index of the built-in model is up to date"
      throw failure
    }
    report.later = [try await fillLater(later, with: model, rebuild: rebuild, progress)]
    return report
  }

  /// What answers in place of the built-in model's index, or why that one answers.
  enum LaterIndex: Sendable {
    case answers(IndexSnapshot, OpenedModel)
    case isBehind(CairnError)
  }

  /// The other model's index, brought up to date where that takes a moment only.
  func laterIndex(_ later: ModelChoice, mayUpdate: Bool) async -> LaterIndex {
    let site = laterSite(later)
    do throws(Failure) {
      // What could not be read is missing in both.
      guard let held = try? indexStatus(site), held.isComplete || !held.unread.isEmpty else {
        return .isBehind(behind(later, held: (try? indexStatus(site))?.fileCount ?? 0))
      }
      let differing = try differingFileCount(site)
      guard differing <= Self.patience else { return .isBehind(behind(later, held: held.fileCount - differing)) }
      let isDamaged = !held.damagedSegments.isEmpty
      // An endpoint need not be asked for what the index knows.
      let model = try models.open(later, knownDimensions: held.identity?.dimensions)
      if differing > 0 || isDamaged, mayUpdate { _ = try await fillLater(later, with: model, rebuild: false, nil) }
      return .answers(
        try openSnapshot(site, model: model.identity), model)
    } catch {
      return .isBehind(
        CairnError(
          CairnError.Code(rawValue: error.code.rawValue), "the built-in model answered: \(error.message)",
          path: error.path.map { Path($0) }, cause: error.cause, remedy: CairnError.Remedy(error.remedy)))
    }
  }

  /// How far the other model's index is: its files, of those that the built-in model's index has.
  func laterStatus() -> (modelName: String, fileCount: Int, isComplete: Bool)? {
    guard let later = try? laterModel() else { return nil }
    let held = try? indexStatus(laterSite(later))
    return (held?.identity?.modelName ?? later.text, held?.fileCount ?? 0, held?.isComplete ?? false)
  }

  private func fillLater(
    _ later: ModelChoice, with model: OpenedModel, rebuild: Bool, _ progress: (@Sendable (IndexProgress) -> Void)?
  ) async throws(Failure) -> IndexReport {
    let site = laterSite(later)
    let generation = try indexStatus(place.site).generation
    let report = try await fill(site, with: model, rebuild: rebuild, progress)
    try site.open().write(Array("\(generation)\n".utf8), to: IndexDirectory.markName)
    return report
  }

  /// Files that the other index does not have as the built-in model's has them. Nothing is compared while nothing was
  /// committed since both were equal.
  private func differingFileCount(_ site: IndexSite) throws(Failure) -> Int {
    let local = try place.site.open().catalog(.reading)
    let mark = try site.open().content(of: IndexDirectory.markName, limit: 64) ?? []
    if mark == Array("\(try local.snapshot().generation)\n".utf8) { return 0 }
    var contents: [FilePath: ContentHash] = [:]
    for file in try site.open().catalog(.reading).files() {
      contents[file.path] = file.contentHash
    }
    var differing = 0
    for file in try local.files() where contents.removeValue(forKey: file.path) != file.contentHash { differing += 1 }
    return differing + contents.count
  }

  private func behind(_ later: ModelChoice, held: Int) -> CairnError {
    let all = (try? indexStatus(place.site).fileCount) ?? 0
    return CairnError(
      .modelBehind,
      "the built-in model answered: the index of \(later.text) holds \(max(0, min(held, all))) of \(all) files",
      remedy: .index)
  }

  /// Beside the built-in model's index, named after the model and what makes one model of that name another.
  func laterSite(_ later: ModelChoice) -> IndexSite {
    let name =
      switch later {
      case .builtIn: "builtin"
      case .named(let name), .endpoint(let name): name
      case .directory(let path): path.lastComponent.description
      }
    var key = later.text
    if case .endpoint = later { key += " " + configuration.embeddingEndpoint }
    let bytes = Array(key.utf8)
    let safe = name.unicodeScalars.map { scalar in
      scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "-")
        ? Character(scalar) : "-"
    }
    let hash = ContentHash(of: bytes.span).description.prefix(8)
    return place.site.inner(["models", FilePath("\(String(safe).prefix(60))-\(hash)")])
  }
}

extension CairnError.Code {
  /// The index of the chosen model is not complete, so another one answered.
  public static let modelBehind = Self(rawValue: "model-behind")
}
