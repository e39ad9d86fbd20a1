import Disk
package import Primitives
package import Settings

/// Where the files of this user's clients are: the home directory and what variables say of it.
package struct UserPlaces: Sendable {
  package let home: FilePath
  let configHome: FilePath
  let environment: EnvironmentVariables
  /// The file that remembers what was made.
  let notes: FilePath

  /// Throws where there is no home directory: none is made.
  package init(_ environment: EnvironmentVariables) throws(Failure) {
    guard let home = environment.home else {
      throw Failure(.notFound, "HOME names no directory, so that no client can be found; set it")
    }
    guard let status = try? FileStatus(of: home), status.kind == .directory else {
      throw Failure(.notFound, "HOME names a directory that is not there; make it, or set HOME to another", path: home)
    }
    self.home = home
    self.environment = environment
    configHome = environment.absolutePath("XDG_CONFIG_HOME") ?? home.appending(".config")
    let state = environment.stateDirectory ?? home.appending(".local/state")
    notes = state.appending("cairn/agents")
  }

  /// The path that `text` of a client's means: `~/...`.
  func path(_ text: String, of client: AgentClient) -> FilePath {
    if let (name, directory) = client.directoryVariable, let other = environment.absolutePath(name),
      text.hasPrefix(directory)
    {
      // `~/.claude.json` is a file beside the directory, and one in it where a variable names another.
      let rest = text.dropFirst(directory.count)
      return other.appending(rest.hasPrefix("/") ? String(rest.dropFirst()) : String(text.dropFirst(2)))
    }
    let config = "~/.config/"
    if text.hasPrefix(config) { return configHome.appending(String(text.dropFirst(config.count))) }
    return home.appending(String(text.dropFirst(2)))
  }

  /// The directories that a link may lead into.
  func roots(of client: AgentClient) -> [FilePath] {
    [home, configHome] + (client.directoryVariable.flatMap { environment.absolutePath($0.name) }.map { [$0] } ?? [])
  }

  /// Whether the client is on this machine.
  package func isFound(_ client: AgentClient) -> Bool {
    client.traces.contains { fileExists(path($0, of: client)) }
  }

  /// How the entry of a client names the program at `executable`: `cairn` where that is what the client's search path
  /// finds, else by an absolute path, which is that of the first place of the user's path that leads to it.
  package func program(_ executable: FilePath, for client: AgentClient) throws(Failure) -> String {
    guard let own = try? FileStatus(of: executable) else {
      throw Failure(.notFound, "the program is not there any more; start the new one", path: executable)
    }
    func leadsToOwn(_ path: FilePath) -> Bool {
      guard let status = try? FileStatus(of: path) else { return false }
      return status.inode == own.inode && status.device == own.device
    }
    let name = ServerEntry.name
    if let found = find(name, in: searchPath(of: client)), leadsToOwn(found) { return name }
    let path = find(name, in: environment["PATH"] ?? "").flatMap { leadsToOwn($0) ? $0 : nil } ?? executable
    guard let text = path.utf8Text else {
      throw Failure(.invalidArgument, "no client can name this program: its path is no text; move it", path: path)
    }
    return text
  }

  /// The first program of that name in a list of directories; nil if there is none.
  func find(_ name: String, in searchPath: String) -> FilePath? {
    for directory in searchPath.split(separator: ":") where directory.hasPrefix("/") {
      let path = FilePath(String(directory)).appending(name)
      guard let status = try? FileStatus(of: path), status.kind == .file else { continue }
      if status.permissions & 0o111 != 0 { return path }
    }
    return nil
  }

  /// The directories in which the client looks for a program: those of the shell, or of a desktop's session.
  func searchPath(of client: AgentClient) -> String {
    client.isDesktop ? Self.desktopPath : environment["PATH"] ?? Self.desktopPath
  }

  private static let desktopPath = "/usr/local/bin:/usr/bin:/bin"
}
