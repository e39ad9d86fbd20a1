import Cairn
import Glibc
import LineSearch
import Patterns
import Primitives
import Rendering
import Synchronization

/// `cairn grep PATTERN [PATH...]`
func runGrep(_ arguments: ParsedArguments, _ environment: Environment, _ output: Output) throws(CairnError) -> Int32 {
  let began = ContinuousClock.now
  let invocation = try LineInvocation(arguments, environment)
  var grep = try GrepArguments(arguments, directory: invocation.directory, invocation.terminal)
  let pattern: CompiledPattern
  do throws(PatternError) { pattern = try CompiledPattern(grep.search.pattern) } catch {
    throw CairnError(.invalidArgument, patternMistake(error))
  }
  grep.print.spansLines = !pattern.staysInLines
  if grep.search.lineLimit == 0 { return ExitCode.nothingFound }
  grep.print.showsPath = grep.showsPath(areMany: grep.files.mayBeMany)
  let printer = LinePrinter(grep.print)
  let counts = LineCounts(byDirectory: grep.countsDirectories)
  var totals = LineSearchRun.Totals()
  var hasFailed = false
  var isFirst = true
  let stopsAtFirst = arguments.has(.quiet) && !grep.showsStatistics && ![.filesWithout, .json].contains(grep.print.form)
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
        tell("cairn: " + safeText(failure.description))
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
  tellNotes(invocation.notes + notes, isQuiet: arguments.has(.quiet))
  let hasFound =
    grep.print.form == .filesWithout ? totals.files > totals.filesFound : totals.filesFound > 0
  if hasFailed, !(arguments.has(.quiet) && hasFound) { return ExitCode.error }
  return hasFound ? ExitCode.done : ExitCode.nothingFound
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
      let shown = isForTerminal ? Array(safeText(String(decoding: name, as: UTF8.self)).utf8) : name
      return Array("\(count)\t".utf8) + shown + [endInNUL ? 0 : 0x0A]
    }
  }
}

/// `cairn files [GLOB...]`
func runFiles(_ arguments: ParsedArguments, _ environment: Environment, _ output: Output) throws(CairnError) -> Int32 {
  let invocation = try LineInvocation(arguments, environment)
  var files = try LineSearchFiles(arguments, paths: [], directory: invocation.directory)
  files.globs += arguments.operands.map { ($0, false) }
  let ending: [UInt8] = [arguments.has(.grep(.null)) ? 0 : 0x0A]
  var isFound = false
  let isJSON = arguments.has(.json)
  let failures = try invocation.workspace.listFiles(files, wantsLanguages: isJSON) { name, byteCount, language in
    isFound = true
    if arguments.has(.quiet) { return false }
    if isJSON {
      output.line(LineJSON.file(name, byteCount: byteCount, language: language))
    } else {
      output.write((invocation.terminal.outputIsTerminal ? quotedName(name) : name) + ending)
    }
    return !output.isClosed
  }
  for failure in failures { tell("cairn: " + safeText(failure.terminalText)) }
  tellNotes(invocation.notes, isQuiet: arguments.has(.quiet))
  return !failures.isEmpty ? ExitCode.error : isFound ? ExitCode.done : ExitCode.nothingFound
}
