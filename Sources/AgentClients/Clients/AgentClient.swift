/// A program for coding with a model that starts servers of tools, as data: where its files are and how they are
/// written.
package struct AgentClient: Hashable, Sendable {
  /// One file of a client's, of which the first that is there is meant.
  struct Configuration: Hashable, Sendable {
    enum Format: Hashable, Sendable {
      case json(String, EntryShape)
      case toml(String)
      case yaml(String)
      /// A file that holds Cairn's entry alone, as Continue reads it.
      case continueFile
    }
    var paths: [String]
    var format: Format
  }

  /// What the command line calls it.
  package let name: String
  /// What its makers call it.
  package let title: String
  /// Directories or files that are there where it is installed.
  let traces: [String]
  let configuration: Configuration
  /// The file of a repository's own; nil where the client has none.
  let projectConfiguration: Configuration?
  /// The text for agents in the user's directory that it reads, and in a repository.
  let instructions: String?
  let projectInstructions: String?
  /// Whether it starts from a desktop, where the shell has set no variables.
  let isDesktop: Bool
  /// The variable that names another directory than the one in `~/`.
  let directoryVariable: (name: String, directory: String)?

  private init(
    _ name: String, _ title: String, traces: [String], _ paths: [String], _ format: Configuration.Format,
    project: [String]? = nil, instructions: String? = nil, projectInstructions: String? = "AGENTS.md",
    isDesktop: Bool = false, variable: (String, String)? = nil
  ) {
    self.name = name
    self.title = title
    self.traces = traces
    configuration = Configuration(paths: paths, format: format)
    projectConfiguration = project.map { Configuration(paths: $0, format: format) }
    self.instructions = instructions
    self.projectInstructions = project == nil ? nil : projectInstructions
    self.isDesktop = isDesktop
    directoryVariable = variable.map { (name: $0.0, directory: $0.1) }
  }

  package static func == (a: AgentClient, b: AgentClient) -> Bool { a.name == b.name }
  package func hash(into hasher: inout Hasher) { hasher.combine(name) }

  /// Whether it reads skills and sub-agents in Claude's directories.
  var readsSkills: Bool { name == "claude-code" }

  private static let servers = "mcpServers"

  package static let all: [AgentClient] = [
    AgentClient(
      "claude-code", "Claude Code", traces: ["~/.claude", "~/.claude.json"], ["~/.claude.json"],
      .json(servers, .typed("stdio")), project: [".mcp.json"], instructions: "~/.claude/CLAUDE.md",
      projectInstructions: "CLAUDE.md", variable: ("CLAUDE_CONFIG_DIR", "~/.claude")),
    AgentClient(
      "codex", "Codex", traces: ["~/.codex"], ["~/.codex/config.toml"], .toml("mcp_servers"),
      project: [".codex/config.toml"], instructions: "~/.codex/AGENTS.md", variable: ("CODEX_HOME", "~/.codex")),
    AgentClient(
      "cursor", "Cursor", traces: ["~/.cursor"], ["~/.cursor/mcp.json"], .json(servers, .plain),
      project: [".cursor/mcp.json"], isDesktop: true),
    AgentClient(
      "vscode", "VS Code", traces: ["~/.config/Code/User"], ["~/.config/Code/User/mcp.json"],
      .json("servers", .typed("stdio")), project: [".vscode/mcp.json"], isDesktop: true),
    AgentClient(
      "gemini", "Gemini CLI", traces: ["~/.gemini/settings.json", "~/.gemini/GEMINI.md"], ["~/.gemini/settings.json"],
      .json(servers, .plain), project: [".gemini/settings.json"], instructions: "~/.gemini/GEMINI.md",
      projectInstructions: "GEMINI.md"),
    AgentClient(
      "antigravity", "Antigravity", traces: ["~/.gemini/config"], ["~/.gemini/config/mcp_config.json"],
      .json(servers, .plain), isDesktop: true),
    AgentClient(
      "copilot", "Copilot CLI", traces: ["~/.copilot"], ["~/.copilot/mcp-config.json"], .json(servers, .withTools)),
    AgentClient(
      "opencode", "OpenCode", traces: ["~/.config/opencode"],
      ["~/.config/opencode/opencode.jsonc", "~/.config/opencode/opencode.json"], .json("mcp", .commandList),
      project: ["opencode.jsonc", "opencode.json"], instructions: "~/.config/opencode/AGENTS.md"),
    AgentClient(
      "kilo", "Kilo", traces: ["~/.config/kilo"], ["~/.config/kilo/kilo.jsonc"], .json("mcp", .commandList)),
    AgentClient(
      "windsurf", "Windsurf", traces: ["~/.codeium/windsurf"], ["~/.codeium/windsurf/mcp_config.json"],
      .json(servers, .plain), isDesktop: true),
    AgentClient(
      "zed", "Zed", traces: ["~/.config/zed"], ["~/.config/zed/settings.json"], .json("context_servers", .sourced),
      project: [".zed/settings.json"], isDesktop: true),
    AgentClient(
      "junie", "JetBrains Junie", traces: ["~/.junie"], ["~/.junie/mcp/mcp.json"], .json(servers, .plain),
      project: [".junie/mcp/mcp.json"], isDesktop: true),
    AgentClient(
      "kiro", "Kiro", traces: ["~/.kiro"], ["~/.kiro/settings/mcp.json"], .json(servers, .plain),
      project: [".kiro/settings/mcp.json"], isDesktop: true),
    AgentClient(
      "qwen", "Qwen Code", traces: ["~/.qwen"], ["~/.qwen/settings.json"], .json(servers, .plain),
      project: [".qwen/settings.json"], instructions: "~/.qwen/QWEN.md", projectInstructions: "QWEN.md"),
    AgentClient(
      "cline", "Cline", traces: ["~/.cline"], ["~/.cline/data/settings/cline_mcp_settings.json"],
      .json(servers, .transport), isDesktop: true),
    AgentClient(
      "continue", "Continue", traces: ["~/.continue"], ["~/.continue/mcpServers/cairn.yaml"], .continueFile,
      project: [".continue/mcpServers/cairn.yaml"], isDesktop: true),
    AgentClient(
      "goose", "Goose", traces: ["~/.config/goose"], ["~/.config/goose/config.yaml"], .yaml("extensions")),
    AgentClient("grok", "Grok Build", traces: ["~/.grok"], ["~/.grok/config.toml"], .toml("mcp_servers")),
    AgentClient(
      "claude-desktop", "Claude Desktop", traces: ["~/.config/Claude"],
      ["~/.config/Claude/claude_desktop_config.json"], .json(servers, .plain), isDesktop: true),
    AgentClient("pi", "Pi", traces: ["~/.pi"], ["~/.pi/agent/mcp.json"], .json(servers, .plain)),
    AgentClient(
      "command-code", "Command Code", traces: ["~/.commandcode"], ["~/.commandcode/mcp.json"],
      .json(servers, .plain)),
    AgentClient(
      "zcode", "ZCode", traces: ["~/.zcode"], ["~/.zcode/cli/config.json"], .json(servers, .plain)),
    AgentClient(
      "reasonix", "Reasonix", traces: ["~/.reasonix"], ["~/.reasonix/config.json"], .json(servers, .plain)),
  ]

  package static func named(_ name: String) -> AgentClient? { all.first { $0.name == name } }
}
