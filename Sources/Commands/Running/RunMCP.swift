import Cairn
import Disk
import Glibc
import MCP

/// `cairn mcp [DIRECTORY]`: until the client closes standard input.
func runMCP(_ arguments: ParsedArguments, _ environment: Environment) async throws(CairnError) -> Int32 {
  let roots = Set(arguments.values(.root) + arguments.operands)
  guard roots.count <= 1 else {
    throw CairnError(.invalidArgument, "one tree is the default, and \(roots.count) are named; calls may name others")
  }
  let flags = SettingFlag.all(of: arguments)
  // A mistake on the command line is told before the protocol begins.
  _ = try SettingFlag.configuration(Configuration(), flags, environment)
  let (_, directory) = try Invocation.directories(environment)
  let root = try roots.first.map { (root) throws(CairnError) in try Path(bytes: root).resolved() }
  let options = ServerOptions(directory: directory, root: root, environment: environment) {
    (root) throws(CairnError) in
    try SettingFlag.configuration(try Configuration.load(root: root, environment: environment), flags, environment)
  }
  if isatty(STDIN_FILENO) != 0 {
    tell("cairn: this speaks the Model Context Protocol with a program on standard input; end it with Ctrl-D")
  }
  // It waits for hours, beside others like it.
  ProcessMemory.sharesHeaps()
  guard let taken = ProtocolStreams.take() else {
    throw CairnError(.inputOutput, "standard input and output could not be taken: too few file descriptors")
  }
  guard await Server(options, taken.streams).run() else {
    throw CairnError(.inputOutput, "the system has no more threads")
  }
  try taken.input.check("input", "read")
  try taken.output.check("output", "written")
  return ExitCode.done
}
