import Cairn
import DoorSupport
import JSON
import Packing
import Primitives
import Rendering
import Savings

private let standardTokenCount = 4_000
private let tokenBounds = 200...200_000

/// `cairn context FILE|TASK...`
func runContext(
  _ arguments: ParsedArguments, _ environment: Environment, _ output: Output
) async throws(CairnError) -> Int32 {
  let text = try queryText(arguments)
  let invocation = try Invocation(arguments, environment: environment)
  let workspace = invocation.workspace
  let request = try invocation.request(text)
  let tokens = try tokenCount(arguments)
  if !arguments.has(.noUpdate) { try invocation.confirmRoot(environment) }
  invocation.tellNotes(workspace.notes + invocation.scopeNotes)
  let began = ContinuousClock.now
  let file = arguments.operands.count == 1 ? invocation.file(named: arguments.operands[0]) : nil
  let pack = try await invocation.withProgress { progress throws(CairnError) in
    if let file {
      return try await ContextPack(for: file, in: workspace, tokens: tokens, progress: progress)
    }
    return try await ContextPack(for: request, in: workspace, tokens: tokens, progress: progress)
  }
  invocation.tellNotes(pack.notes)
  if !pack.isComplete { tell("cairn: the index is not complete: files may be missing") }
  if invocation.printsJSON {
    let seconds = (ContinuousClock.now - began).seconds
    output.line(JSONValue.context(pack, root: workspace.root, seconds: seconds).line)
  } else {
    for line in pack.markdown.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      output.line(safeText(String(line), tabs: invocation.terminal.outputIsTerminal ? .spaces : .kept))
    }
  }
  if invocation.configuration.keepsSavings, let log = SavingsLog(environment.variables) {
    let paths = pack.pieces.map(\.excerpt.path.filePath)
    let shown = Array(Set(paths))
    let answer = SavingsLog.Answer(
      tool: "context", tokens: pack.tokens,
      fileByteCount: SavingsLog.byteCount(of: shown, in: workspace.root.filePath), fileCount: shown.count,
      isEmpty: pack.isEmpty)
    // That numbers are lost is no reason to fail.
    try? log.add([answer])
  }
  return pack.isEmpty ? ExitCode.nothingFound : ExitCode.done
}

private func tokenCount(_ arguments: ParsedArguments) throws(CairnError) -> Int {
  guard let value = arguments.values(.tokens).last else { return standardTokenCount }
  guard let count = Int(String(decoding: value, as: UTF8.self)), tokenBounds.contains(count) else {
    throw CairnError(
      .invalidArgument,
      "--tokens takes a whole number from \(tokenBounds.lowerBound) to \(tokenBounds.upperBound)")
  }
  return count
}

extension Invocation {
  /// The path inside the root of a file that an operand is the name of; nil where it is none.
  fileprivate func file(named operand: [UInt8]) -> Path? {
    let named = Path(bytes: operand)
    guard let inside = try? workspace.pathInside(of: named, from: namedDirectory), !inside.bytes.isEmpty,
      workspace.isFile(inside)
    else { return nil }
    return inside
  }
}
