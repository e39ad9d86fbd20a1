import Cairn
import JSON
import Primitives
import Rendering
import Settings

/// `cairn config profile NAME [--apply]`
func runConfigProfile(
  _ name: String, _ arguments: ParsedArguments, _ environment: Environment, _ output: Output
) throws(CairnError) -> Int32 {
  guard let profile = SizeProfile(rawValue: name) else {
    let names = SizeProfile.allCases.map(\.rawValue)
    let near = nearestName(to: name, in: names)
    throw CairnError(
      .invalidArgument,
      "there is no profile \"\(name)\"; "
        + (near.map { "did you mean \"\($0)\"?" } ?? "there are: \(names.joined(separator: ", "))"))
  }
  let invocation = try Invocation(arguments, environment: environment)
  var written: Path?
  if arguments.has(.apply) { written = try invocation.writeProjectFile(profile.values) }
  if invocation.printsJSON {
    output.line(JSONValue.profile(profile, written: written).line)
    return ExitCode.done
  }
  output.line("# the profile \(profile.rawValue): projects of \(profile.summary)")
  output.write(profile.toml)
  if let written, !invocation.isQuiet { tell("cairn: written to \(safeText(written.description))") }
  return ExitCode.done
}
