import Cairn
import Disk
import DoorSupport
import Glibc
import LineSearch
import Patterns
import Primitives
import Rendering
import Synchronization

/// `cairn grep PATTERN [PATH...]`
func runGrep(_ arguments: ParsedArguments, _ environment: Environment, _ output: Output) throws(CairnError) -> Int32 {
  if arguments.has(.grep(.typeList)) { return listLanguages(output) }
  let began = ContinuousClock.now
  let invocation = try LineInvocation(arguments, environment)
  var grep = try GrepArguments(arguments, directory: invocation.directory, invocation.terminal)
  let pattern = try compiled(&grep)
  grep.print.spansLines = !pattern.staysInLines
  if grep.search.lineLimit == 0 { return ExitCode.nothingFound }
  try grep.readInput(for: pattern)
  grep.print.showsPath = grep.showsPath(areMany: grep.files.mayBeMany)
  let printer = LinePrinter(grep.print)
  let counts = LineCounts(byDirectory: grep.countsDirectories)
  var totals = LineSearchRun.Totals()
  var hasFailed = false
  var isFirst = true
  let stopsAtFirst =
    arguments.has(.quiet) && !grep.showsStatistics && ![.filesWithout, .json].contains(grep.print.form)
  let notes = try invocation.workspace.findLines(
    pattern, grep.search, in: grep.files,
    render: { name, found in
      counts?.note(name, found.lineCount)
      return printer.text(of: name, found)
    },
    consume: { batch in
      totals += batch.totals
      for piece in batch.pieces where !arguments.has(.quiet) {
        if !isFirst { output.write(printer.separator) }
        isFirst = false
        output.write(piece)
      }
      for failure in batch.failures {
        hasFailed = true
        if !arguments.has(.grep(.noMessages)) { tell("cairn: " + safeText(CairnError(failure).terminalText)) }
      }
      return !output.isClosed && !(stopsAtFirst && totals.filesFound > 0)
    })
  if let counts, !arguments.has(.quiet) {
    let isForTerminal = invocation.terminal.outputIsTerminal
    for line in counts.lines(endInNUL: grep.print.endsPathInNUL, isForTerminal: isForTerminal) { output.write(line) }
  }
  let seconds = (ContinuousClock.now - began).seconds
  if grep.print.form == .json {
    output.line(LineJSON.summary(totals, seconds: seconds))
  } else if grep.showsStatistics {
    output.write(statistics(totals, seconds: seconds))
  }
  var said = invocation.notes + notes
  if totals.files == 0, !hasFailed, grep.files.paths.isEmpty, try !invocation.workspace.hasFiles(grep.files) {
    said.append(.noFiles)
  }
  tellNotes(said, isQuiet: arguments.has(.quiet))
  let hasFound =
    grep.print.form == .filesWithout ? totals.files > totals.filesFound : totals.filesFound > 0
  if hasFailed, !(arguments.has(.quiet) && hasFound) { return ExitCode.error }
  return hasFound ? ExitCode.done : ExitCode.nothingFound
}

private func compiled(_ grep: inout GrepArguments) throws(CairnError) -> CompiledPattern {
  while true {
    do throws(PatternError) { return try CompiledPattern(grep.search.pattern) } catch {
      guard grep.usesPerlWhereNeeded, !grep.search.pattern.isPerl else {
        throw CairnError(.invalidArgument, patternMistake(error))
      }
      grep.search.pattern.isPerl = true
    }
  }
}

/// What is wrong with a pattern, and what to do about it.
private func patternMistake(_ error: PatternError) -> String {
  var message = error.message
  if !error.source.isEmpty { message += ", in \(shortened(String(decoding: error.source, as: UTF8.self)))" }
  if let offset = error.offset { message += ", at byte \(offset)" }
  switch error.advice {
  case .fixed: message += "; with -F it is a text as it is written"
  case .perl: message += "; use -P"
  case .multiline: message += "; with -U they may go over several lines"
  case nil: break
  }
  return message
}

/// The time of the whole is that of the search: there is nothing else that takes any.
private func statistics(_ totals: LineSearchRun.Totals, seconds: Double) -> String {
  """

  \(totals.matches) matches
  \(totals.lines) matched lines
  \(totals.filesFound) files contained matches
  \(totals.files) files searched
  \(totals.shownBytes) bytes printed
  \(totals.bytes) bytes searched
  \(fixed(seconds, 6)) seconds spent searching
  \(fixed(seconds, 6)) seconds total

  """
}

