import Glibc

// Measures parts of Cairn that a whole run of the program does not show.

private let usage = """
  usage: cairn-benchmarks parts [--quick] [--only NAME] [DIRECTORY]   each part by itself, as JSON
         cairn-benchmarks warm ROOT INDEX [ROOT INDEX]... [--rounds N] < QUERIES
                                                                      searches in one process, as JSON
         cairn-benchmarks cancel ROOT INDEX [--rounds N] [--after MILLISECONDS] < QUERIES
                                                                      how long a cancelled search goes on, as JSON
         cairn-benchmarks changes ROOT INDEX [--rounds N]             runs that are told of one file, and cancelled
                                                                      merges, as JSON; makes the index at INDEX
  """

private func fail(_ message: String) -> Never {
  let line = Array((message + "\n").utf8)
  _ = unsafe write(STDERR_FILENO, line, line.count)
  exit(2)
}

private func perform(_ arguments: Arguments) throws {
  var arguments = arguments
  switch arguments.words.first {
  case "parts":
    let only = arguments.takeValue("--only")
    let isQuick = arguments.takeFlag("--quick")
    guard arguments.words.count <= 2 else { fail(usage) }
    print(try PartsRun(corpus: arguments.words.dropFirst().first, isQuick: isQuick, only: only).report())
  case "warm":
    let rounds = arguments.takeValue("--rounds").map { Int($0) } ?? 20
    let words = Array(arguments.words.dropFirst())
    guard !words.isEmpty, words.count % 2 == 0, let rounds, rounds > 0 else { fail(usage) }
    let trees = stride(from: 0, to: words.count, by: 2).map { (root: words[$0], index: words[$0 + 1]) }
    print(try WarmSearch(trees, rounds: rounds).report())
  case "cancel":
    let rounds = arguments.takeValue("--rounds").map { Int($0) } ?? 20
    let delay = arguments.takeValue("--after").map { Int($0) } ?? 1
    guard arguments.words.count == 3, let rounds, rounds > 0, let delay, delay >= 0 else { fail(usage) }
    let run = try CancelledSearch(
      root: arguments.words[1], index: arguments.words[2], rounds: rounds, milliseconds: delay)
    print(try run.report())
  case "changes":
    let rounds = arguments.takeValue("--rounds").map { Int($0) } ?? 20
    guard arguments.words.count == 3, let rounds, rounds > 0 else { fail(usage) }
    print(try ToldChanges(root: arguments.words[1], index: arguments.words[2], rounds: rounds).report())
  default: fail(usage)
  }
}

do { try perform(Arguments(Array(CommandLine.arguments.dropFirst()))) } catch { fail("cairn-benchmarks: \(error)") }
