import AgentClients
import Disk
import Glibc
import Primitives
import Settings
import TestSupport

/// A home directory with a program to start, and nothing else of the machine's.
struct AgentWorld {
  let tree: TemporaryTree
  let places: UserPlaces
  let program: FilePath
  var home: FilePath { tree.root.appending("home") }
  var project: FilePath { tree.root.appending("project") }

  init(path: String = "/nonexistent") throws(Failure) {
    tree = try TemporaryTree(inMemory: true)
    try makeDirectory(tree.root.appending("home"))
    try makeDirectory(tree.root.appending("project"))
    try tree.write("opt/cairn", "#!/bin/sh\n")
    program = tree.root.appending("opt/cairn")
    places = try UserPlaces(
      EnvironmentVariables(["HOME": tree.root.appending("home").description, "PATH": path]))
  }

  func installer(inProject: Bool = false) throws(Failure) -> AgentInstaller {
    try AgentInstaller(places, scope: inProject ? .project(project) : .user, executable: program)
  }

  /// Installs into the client's file, and returns what was changed; nil where there was nothing to do.
  @discardableResult func install(_ client: AgentClient, inProject: Bool = false) throws(Failure) -> AgentChange? {
    let installer = try installer(inProject: inProject)
    guard let change = try installer.installation(at: try installer.serverPlace(client)) else { return nil }
    try installer.make(change)
    return change
  }

  /// Takes everything out of the client's files.
  func uninstall(_ client: AgentClient, inProject: Bool = false) throws(Failure) {
    let installer = try installer(inProject: inProject)
    for place in try installer.serverPlaces(client) + installer.instructionPlaces(client) {
      if let change = try installer.removal(at: place) { try installer.make(change) }
    }
  }

  /// The file of the client's servers.
  func file(_ client: AgentClient) throws(Failure) -> FilePath { try installer().serverPlace(client).path }

  func write(_ text: [UInt8], _ path: FilePath) throws(Failure) {
    try makeDirectory(path.parent)
    var file = try AtomicFile(path)
    try file.write(text)
    try file.commit(isDurable: false)
  }
}

func client(_ name: String) -> AgentClient { AgentClient.named(name)! }

/// What an independent reader makes of installed files.
enum Judge {
  struct File {
    var kind: String
    var container: String
    var bytes: [UInt8]
  }

  /// The kind of a client's file, and where the servers are in it, as the judge has them: written down anew, and not
  /// read from the table of clients.
  static func kind(_ client: AgentClient) -> (kind: String, container: String) {
    switch client.name {
    case "codex", "grok": ("toml", "mcp_servers")
    case "goose": ("yaml", "extensions")
    case "continue": ("yaml-list", "mcpServers")
    case "vscode": ("json", "servers")
    case "opencode", "kilo": ("json", "mcp")
    case "zed": ("json", "context_servers")
    default: ("json", "mcpServers")
    }
  }

  /// For each file the words that its entry `cairn` starts, joined by spaces, or what is wrong.
  static func words(_ files: [File]) throws(Failure) -> [String] {
    let tree = try TemporaryTree(inMemory: true)
    var list = ""
    for (number, file) in files.enumerated() {
      try tree.write(FilePath("\(number)"), file.bytes)
      list += "\(file.kind) \(file.container)\n"
    }
    try tree.write("list", list)
    let output = try Python.output(of: script, tree.root.description)
    return String(decoding: output, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
      .prefix(files.count).map(String.init)
  }

  private static let script = #"""
    import json, re, sys, tomllib
    try:
        import yaml
    except ImportError:
        yaml = None
    def pairs(found):
        assert len({name for name, _ in found}) == len(found), "a name twice"
        return dict(found)
    def strip(text):
        text = re.sub(r'("(?:\\.|[^"\\])*")|//[^\n]*|/\*.*?\*/', lambda m: m[1] or " ", text, flags=re.S)
        return re.sub(r'("(?:\\.|[^"\\])*")|,(\s*[}\]])', lambda m: m[1] or m[2], text, flags=re.S)
    root = sys.argv[1]
    for number, line in enumerate(open(root + "/list").read().split("\n")[:-1]):
        kind, container = line.split(" ")
        text = open(f"{root}/{number}", "rb").read().decode("utf-8-sig")
        try:
            if kind == "json":
                value = json.loads(strip(text), object_pairs_hook=pairs)[container]["cairn"]
            elif kind == "toml":
                value = tomllib.loads(text.replace("\r\n", "\n"))[container]["cairn"]
            elif yaml is None:
                print("/unread/cairn mcp")
                continue
            elif kind == "yaml":
                value = yaml.safe_load(text)[container]["cairn"]
            else:
                value = next(one for one in yaml.safe_load(text)[container] if one["name"] == "cairn")
            value = value.get("transport", value)
            command = value.get("command", value.get("cmd"))
            print(" ".join(command if isinstance(command, list) else [command] + value["args"]))
        except Exception as problem:
            print("wrong:", type(problem).__name__, str(problem).replace("\n", " "))
    """#
}
