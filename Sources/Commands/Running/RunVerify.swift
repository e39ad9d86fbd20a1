import Cairn
import JSON
import Rendering

/// `cairn verify [DIRECTORY]`
func runVerify(
  _ arguments: ParsedArguments, _ environment: Environment, _ output: Output
) async throws(CairnError) -> Int32 {
  let invocation = try Invocation(arguments, directory: arguments.operands.first, environment: environment)
  invocation.tellNotes(invocation.workspace.notes)
  let verification = try await invocation.workspace.verify()
  invocation.tellNotes(verification.notes)
  if invocation.printsJSON {
    output.line(JSONValue.verification(verification).line)
  } else {
    for problem in verification.problems { output.line(safeText(problem.terminalText)) }
    if verification.isSound, !invocation.isQuiet {
      output.line(
        "sound: \(byteText(verification.byteCount)) in \(countText(verification.segmentCount, "segment")) "
          + "and the catalog, \(countText(verification.chunkCount, "chunk")) of "
          + countText(verification.fileCount, "file")
      )
    } else if !verification.isSound {
      let remedies = Set(verification.problems.compactMap { $0.remedy?.action })
      let summary =
        if remedies.contains(.index) {
          "the index is damaged; `cairn index` makes what is bad again from the files"
        } else if remedies.isEmpty {
          "no run can begin before what is in the way is moved away"
        } else {
          "an index beside that of the tree is damaged; the command that makes it again is told with it"
        }
      tell("cairn: \(summary)")
    }
  }
  return verification.isSound ? ExitCode.done : ExitCode.error
}

/// `cairn vacuum [DIRECTORY]`
func runVacuum(
  _ arguments: ParsedArguments, _ environment: Environment, _ output: Output
) async throws(CairnError) -> Int32 {
  let invocation = try Invocation(arguments, directory: arguments.operands.first, environment: environment)
  let workspace = invocation.workspace
  invocation.tellNotes(workspace.notes)
  let began = ContinuousClock.now
  let byteCount = try await workspace.vacuum()
  let seconds = (ContinuousClock.now - began).seconds
  if invocation.printsJSON {
    let object = JSONValue.vacuum(
      root: workspace.root, indexDirectory: workspace.indexDirectory, byteCount: byteCount, seconds: seconds)
    output.line(object.line)
  } else if !invocation.isQuiet {
    output.line(byteCount == 0 ? "nothing to remove" : "removed \(byteText(byteCount)) that the index does not need")
  }
  return ExitCode.done
}
