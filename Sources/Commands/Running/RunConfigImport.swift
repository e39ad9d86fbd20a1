import Cairn
import ForeignConfiguration
import JSON
import Primitives
import Rendering
import Settings

/// `cairn config import FILE [--apply]`. What it prints for people is itself a configuration file: what became of each key
/// stands in comments.
func runConfigImport(
  _ file: Path, _ arguments: ParsedArguments, _ environment: Environment, _ output: Output
) throws(CairnError) -> Int32 {
  let invocation = try Invocation(arguments, environment: environment)
  let imported = try asCairnError { () throws(Failure) in try ConfigurationImport(of: file.filePath) }
  var written: [Path] = []
  if arguments.has(.apply) {
    if !imported.values.isEmpty {
      written.append(try invocation.writeProjectFile(imported.values))
    }
    if !imported.ignorePatterns.isEmpty {
      written.append(try invocation.workspace.addIgnorePatterns(imported.ignorePatterns))
    }
  }
  if invocation.printsJSON {
    for entry in imported.entries { output.line(JSONValue.importedKey(entry).line) }
    output.line(JSONValue.imported(imported, written: written).line)
    return ExitCode.done
  }
  for line in ImportText.lines(imported, from: file) { output.line(line) }
  if !invocation.isQuiet {
    for path in written { tell("cairn: written to \(safeText(path.description))") }
  }
  return ExitCode.done
}
