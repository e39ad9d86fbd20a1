import Inspection
package import LineSearch
package import Patterns
package import Primitives
import QueryLanguage
import Settings

extension IndexSession {
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
      chosen = try candidateFiles(for: pattern.required, in: wanted, &notes, context)
    }
    let files: SearchedFiles
    if let chosen { files = chosen } else { files = try SearchedFiles(wanted) }
    let run = LineSearchRun(
      pattern, options, threadCount: resolvedSettings.threadCount, languages: wanted.languages,
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
}
