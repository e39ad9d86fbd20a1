import Cairn
import DoorSupport
import JSON
import Packing
import Primitives
import Rendering

/// `outline`: what a file defines, or what lies in a directory and what its files define.
struct OutlineTool {
  let arguments: Arguments
  let context: ToolContext
  /// Of so many files of a directory it is looked up what they define.
  private static let fileLimit = 200

  func answer() async throws(CairnError) -> ToolAnswer {
    let tokens = try arguments.tokens()
    let tree = try await context.tree(arguments)
    let named = try arguments.text("path")
    let path = try tree.path(named: named ?? ".")
    let isReady = try await tree.prepare(context, waitingFor: Self.patience)
    if let folder = try await Self.folder(at: path, in: tree.workspace, isReady: isReady) {
      var budget = TokenBudget(limit: tokens)
      let standing = try await tree.standing(isReady: isReady, context)
      standing.write(to: &budget)
      Self.write(folder, to: &budget)
      return ToolAnswer(budget.text, standing.facts).showing([], in: tree.workspace)
    }
    var budget = TokenBudget(limit: tokens)
    let (file, standing) = try await tree.source(at: path, context)
    standing.writeIfTelling(to: &budget)
    Self.write(file, to: &budget)
    return ToolAnswer(budget.text, standing.facts).showing([path], in: tree.workspace)
  }

  /// For so long a first index is waited for, which has more to say of a directory than its list.
  private static let patience = Duration.milliseconds(150)

  /// The directory at `path` as the index has it, or as it is where that does not know it yet; nil where it is none.
  private static func folder(
    at path: Path, in workspace: Workspace, isReady: Bool
  ) async throws(CairnError) -> IndexedFolder? {
    if isReady {
      let folder = try await workspace.folder(at: path, fileLimit: fileLimit)
      if !folder.files.isEmpty || !folder.directories.isEmpty || path.bytes.isEmpty { return folder }
    }
    let isDirectory = try await offPool { () throws(CairnError) in workspace.isDirectory(path) }
    return isDirectory ? try await workspace.presentFolder(at: path, fileLimit: fileLimit) : nil
  }

  // MARK: A file

  private static func write(_ file: IndexedSource, to budget: inout TokenBudget) {
    budget.add("\(safeText(file.path.description)): \(file.language), \(file.lines.count) lines")
    if file.symbols.isEmpty {
      budget.add("nothing is known of what it defines")
      return
    }
    // What is inside of others goes first where there is no room for all.
    let deepest = file.symbols.map(\.depth).max() ?? 0
    for depth in stride(from: deepest, through: 0, by: -1) {
      let symbols = file.symbols.filter { $0.depth <= depth }
      let lines = symbols.map(line)
      let cost = TokenCount(ofLines: lines).tokens
      let hidden = file.symbols.count - symbols.count
      let remark = hidden > 0 ? "\(hidden) inside of these are left out: raise \"tokens\"" : nil
      guard cost + (remark.map { TokenBudget.cost(ofLine: $0) } ?? 0) <= budget.rest else { continue }
      budget.add(lines)
      if let remark { budget.add(remark) }
      return
    }
    writeSome(file.symbols.filter { $0.depth == 0 }.map(line), of: "symbols", to: &budget)
  }

  private static func line(_ symbol: IndexedSource.Symbol) -> String {
    let range = symbol.lines
    let lines = range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
    return String(repeating: " ", count: min(symbol.depth, 8)) + "\(lines) \(symbol.kind.rawValue) "
      + safeText(shortened(symbol.name, to: 100))
  }

  /// As many of the lines as there is room for, and how many more there are.
  private static func writeSome(_ lines: [String], of what: String, to budget: inout TokenBudget) {
    let reserve = 24
    for (index, line) in lines.enumerated() {
      if TokenBudget.cost(ofLine: line) + reserve > budget.rest {
        budget.add("\(lines.count - index) more \(what): raise \"tokens\"")
        return
      }
      budget.add(line)
    }
  }

  // MARK: A directory

  private static func write(_ folder: IndexedFolder, to budget: inout TokenBudget) {
    let directories = folder.directories.map { directory in
      "\(safeText(directory.path.description))/" + (directory.fileCount > 0 ? " \(directory.fileCount) files" : "")
    }
    // With as many names of each file as there is room for.
    for count in [12, 6, 3, 0] {
      let files = folder.files.map { line($0, nameCount: count) } + folder.otherFiles.map { safeText($0.description) }
      let lines = directories + files
      guard count == 0 || TokenCount(ofLines: lines).tokens <= budget.rest else { continue }
      writeSome(lines, of: "entries", to: &budget)
      return
    }
  }

  private static func line(_ file: IndexedSource, nameCount: Int) -> String {
    var line = safeText(file.path.description)
    let names = file.symbols.filter { $0.depth == 0 }
    if nameCount > 0, !names.isEmpty {
      line += ": " + names.prefix(nameCount).map { safeText(shortened($0.name, to: 60)) }.joined(separator: ", ")
      if names.count > nameCount { line += ", +\(names.count - nameCount)" }
    }
    return line
  }
}
