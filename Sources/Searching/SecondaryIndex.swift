import Catalog
import Embedding
package import IndexStorage
package import ModelOpening
import Primitives
import RemoteEmbedding
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
    case isBehind
  }

  /// - Parameters:
  ///   - isFilled: whether its last run came to an end.
  ///   - needsMending: whether a part of it was found damaged.
  package static func standing(isFilled: Bool, lag: Int, needsMending: Bool, mayUpdate: Bool) -> Standing {
    guard isFilled, lag <= patience else { return .isBehind }
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
      let lag = isFilled ? try secondary.index.lag(behind: index) : nil
      let standing = SecondaryIndex.standing(
        isFilled: isFilled, lag: lag?.differingCount ?? 0, needsMending: secondary.index.hasMarkedSegments(),
        mayUpdate: mayUpdate)
      if standing == .isBehind { return .isBehind(behind(secondary, lag)) }
      // An endpoint need not be asked for what the index knows.
      let model = try models(context).open(
        secondary.choice, knownDimensions: (try? secondary.index.identity())?.dimensions)
      if standing == .answersAfterUpdate {
        var request = RunRequest(cancellation: context.cancellation)
        request.waitsForEnd = false
        request.isInteractive = true
        request.pace = .awaited
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

  /// How far the secondary index is: how many files it has, and whether these are all that the built-in model's index
  /// has, as that has them.
  package func secondaryStatus() -> (modelName: String, fileCount: Int, isComplete: Bool)? {
    guard let secondary = try? secondary.get() else { return nil }
    let held = try? secondary.index.status()
    let isEqual = (try? secondary.index.lag(behind: index)) == .some(nil)
    return (name(of: secondary), held?.fileCount ?? 0, held?.isComplete == true && isEqual)
  }

  /// What the model is called that the secondary index is of, whether or not anything of it is there yet.
  private func name(of secondary: SecondaryIndex) -> String {
    if let identity = try? secondary.index.identity() { return identity.modelName }
    guard case .endpoint(let name) = secondary.choice, let options = try? models.endpointOptions(name),
      let fullName = try? options.modelName()
    else { return secondary.choice.text }
    return fullName
  }

  func fill(
    _ secondary: SecondaryIndex, with model: OpenedModel, _ request: RunRequest
  ) throws(Failure) -> UpdateReport {
    // Before the run: what is committed to the other one meanwhile is not in this one.
    let generation = try index.snapshot().generation
    let report = try fill(secondary.index, with: model, request)
    secondary.index.noteCaughtUp(with: generation)
    return report
  }

  /// - Parameter lag: nil where the secondary index is being filled, of which all files are those of the other.
  private func behind(_ secondary: SecondaryIndex, _ lag: IndexLag?) -> Failure {
    let all = lag?.leaderFileCount ?? (try? index.status().fileCount) ?? 0
    let held = lag?.heldFileCount ?? min(all, (try? secondary.index.status().fileCount) ?? 0)
    return Failure(
      .modelBehind,
      "the built-in model answered: the index of \(name(of: secondary)) holds \(held) of \(all) files",
      remedy: .index)
  }
}
