/// What a user can do about a failure, as data: the terminal, a server and a Swift program each have words of their own
/// for it.
package struct Remedy: Hashable, Sendable {
  /// What to do. The raw value is what programs see.
  package enum Action: String, Hashable, Sendable, CaseIterable {
    /// Bring the index up to date, which makes or mends it.
    case index
    /// Forget what is indexed and begin anew.
    case rebuild
    /// Forget what is indexed and begin anew with the built-in model.
    case rebuildWithBuiltInModel = "rebuild-with-builtin-model"
    /// Look at the list of what is left out and why.
    case listLeftOut = "list-left-out"
    /// Look at the status, which names everything that the message only counts.
    case showStatus = "show-status"
    /// Look at the settings that exist.
    case listSettings = "list-settings"
    /// Set the setting whose key is the subject.
    case set
    /// Name the root of the tree that is meant: the directory that is the subject, if there is one.
    case chooseRoot = "choose-root"
    /// Look at the models that exist.
    case listModels = "list-models"
    /// Fetch the model that the subject names.
    case pullModel = "pull-model"
    /// Make a model known that was exported into a directory.
    case addModel = "add-model"
    /// Remove the model that the subject names.
    case removeModel = "remove-model"
    /// Give the model another name than the subject, or than the one that it cannot have.
    case renameModel = "rename-model"
    /// Take one of the precisions that the subject names.
    case choosePrecision = "choose-precision"
    /// Install ONNX Runtime, or name its library.
    case installOnnxRuntime = "install-onnx-runtime"
    /// Have what an examination found mended.
    case repair
    /// Index the commit that the subject names.
    case indexRevision = "index-revision"
    /// Remove the index of the commit that the subject names.
    case removeRevision = "remove-revision"
    /// Search the history.
    case searchHistory = "search-history"
    /// Index the history, which a search of it does too.
    case indexHistory = "index-history"
    /// Bring the repository of the list that the subject names up to date.
    case updateRepository = "update-repository"
    /// Look at the list of repositories.
    case listRepositories = "list-repositories"
  }

  package var action: Action
  /// What it is about: a setting's key, a model's name; nil if the action says all.
  package var subject: String?
  /// What helps as well, where there are two ways; about the same subject, if about any.
  package var alternative: Action?

  package init(_ action: Action, _ subject: String? = nil, or alternative: Action? = nil) {
    self.action = action
    self.subject = subject
    self.alternative = alternative
  }

  /// The same with another way, in place of the one that it may have.
  package func or(_ alternative: Action) -> Remedy { Remedy(action, subject, or: alternative) }

  package static let index = Remedy(.index)
  package static let rebuild = Remedy(.rebuild)
  package static let listLeftOut = Remedy(.listLeftOut)
  package static let listModels = Remedy(.listModels)
  /// Set the setting whose key is `key`.
  package static func set(_ key: String) -> Remedy { Remedy(.set, key) }
  package static func pullModel(_ name: String) -> Remedy { Remedy(.pullModel, name) }
}

extension Remedy.Action {
  /// In words of no door.
  ///
  /// - Parameters:
  ///   - subject: what it is about; empty where the action says all.
  ///   - isFirst: whether there is nothing yet of what is to be made again.
  package func words(about subject: String, isFirst: Bool) -> String {
    switch self {
    case .index: isFirst ? "index first" : "index again"
    case .rebuild: "build the index anew"
    case .rebuildWithBuiltInModel: "build the index anew with the built-in model"
    case .listLeftOut: "the list of what is left out names them"
    case .showStatus: "the status names all"
    case .listSettings: "the list of settings names those that exist"
    case .set: "set \(subject)"
    case .chooseRoot: subject.isEmpty ? "choose another root" : "as a root it has an index of its own"
    case .listModels: "the list of models names them all"
    case .pullModel: "fetch the model \(subject)"
    case .addModel: "then add the directory of the model"
    case .removeModel: "remove the model \(subject)"
    case .renameModel: "take another name"
    case .choosePrecision: "take the precision \(subject)"
    case .installOnnxRuntime: "install ONNX Runtime, or name its library"
    case .repair: "have it repaired"
    case .indexRevision: "index the revision \(subject)"
    case .removeRevision: "remove the index of \(subject)"
    case .indexHistory: "index the history"
    case .updateRepository: "bring the repository \(subject) up to date"
    case .listRepositories: "the list of repositories names them all"
    case .searchHistory: "search the history for what its commits removed"
    }
  }
}