/// How many lines were found, by file or by directory; each directory has what is anywhere below it.
private final class LineCounts: Sendable {
  private let byDirectory: Bool
  private let counts = Mutex<[[UInt8]: Int]>([:])

  init?(byDirectory: Bool?) {
    guard let byDirectory else { return nil }
    self.byDirectory = byDirectory
  }

  func note(_ name: [UInt8], _ count: Int) {
    if count == 0 { return }
    counts.withLock { counts in
      guard byDirectory else {
        counts[name, default: 0] += count
        return
      }
      var directory = name[...]
      while let slash = directory.lastIndex(of: 0x2F), slash > 0 {
        directory = directory[..<slash]
        counts[Array(directory), default: 0] += count
      }
      counts[[0x2E], default: 0] += count
    }
  }

  func lines(endInNUL: Bool, isForTerminal: Bool) -> [[UInt8]] {
    let all = counts.withLock { $0 }.sorted {
      $0.value != $1.value ? $0.value > $1.value : $0.key.lexicographicallyPrecedes($1.key)
    }
    return all.map { name, count in
      Array("\(count)\t".utf8) + shownName(name, isForTerminal: isForTerminal) + [endInNUL ? 0 : 0x0A]
    }
  }
}

/// `cairn files [PATH...]`
func runFiles(_ arguments: ParsedArguments, _ environment: Environment, _ output: Output) throws(CairnError) -> Int32 {
  if arguments.has(.grep(.typeList)) { return listLanguages(output) }
  let invocation = try LineInvocation(arguments, environment)
  let top = arguments.values(.root).last.map { FilePath(bytes: $0) } ?? ""
  let start = top.isAbsolute ? top : invocation.directory.filePath.appending(top)
  // What is there is meant; else it is a glob.
  let isPath = arguments.operands.map { operand in
    let path = FilePath(bytes: operand)
    return fileExists(path.isAbsolute ? path : start.appending(path))
  }
  let named = zip(arguments.operands, isPath)
  var files = try LineSearchFiles(
    arguments, paths: named.filter(\.1).map(\.0), directory: invocation.directory)
  files.globs += named.filter { !$0.1 }.map { ($0.0, false) }
  let ending: [UInt8] = [arguments.has(.grep(.null)) ? 0 : 0x0A]
  var isFound = false
  let isJSON = arguments.has(.json)
  let isForTerminal = invocation.terminal.outputIsTerminal
  let failures = try invocation.workspace.listFiles(files, wantsLanguages: isJSON) { name, byteCount, language in
    isFound = true
    if arguments.has(.quiet) { return false }
    if isJSON {
      let line = Array((LineJSON.file(name, byteCount: byteCount, language: language) + "\n").utf8)
      output.write(isForTerminal ? LineJSON.forTerminal(line) : line)
    } else {
      output.write(shownName(name, isForTerminal: isForTerminal) + ending)
    }
    return !output.isClosed
  }
  if !arguments.has(.grep(.noMessages)) {
    for failure in failures { tell("cairn: " + safeText(failure.terminalText)) }
  }
  var notes = invocation.notes
  if !isFound, failures.isEmpty, !arguments.operands.isEmpty || !files.globs.isEmpty {
    notes.append(.noFiles)
  }
  tellNotes(notes, isQuiet: arguments.has(.quiet))
  return !failures.isEmpty ? ExitCode.error : isFound ? ExitCode.done : ExitCode.nothingFound
}

extension LineWorkspace {
  /// Whether there is a file that is searched.
  fileprivate func hasFiles(_ files: LineSearchFiles) throws(CairnError) -> Bool {
    var isFound = false
    _ = try listFiles(files, wantsLanguages: false) { _, _, _ in
      isFound = true
      return false
    }
    return isFound
  }
}

extension CairnError {
  fileprivate static let noFiles = CairnError(
    .notFound,
    "there is no file to search that the globs, the languages and the limits pass; --hidden takes in hidden files, "
      + "--no-ignore what git ignores")
}

/// What `--type-list` prints: the names of each language, and the files that are of it.
private func listLanguages(_ output: Output) -> Int32 {
  for language in LineSearchFiles.languageNames {
    let files = language.files.isEmpty ? "(told by the content)" : language.files.joined(separator: ", ")
    output.line("\(language.names.joined(separator: ", ")): \(files)")
  }
  return ExitCode.done
}
