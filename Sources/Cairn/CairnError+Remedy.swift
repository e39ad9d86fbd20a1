package import Primitives

extension CairnError {
  /// What to do about an error, as data: a program offers it as a button, a terminal as a command.
  ///
  ///     if error.remedy?.action == .index { try await workspace.index() }
  public struct Remedy: Hashable, Sendable {
    /// The kind of thing to do. Open: later versions may give actions that have no name here.
    public struct Action: RawRepresentable, Hashable, Sendable {
      public let rawValue: String
      public init(rawValue: String) { self.rawValue = rawValue }

      /// Bring the index up to date, which creates or repairs it: `Workspace.index()`.
      public static let index = Action(rawValue: "index")
      /// Discard the index and build it again: `Workspace.index(rebuild:)`.
      public static let rebuild = Action(rawValue: "rebuild")
      /// The same with the built-in model.
      public static let rebuildWithBuiltInModel = Action(rawValue: "rebuild-with-builtin-model")
      /// Look at what is left out and why: `Workspace.leftOut(in:_:)`.
      public static let listLeftOut = Action(rawValue: "list-left-out")
      /// Look at the status, which names everything that the message only counts: `Workspace.status()`.
      public static let showStatus = Action(rawValue: "show-status")
      /// Look at the settings that exist: `Configuration.entries`.
      public static let listSettings = Action(rawValue: "list-settings")
      /// Set the setting whose key is the subject.
      public static let set = Action(rawValue: "set")
      /// Name the root of the tree that is meant: the directory that is the subject, if there is one.
      public static let chooseRoot = Action(rawValue: "choose-root")
      /// Look at the models that exist: `ModelLibrary`.
      public static let listModels = Action(rawValue: "list-models")
      /// Fetch the model that the subject names.
      public static let pullModel = Action(rawValue: "pull-model")
      /// Make a model known that was exported into a directory.
      public static let addModel = Action(rawValue: "add-model")
      /// Remove the model that the subject names.
      public static let removeModel = Action(rawValue: "remove-model")
      /// Give the model another name than the subject, or than the one that it cannot have.
      public static let renameModel = Action(rawValue: "rename-model")
      /// Take one of the precisions that the subject names.
      public static let choosePrecision = Action(rawValue: "choose-precision")
      /// Install ONNX Runtime, or name its library.
      public static let installOnnxRuntime = Action(rawValue: "install-onnx-runtime")
      /// Have what an examination found mended: `Workspace.repair()`.
      public static let repair = Action(rawValue: "repair")
      /// Search the history: `SearchRequest.searchesHistory`.
      public static let searchHistory = Action(rawValue: "search-history")
      /// Index the history: `Workspace.indexHistory()`.
      public static let indexHistory = Action(rawValue: "index-history")
      /// Index the commit that the subject names: `Workspace.index(revision:)`.
      public static let indexRevision = Action(rawValue: "index-revision")
      /// Remove the index of the commit that the subject names: `Workspace.remove(revision:)`.
      public static let removeRevision = Action(rawValue: "remove-revision")
      /// Bring the repository that the subject names up to date: `Workspace.index()`.
      public static let updateRepository = Action(rawValue: "update-repository")
      /// Look at the list of repositories.
      public static let listRepositories = Action(rawValue: "list-repositories")
    }

    public var action: Action
    /// What it is about: a setting's key, a model's name; nil where the action says all.
    public var subject: String?
    /// What helps as well, where there are two ways; about the same subject, if about any.
    public var alternative: Action?

    public init(_ action: Action, _ subject: String? = nil, or alternative: Action? = nil) {
      self.action = action
      self.subject = subject
      self.alternative = alternative
    }
  }
}

extension CairnError.Remedy {
  /// The same as what the rooms below say; nil where they say nothing.
  package init?(_ remedy: Remedy?) {
    guard let remedy else { return nil }
    self.init(
      Action(rawValue: remedy.action.rawValue), remedy.subject,
      or: remedy.alternative.map { Action(rawValue: $0.rawValue) })
  }

  /// It and its alternative, in the words that `words` has for an action; nil where it has none for the first.
  package func joined(_ words: (Action) -> String?) -> String? {
    words(action).map { first in first + (alternative.flatMap(words).map { ", or \($0)" } ?? "") }
  }

  /// In words of no door, after an error of the kind `code`; nil for an action that has no name here.
  func words(after code: CairnError.Code) -> String? {
    let isFirst = code == .noIndex || code == .notFound
    return joined { Primitives.Remedy.Action(rawValue: $0.rawValue)?.words(about: subject ?? "", isFirst: isFirst) }
  }
}
