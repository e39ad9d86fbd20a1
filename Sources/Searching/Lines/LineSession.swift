import Disk
import Inspection
package import LineSearch
package import Patterns
package import Primitives
import QueryLanguage
package import Settings

/// The lines of a tree, by patterns. No index is needed, nor a place where one could be: where none can be used, all
/// files are read.
package struct LineSession: Sendable {
  private let settings: SettingValues
  private let indexed: Result<IndexSession, Failure>

  /// Writes nothing.
  ///
  /// - Parameter root: absolute, with no link in it: whose index is asked.
  package init(root: FilePath, settings: SettingValues, environment: EnvironmentVariables) {
    self.settings = settings
    indexed = Result { () throws(Failure) in
      try IndexSession(root: root, settings: settings, environment: environment)
    }
  }

  /// Searches the lines of `wanted` for `pattern`, in the order of the files' paths; `consume` is called on the calling
  /// thread with what came of some files, until it gives false. Gives what the user should know besides. No index is
  /// made and none is brought up to date. Blocks.
  ///
  /// - Parameter render: what is shown of a file; called on any thread.
  package func findLines(
    _ pattern: CompiledPattern, _ options: LineSearchOptions, in wanted: LineSearchFiles, _ context: SearchContext,
    render: @escaping @Sendable (_ name: [UInt8], _ found: FoundLines) -> [UInt8],
    consume: (LineSearchRun.Batch) -> Bool
  ) throws(Failure) -> [Failure] {
    var notes: [Failure] = []
    var chosen: SearchedFiles?
    if !options.isInverted, !options.showsAll, !options.needsAllFiles {
      switch indexed {
      case .success(let session):
        chosen = try session.candidateFiles(for: pattern.required, in: wanted, &notes, context)
      case .failure(let error):
        // Who has named a place for the index counts on it.
        if !settings.path(.indexDirectory).isEmpty { notes.append(.unusedIndex(error)) }
      }
    }
    let files: SearchedFiles
    if let chosen { files = chosen } else { files = try SearchedFiles(wanted) }
    let run = LineSearchRun(
      pattern, options, threadCount: threadCount, languages: wanted.languages,
      excludedLanguages: wanted.excludedLanguages)
    if !files.failures.isEmpty {
      var batch = LineSearchRun.Batch()
      batch.failures = files.failures
      if !consume(batch) { return notes }
    }
    try run.run(files, context, render: render, consume: consume)
    return notes
  }

  /// Calls `body` with each file that `findLines` searches, in its order, with its name, its size and, where that is
  /// wanted, its language, until it gives false. Gives what could not be looked at.
  package func listFiles(
    _ wanted: LineSearchFiles, wantsLanguages: Bool,
    _ body: (_ name: [UInt8], _ byteCount: Int, _ language: String?) -> Bool
  ) throws(Failure) -> [Failure] {
    let files = try SearchedFiles(wanted)
    for file in files.files {
      var language: Language?
      if wantsLanguages || wanted.languages != nil || wanted.excludedLanguages != nil {
        language = files.language(of: file)
      }
      if let language, wanted.languages?.contains(language) == false { continue }
      if let language, wanted.excludedLanguages?.contains(language) == true { continue }
      if !body(file.shown, file.byteCount, language?.name) { break }
    }
    return files.failures
  }

  private var threadCount: Int { ResolvedSettings(settings, machine: .current, corpus: nil).threadCount }
}

extension Failure {
  /// What is said where `error` keeps an index from being used.
  static func unusedIndex(_ error: Failure) -> Failure {
    Failure(
      error.code, "the index could not be used, so that all files are read: \(error.message)", path: error.path,
      cause: error.cause, remedy: error.remedy)
  }
}
