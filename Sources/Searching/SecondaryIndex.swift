import Catalog
import Embedding
package import IndexStorage
package import ModelOpening
import Primitives
import Retrieval
import Segments
import Settings

// With `local_first` two indexes lie side by side: the built-in model's, which takes seconds and answers at once, and
// the chosen model's in a directory below it, which takes over when it is complete.

/// The index that a slower model fills after the built-in model's.
package struct SecondaryIndex: Sendable {
  package let choice: ModelChoice
  /// Kept open between searches, as the other one is.
  package let index: StoredIndex

  /// Nil where nobody asked for one. Opens nothing; throws where the model that is named cannot be one.
  init?(
    _ settings: SettingValues, _ environment: EnvironmentVariables, _ embedder: CustomEmbedder?, beside site: IndexSite
  ) throws(Failure) {
    guard settings.boolean(.localFirst), let choice = try settings.chosenModel(environment, embedder),
      choice != .builtIn
    else { return nil }
    self.choice = choice
    index = StoredIndex(site.inner(["models", Self.name(of: choice, settings)]))
  }

  /// Named after the model and what makes one model of that name another.
  private static func name(of choice: ModelChoice, _ settings: SettingValues) -> FilePath {
    let name =
      switch choice {
      case .builtIn: "builtin"
      case .named(let name), .endpoint(let name), .custom(let name): name
      case .directory(let path): path.lastComponent.description
      }
    var key = choice.text
    if case .endpoint = choice { key += " " + settings.text(.embeddingEndpoint) }
    let bytes = Array(key.utf8)
    let safe = name.unicodeScalars.map { scalar in
      scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "-")
        ? Character(scalar) : "-"
    }
    let hash = ContentHash(of: bytes.span).description.prefix(8)
    return FilePath("\(String(safe).prefix(60))-\(hash)")
  }

  /// More files that differ are left to an index run: a search is not kept waiting for them.
  private static let patience = 16

  /// Who answers while the two indexes differ in `lag` files.
  package enum Standing: Equatable {
    case answers
    case answersAfterUpdate
    /// How many of the other index' files this one holds.
    case isBehind(fileCount: Int)
  }

  /// - Parameters:
  ///   - isFilled: whether its last run came to an end.
  ///   - needsMending: whether a part of it was found damaged.
  package static func standing(isFilled: Bool, lag: Int, fileCount: Int, needsMending: Bool, mayUpdate: Bool)
    -> Standing
  {
    guard isFilled else { return .isBehind(fileCount: fileCount) }
    guard lag <= patience else { return .isBehind(fileCount: fileCount - lag) }
    return mayUpdate && (lag > 0 || needsMending) ? .answersAfterUpdate : .answers
  }
}

extension IndexSession {
  /// Brings both indexes up to date, the built-in model's first.
  func fill(and secondary: SecondaryIndex, _ request: RunRequest) throws(Failure) -> UpdateReport {
    var report = try fill(index, with: try models.open(.builtIn), request)
    let model: OpenedModel
    do throws(Failure) {
      model = try naming(secondary.choice) { () throws(Failure) in try models.open(secondary.choice) }
    } catch {
      var failure = error
      failure.message += "; the index of the built-in model is up to date"
      throw failure
    }
    var next = request
    next.trace = nil
    report.later = [try fill(secondary, with: model, next)]
    return report
  }

  /// What answers in place of the built-in model's index, or why that one answers.
  enum SecondaryAnswer {
    case answers(IndexSnapshot, OpenedModel)
    case isBehind(Failure)
  }

  /// The secondary index, brought up to date where that takes a moment only.
  func answer(of secondary: SecondaryIndex, mayUpdate: Bool, _ context: SearchContext) -> SecondaryAnswer {
    do throws(Failure) {
      let isFilled = secondary.index.isFilled()
      let lag = isFilled ? try secondary.index.lag(behind: index) : 0
      let standing = SecondaryIndex.standing(
        isFilled: isFilled, lag: lag, fileCount: 0, needsMending: secondary.index.hasMarkedSegments(),
        mayUpdate: mayUpdate)
      // Its own count costs a look at every segment, and only a note needs it: it comes on top of the difference.
      if case .isBehind(let difference) = standing {
        let held = (try? secondary.index.status())?.fileCount ?? 0
        return .isBehind(behind(secondary, held: held + difference))
      }
      // An endpoint need not be asked for what the index knows.
      let model = try models(context).open(
        secondary.choice, knownDimensions: (try? secondary.index.identity())?.dimensions)
      if standing == .answersAfterUpdate {
        var request = RunRequest(cancellation: context.cancellation)
        request.waitsForEnd = false
        _ = try fill(secondary, with: model, request)
      }
      return .answers(try secondary.index.snapshot(model: model.identity), model)
    } catch {
      return .isBehind(
        Failure(
          error.code, "the built-in model answered: \(error.message)", path: error.path, cause: error.cause,
          remedy: error.remedy))
    }
  }

  /// How far the secondary index is: its files, of those that the built-in model's index has.
  package func secondaryStatus() -> (modelName: String, fileCount: Int, isComplete: Bool)? {
    guard let secondary = try? secondary.get() else { return nil }
    let held = try? secondary.index.status()
    return (held?.identity?.modelName ?? secondary.choice.text, held?.fileCount ?? 0, held?.isComplete ?? false)
  }

  private func fill(
    _ secondary: SecondaryIndex, with model: OpenedModel, _ request: RunRequest
  ) throws(Failure) -> UpdateReport {
    // Before the run: what is committed to the other one meanwhile is not in this one.
    let generation = try index.snapshot().generation
    let report = try fill(secondary.index, with: model, request)
    try secondary.index.noteCaughtUp(with: generation)
    return report
  }

  private func behind(_ secondary: SecondaryIndex, held: Int) -> Failure {
    let all = (try? index.status().fileCount) ?? 0
    return Failure(
      .modelBehind,
      "the built-in model answered: the index of \(secondary.choice.text) holds \(max(0, min(held, all))) of \(all) "
        + "files",
      remedy: .index)
  }
}
