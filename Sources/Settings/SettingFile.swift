import Disk
package import Primitives

/// A file of settings that is changed: the user's own or a project's. What else is in it, comments and order too, stays
/// as it is, byte for byte.
///
///     let file = SettingFile.project(at: root)
///     try file.set([.limit: .integer(5)])
package struct SettingFile: Hashable, Sendable {
  /// Whose file it is.
  package enum Scope: String, CaseIterable, Sendable {
    /// The user's: it holds for all that they search.
    case global
    /// The project's, at its root, which may be someone else's.
    case project
  }

  package let scope: Scope
  package let path: FilePath

  /// `cairn.toml` at `root`.
  package static func project(at root: FilePath) -> SettingFile {
    SettingFile(scope: .project, path: root.appending(SettingValues.fileName))
  }

  /// `~/.config/cairn/config.toml`, or what `XDG_CONFIG_HOME` makes of it; nil where the environment names no home.
  package static func user(in environment: EnvironmentVariables) -> SettingFile? {
    SettingValues.userFile(in: environment).map { SettingFile(scope: .global, path: $0) }
  }

  /// Whether there is something at its path.
  package var exists: Bool { fileExists(path) }

  /// The settings that it sets, in its order, each with its line. What is no setting or not accepted is skipped:
  /// `SettingValues.load` says what is wrong with it. Throws `invalidConfiguration` where it is no TOML.
  package func entries() throws(Failure) -> [SettingValues.Entry] {
    guard exists else { return [] }
    _ = try text()
    return try TomlDocument.nodes(of: path).compactMap { node in
      guard let setting = Setting.keyed(node.key), let value = setting.value(of: node) else { return nil }
      return SettingValues.Entry(setting: setting, value: value, origin: .file(path, line: node.line))
    }
  }

  /// What `bytes`, as typed in `directory`, set `setting` to in this file: a path is made one that means the same
  /// there. Throws `invalidArgument` where the setting does not accept it, or not in a file of this scope.
  package func value(
    parsing bytes: [UInt8], of setting: Setting, in directory: FilePath, _ environment: EnvironmentVariables
  ) throws(Failure) -> Setting.Value {
    guard let typed = setting.value(parsing: bytes) else {
      let text = String(decoding: bytes, as: UTF8.self)
      var near: String?
      if case .choice(let words) = setting.kind { near = nearestName(to: text, in: words) }
      throw Failure(
        .invalidArgument,
        "\"\(setting.key)\" takes \(setting.expectation)" + (near.map { "; did you mean \"\($0)\"?" } ?? ""),
        cause: "it was given \"\(text)\"")
    }
    var value = typed
    if case .path(let path) = typed, !path.bytes.starts(with: "~/".utf8) || scope == .project {
      value = typed.resolved(against: directory, home: environment.home)
      if scope == .project, case .path(let whole) = value, let inside = whole.relative(to: self.path.parent) {
        value = .path(inside)
      }
    } else if case .text = typed, !bytes.starts(with: "~/".utf8) {
      value = typed.resolved(against: directory, home: nil)
    }
    guard scope == .project else { return value }
    let user = SettingValues.userFileText(in: environment)
    if let objection = setting.objection(toProjectValue: value, userFile: user) {
      throw Failure(.invalidArgument, objection)
    }
    if setting == .indexDirectory { try SettingValues.check(value, staysIn: path.parent, message: "", file: path) }
    return value
  }

  /// Sets `values`, each where its name is assigned, or else behind what is assigned before the first table. The file
  /// is made where there is none.
  ///
  /// Throws `invalidConfiguration` where it is no TOML or has a name twice, and `invalidArgument` where a project's
  /// file is a link; nothing is written then. Processes that change one file at the same time wait for each other.
  package func set(_ values: [Setting: Setting.Value]) throws(Failure) {
    if !exists, scope == .global { try makeDirectory(path.parent) }
    _ = try change { (old) throws(Failure) in
      var text = old
      for setting in Setting.all {
        guard let value = values[setting] else { continue }
        text = try setting.set(to: value, in: document(text), notUnderstood: { mistake($0) })
      }
      return text
    }
  }

  /// Takes the assignment of `key` out, with its line; a comment above it stays. False, with nothing written, where
  /// nothing in the file is called so. Throws as `set` does.
  package func unset(_ key: String) throws(Failure) -> Bool {
    guard exists else { return false }
    return try change { (text) throws(Failure) in try removing(key, from: text) }
  }

  /// Nil where nothing is called so.
  private func removing(_ key: String, from text: [UInt8]) throws(Failure) -> [UInt8]? {
    let document = try document(text)
    guard let statement = try document.assignment(of: key, notUnderstood: { mistake($0) }) else { return nil }
    var start = statement.range.lowerBound
    while start > text.textStart, text[start - 1] != .newline { start -= 1 }
    let end = text[statement.range.upperBound...].firstIndex(of: .newline).map { $0 + 1 } ?? text.count
    let removed = TextEdit.removing([start..<end]).applied(to: text)
    let rest = document.facts { $0.fullPath == [key] }
    guard try self.document(removed).facts(without: { _ in false }) == rest else {
      throw mistake("\"\(key)\" is not written in a way that can be changed safely; take it out by hand")
    }
    return removed
  }

  /// Reads the file, and writes what `body` makes of it, unless that is nil; gives whether it was written. What other
  /// processes change is changed before or after that.
  private func change(_ body: ([UInt8]) throws(Failure) -> [UInt8]?) throws(Failure) -> Bool {
    let target = try target()
    let lock = try DirectoryLock(target.parent)
    defer { withExtendedLifetime(lock) {} }
    let old = try text()
    // What is broken stays as it is, with the line; and nothing breaks what is not.
    _ = try nodes(in: old)
    guard let new = try body(old) else { return false }
    _ = try nodes(in: new)
    if let status = try? FileStatus(of: target), status.permissions & 0o200 == 0 {
      throw Failure(
        .permissionDenied, "it is read-only and is left as it is; `chmod u+w` it, and run this again", path: path)
    }
    do throws(Failure) {
      var writer = try AtomicFile(replacing: target)
      try writer.write(new)
      try writer.commit()
    } catch  where error.code == .permissionDenied && !isWritable(target.parent) {
      throw Failure(
        .permissionDenied,
        "it cannot be replaced, since nothing may be written into \(target.parent); check the owner and mode of that",
        path: path, cause: error.cause)
    }
    return true
  }

  /// What the program reads in `text`.
  private func nodes(in text: [UInt8]) throws(Failure) -> [TomlDocument.Node] {
    do throws(Failure) { return try TomlDocument.nodes(in: text, of: path) } catch {
      var mistake = error
      mistake.message += "; mend it by hand"
      throw mistake
    }
  }

  private func mistake(_ message: String) -> Failure { Failure(.invalidConfiguration, message, path: path) }

  private func text() throws(Failure) -> [UInt8] {
    guard exists else { return [] }
    guard try FileStatus(of: path, followsLinks: true).kind == .file else {
      throw mistake("it is not a regular file; remove it or rename it")
    }
    return try readFile(path, limit: TomlDocument.sizeLimit).bytes
  }

  private func document(_ text: [UInt8]) throws(Failure) -> TomlText {
    do throws(Failure) { return try TomlText(text) } catch { throw mistake(error.message + "; mend it by hand") }
  }

  /// The file that is written: what a link of the user's leads to.
  private func target() throws(Failure) -> FilePath {
    guard let status = try? FileStatus(of: path, followsLinks: false), status.kind == .symbolicLink else { return path }
    guard scope == .global else {
      // A link that came with a repository must not choose which file is rewritten.
      throw Failure(
        .invalidArgument, "it is a symbolic link, which is not written through; edit it by hand", path: path)
    }
    // Users keep such files elsewhere, and link to them.
    return try resolvedPath(path)
  }
}

