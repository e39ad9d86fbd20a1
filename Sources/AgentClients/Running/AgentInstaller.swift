import Disk
package import Primitives

/// Whose files are meant.
package enum AgentScope: Hashable, Sendable {
  case user
  /// Those of the repository at the path.
  case project(FilePath)
}

/// One file with a part of Cairn's in it, or to be in it.
package struct AgentPlace: Sendable {
  package enum Purpose: String, Sendable { case server, instructions, skill, agent }

  package let client: AgentClient
  package let purpose: Purpose
  package let path: FilePath
  let editor: any FileEditor
  let roots: [FilePath]

  /// What a person would paste into the file.
  package var pasteText: String { editor.pasteText }
}

/// What is to be done to one file, or was found in it.
package struct AgentChange {
  package let place: AgentPlace
  /// Where a link leads, or the path itself.
  package let target: FilePath
  package let before: [UInt8]?
  /// Nil where the file is removed.
  package let after: [UInt8]?
  let file: ClientFile
  let isInstallation: Bool

  package var isRemoval: Bool { after == nil }
  /// As a unified diff.
  package var diff: [LineDiff.Line] { LineDiff.lines(from: before, to: after, path: target.description) }
}

/// Adds Cairn to the files of clients, and takes it out of them byte for byte.
package struct AgentInstaller {
  package let places: UserPlaces
  package let scope: AgentScope
  private let executable: FilePath

  /// - Parameter executable: the program that entries start; this one where it is left out.
  package init(_ places: UserPlaces, scope: AgentScope, executable: FilePath? = nil) throws(Failure) {
    self.places = places
    self.scope = scope
    if let executable { self.executable = executable } else { self.executable = try readLink("/proc/self/exe") }
  }

  /// As they are now: other runs change them.
  private var notes: MadeNotes { MadeNotes(places.notes) }

  /// The clients that are meant where nobody names one: those on this machine and, of a project, those that have a file
  /// of its own.
  package var foundClients: [AgentClient] {
    AgentClient.all.filter { client in
      switch scope {
      case .user: return places.isFound(client)
      case .project(let root):
        guard let configuration = client.projectConfiguration else { return false }
        return places.isFound(client) || configuration.paths.contains { path in fileExists(root.appending(path)) }
      }
    }
  }

  // MARK: Places

  /// The file of the client's servers: the one that is there, else the first of those that may be. Throws where the
  /// client has none for a project.
  package func serverPlace(_ client: AgentClient) throws(Failure) -> AgentPlace {
    let (configuration, paths) = try files(client)
    let path = paths.first { fileExists($0) } ?? paths[0]
    return AgentPlace(
      client: client, purpose: .server, path: path, editor: try editor(configuration.format, client),
      roots: roots(client))
  }

  /// Every file that may have Cairn's entry.
  package func serverPlaces(_ client: AgentClient) throws(Failure) -> [AgentPlace] {
    let (configuration, paths) = try files(client)
    let editor = try editor(configuration.format, client)
    return paths.filter { fileExists($0) }.map {
      AgentPlace(client: client, purpose: .server, path: $0, editor: editor, roots: roots(client))
    }
  }

  private func files(
    _ client: AgentClient
  ) throws(Failure) -> (configuration: AgentClient.Configuration, paths: [FilePath]) {
    switch scope {
    case .user:
      let paths = client.configuration.paths.map { places.path($0, of: client) }
      return (client.configuration, paths)
    case .project(let root):
      guard let configuration = client.projectConfiguration else {
        throw Failure(.invalidArgument, "\(client.title) reads no file of a project")
      }
      return (configuration, configuration.paths.map { root.appending($0) })
    }
  }

  private func roots(_ client: AgentClient) -> [FilePath] {
    switch scope {
    case .user: places.roots(of: client)
    case .project(let root): [root]
    }
  }

  private func editor(
    _ format: AgentClient.Configuration.Format, _ client: AgentClient
  ) throws(Failure) -> any FileEditor {
    // A file that others get too cannot name a path of this machine.
    let program: String
    switch scope {
    case .user: program = try places.program(executable, for: client)
    case .project: program = ServerEntry.name
    }
    let entry = ServerEntry(program: program)
    switch format {
    case .json(let container, let shape): return JSONEditor(container: container, shape: shape, entry: entry)
    case .toml(let container): return TomlEditor(container: container, entry: entry)
    case .yaml(let container): return YamlEditor(container: container, entry: entry)
    case .continueFile:
      return OwnFileEditor(head: InstructionText.continueHead, tail: InstructionText.continueTail, entry: entry)
    }
  }

  /// The texts for agents that the client reads.
  package func instructionPlaces(_ client: AgentClient) -> [AgentPlace] {
    var made: [AgentPlace] = []
    func add(_ purpose: AgentPlace.Purpose, _ path: FilePath, _ editor: any FileEditor) {
      made.append(
        AgentPlace(client: client, purpose: purpose, path: path, editor: editor, roots: roots(client)))
    }
    let text: FilePath?
    let claude: FilePath
    switch scope {
    case .user:
      text = client.instructions.map { places.path($0, of: client) }
      claude = places.path("~/.claude", of: client)
    case .project(let root):
      text = client.projectInstructions.map { root.appending($0) }
      claude = root.appending(".claude")
    }
    if let text { add(.instructions, text, SectionEditor(body: InstructionText.section)) }
    if client.readsSkills {
      add(.skill, claude.appending("skills/cairn/SKILL.md"), OwnFileEditor(head: InstructionText.skill))
      add(.agent, claude.appending("agents/cairn-explorer.md"), OwnFileEditor(head: InstructionText.agent))
    }
    return made
  }

  // MARK: Changes

  /// The entry in a place; nil where there is none. Throws where the file cannot be read or understood.
  package func entry(at place: AgentPlace) throws(Failure) -> (entry: FoundEntry, isOurs: Bool, isCurrent: Bool)? {
    let file = try ClientFile(place.path, inside: place.roots)
    guard let content = file.content else { return nil }
    return try Self.at(place) {
      () throws(Failure) -> (entry: FoundEntry, isOurs: Bool, isCurrent: Bool)? in
      guard let entry = try place.editor.entry(in: content) else { return nil }
      return (entry, isOurs(entry, file, place), place.editor.isCurrent(entry, in: content))
    }
  }

  private func isOurs(_ entry: FoundEntry, _ file: ClientFile, _ place: AgentPlace) -> Bool {
    if entry.isOurs(place.editor.server ?? ServerEntry(program: ServerEntry.name)) { return true }
    // An older text of a file that is Cairn's alone, as it was made.
    guard place.editor is OwnFileEditor, let content = file.content, let hash = notes.note(.file, at: file.target)?.hash
    else { return false }
    return hash == ContentHash(of: content.span)
  }

  /// Whether the user wrote the entry, as far as that can be told: it was not added here, and it has more than an
  /// installation writes, or starts another Cairn that is there.
  private func isUsers(_ entry: FoundEntry, _ file: ClientFile, _ place: AgentPlace) -> Bool {
    guard let server = place.editor.server, !(place.editor is OwnFileEditor),
      notes.note(.entry, at: file.target) == nil
    else { return false }
    if entry.hasMore { return true }
    let program = FilePath(entry.program)
    guard entry.program != server.program, program.isAbsolute, let other = try? FileStatus(of: program) else {
      return false
    }
    let own = try? FileStatus(of: executable)
    return other.inode != own?.inode || other.device != own?.device
  }

  /// Whether the place has an entry that the user wrote and that starts a Cairn: it is left as it is.
  package func hasUsersEntry(at place: AgentPlace) throws(Failure) -> Bool {
    let file = try ClientFile(place.path, inside: place.roots)
    guard let content = file.content, let entry = try place.editor.entry(in: content) else { return false }
    return isOurs(entry, file, place) && isUsers(entry, file, place)
  }

  /// Throws where the client is not on this machine and its directory would have to be made.
  package func checkPresence(at place: AgentPlace) throws(Failure) {
    guard scope == .user, !places.isFound(place.client), !fileExists(place.path), !fileExists(place.path.parent) else {
      return
    }
    throw Failure(
      .notFound,
      "\(place.client.title) is not found here, and no directory is made for it; start it once, or make "
        + "\(place.path.parent), and run this again", path: place.path)
  }

  /// What an installation does to the place; nil where it is done, or the user has an entry of their own. Throws where
  /// the file is to be left alone.
  package func installation(at place: AgentPlace) throws(Failure) -> AgentChange? {
    let file = try ClientFile(place.path, inside: place.roots)
    let editor = place.editor
    let after = try Self.at(place) { () throws(Failure) -> [UInt8]? in
      guard let content = file.content else { return editor.newFile }
      guard let entry = try editor.entry(in: content) else { return try editor.addingReversibly(to: content) }
      guard isOurs(entry, file, place) else {
        throw Failure(
          .foreignEntry,
          editor is OwnFileEditor
            ? "there is another file, or it was changed since; move it away, and run this again"
            : "its entry \"\(ServerEntry.name)\" starts something else; give that another name, and run this again")
      }
      return editor.isCurrent(entry, in: content) || isUsers(entry, file, place)
        ? nil : try editor.updating(entry, in: content)
    }
    guard let after else { return nil }
    try file.checkMayChange()
    return AgentChange(
      place: place, target: file.target, before: file.content, after: after, file: file, isInstallation: true)
  }

  /// What a removal does to the place; nil where there is nothing of Cairn's. Throws where the file is to be left
  /// alone.
  package func removal(at place: AgentPlace) throws(Failure) -> AgentChange? {
    let file = try ClientFile(place.path, inside: place.roots)
    // A file that does not even have the name needs not be understood.
    guard let content = file.content, Self.hasName(content) else { return nil }
    let editor = place.editor
    let left = try Self.at(place) { () throws(Failure) -> [UInt8]? in
      guard let entry = try editor.entry(in: content) else { return nil }
      guard isOurs(entry, file, place) else {
        throw Failure(
          .foreignEntry,
          editor is OwnFileEditor
            ? "it is another file, or was changed since, and is left as it is; remove it by hand"
            : "its entry \"\(ServerEntry.name)\" starts something else, and is left as it is")
      }
      guard !isUsers(entry, file, place) else {
        throw Failure(
          .foreignEntry,
          "its entry \"\(ServerEntry.name)\" is one that you wrote: it was not added by this program, and has more "
            + "than that writes or starts another one. It is left as it is; take it out by hand")
      }
      return try editor.removing(from: content)
    }
    guard let left else { return nil }
    try file.checkMayChange()
    let isMade = editor is OwnFileEditor || notes.note(.file, at: file.target) != nil
    let after = isMade && editor.isSkeleton(left) ? nil : left
    return AgentChange(
      place: place, target: file.target, before: content, after: after, file: file, isInstallation: false)
  }

  /// Makes the change. Throws where the file is not as it was any more. Runs at the same time wait for each other, so
  /// that none loses what another one notes.
  package func make(_ change: AgentChange) throws(Failure) {
    try changingNotes { (notes) throws(Failure) in
      let target = change.target
      let isShared = change.place.editor.server != nil && !(change.place.editor is OwnFileEditor)
      if let after = change.after {
        let hash = change.place.editor is OwnFileEditor ? ContentHash(of: after.span) : nil
        try change.file.write(after, hash: hash, &notes)
      } else {
        try change.file.remove(&notes)
      }
      guard isShared else { return }
      if change.isInstallation {
        try notes.add(MadeNotes.Note(kind: .entry, path: target))
      } else {
        try notes.remove(.entry, at: target)
      }
    }
  }

  /// Forgets that an entry was added in a place where none is any more: the next one there is its writer's.
  package func forgetEntry(at place: AgentPlace) throws(Failure) {
    guard let file = try? ClientFile(place.path, inside: place.roots), notes.note(.entry, at: file.target) != nil else {
      return
    }
    try changingNotes { (notes) throws(Failure) in try notes.remove(.entry, at: file.target) }
  }

  private func changingNotes(_ body: (inout MadeNotes) throws(Failure) -> Void) throws(Failure) {
    try makeDirectory(places.notes.parent, mode: 0o700)
    let lock = try DirectoryLock(places.notes.parent)
    defer { withExtendedLifetime(lock) {} }
    var notes = notes
    try body(&notes)
  }

  /// Starts what an entry of Cairn's starts, as the client would, and asks it who it is. Throws with what does not
  /// work.
  ///
  /// What a project brings along has no other program run than this one or the `cairn` of the user's path, and with
  /// nothing added.
  package func probe(_ entry: FoundEntry, at place: AgentPlace) throws(Failure) -> ServerProbe.Answer {
    guard case .project(let root) = scope else {
      return try ServerProbe.answer(of: entry, place.client, places, in: places.home)
    }
    let isOwn = entry.program == ServerEntry.name || FilePath(entry.program) == executable
    guard isOwn, entry.arguments == ServerEntry.arguments, entry.environment.isEmpty else {
      throw Failure(
        .permissionDenied,
        "it was not started: a project's file names another program there, or words or variables besides",
        path: place.path)
    }
    return try ServerProbe.answer(of: entry, place.client, places, in: root)
  }

  private static func hasName(_ text: [UInt8]) -> Bool {
    let name = Array(ServerEntry.name.utf8)
    return text.indices.contains { text[$0] == name[0] && text[$0...].starts(with: name) }
  }

  private static func at<Value>(_ place: AgentPlace, _ body: () throws(Failure) -> Value) throws(Failure) -> Value {
    do throws(Failure) { return try body() } catch {
      var failure = error
      failure.path = place.path
      throw failure
    }
  }
}