extension SettingValues.Entry {
  /// Whether it comes from a source that wins over `file`: what the file says of the setting, if anything, does not
  /// hold.
  package func wins(over file: SettingFile) -> Bool {
    switch origin {
    case .builtIn, .derived: false
    case .file(let path, _): file.scope == .global && path != file.path
    case .environment, .flag, .index, .program: true
    }
  }
}

extension TomlText {
  /// The one assignment of `key` at the top of the document; nil where there is none.
  fileprivate func assignment(
    of key: String, notUnderstood mistake: (String) -> Failure
  ) throws(Failure) -> Statement? {
    let named = statements.filter { $0.fullPath == [key] }
    guard let first = named.first else { return nil }
    guard named.count == 1 else { throw mistake("it has \"\(key)\" twice; take one out by hand") }
    guard !first.isHeader else { throw mistake("\"\(key)\" is a table, and not a setting; take it out by hand") }
    return first
  }
}

extension Setting {
  /// The bytes of `document` with `value` assigned.
  fileprivate func set(
    to value: Setting.Value, in document: TomlText, notUnderstood mistake: (String) -> Failure
  ) throws(Failure) -> [UInt8] {
    let text = document.bytes
    if let held = try document.assignment(of: key, notUnderstood: mistake)?.value {
      return TextEdit.replacing(held.range, with: Array(value.description.utf8)).applied(to: text)
    }
    let line = Array("\(key) = \(value)".utf8) + text.lineEnd
    // A line behind one that opens a table would be in the table.
    let top = document.statements.prefix { !$0.isHeader }
    if let last = top.last {
      guard let end = text[last.range.upperBound...].firstIndex(of: .newline) else {
        return text + text.lineEnd + line
      }
      return TextEdit.inserting(line, at: end + 1).applied(to: text)
    }
    if let header = document.statements.first {
      return TextEdit.inserting(line, at: header.range.lowerBound).applied(to: text)
    }
    let gap = text.isEmpty || text.last == .newline ? [] : text.lineEnd
    return text + gap + line
  }
}
