import Cairn
import JSON
import Rendering

/// What `cairn model` prints, for people and for programs.
struct ModelPrinter {
  let output: Output
  let style: Style
  let printsJSON: Bool
  /// Only what was asked for is shown, and no word of what was done.
  let isQuiet: Bool

  func list(_ entries: [ModelEntry]) {
    if printsJSON {
      for entry in entries { output.line(JSONValue.model(entry).line) }
      return
    }
    let names = entries.map { entry in
      safeText(entry.name + (entry.aliases.first.map { " (\($0))" } ?? ""))
    }
    let width = names.map(\.count).max() ?? 0
    for (entry, name) in zip(entries, names) {
      let mark = entry.isInstalled ? "*" : " "
      let size = entry.byteCount > 0 ? byteText(entry.byteCount) : ""
      let dimensions = entry.dimensions.map(String.init) ?? ""
      output.line(
        "\(mark) " + style.bold(name) + spaces(width - name.count + 2) + spaces(4 - dimensions.count)
          + dimensions + spaces(10 - size.count) + size + "  " + safeText(entry.summary))
    }
    output.line(
      "* is on this machine; `cairn model pull NAME` fetches another, `cairn index --model NAME` uses it")
  }

  func info(_ entry: ModelEntry) {
    if printsJSON {
      output.line(JSONValue.model(entry).line)
      return
    }
    var rows = [("name", entry.name)]
    if !entry.aliases.isEmpty { rows.append(("also", entry.aliases.joined(separator: ", "))) }
    rows.append(("what", entry.summary))
    rows.append(("here", entry.isInstalled ? "yes" : "no; `cairn model pull \(entry.name)` fetches it"))
    if let directory = entry.directory { rows.append(("directory", directory.description)) }
    if let source = entry.source { rows.append(("source", source)) }
    if let dimensions = entry.dimensions { rows.append(("dimensions", String(dimensions))) }
    if let limit = entry.tokenLimit { rows.append(("longest text", "\(limit) tokens")) }
    if let pooling = entry.pooling { rows.append(("pooling", pooling)) }
    if !entry.queryPrefix.isEmpty { rows.append(("query", "\"\(entry.queryPrefix)...\"")) }
    if !entry.documentPrefix.isEmpty { rows.append(("chunk", "\"\(entry.documentPrefix)...\"")) }
    if let licence = entry.licence { rows.append(("licence", licence)) }
    if !entry.precisions.isEmpty { rows.append(("precisions", entry.precisions.joined(separator: ", "))) }
    for file in entry.files {
      let size = file.byteCount.map { byteText($0) } ?? "size unknown"
      let hash = file.sha256.map { "sha256 \($0)" } ?? "no published hash: what the hub says is checked"
      rows.append(
        ("file", "\(file.path)  \(size)  \(hash)\(entry.isInstalled && !file.isVerified ? " (first seen)" : "")"))
    }
    for (name, value) in rows { output.line(style.bold(name) + spaces(14 - name.count) + safeText(value)) }
  }

  func pulled(_ entry: ModelEntry) {
    if printsJSON { output.line(JSONValue.model(entry).line) }
    if printsJSON || isQuiet { return }
    output.line(
      "\(safeText(entry.name)) is in \(safeText(entry.directory?.description ?? "")), \(byteText(entry.byteCount))")
    let unverified = entry.files.filter { !$0.isVerified }.map(\.path)
    if !unverified.isEmpty {
      output.line(
        "no published hash for \(safeText(unverified.joined(separator: ", "))): the one of this download was recorded")
    }
    output.line(
      "`cairn index --model \(safeText(entry.name))` uses it; `cairn model test \(safeText(entry.name))` tries it")
  }

  func added(_ entry: ModelEntry) {
    if printsJSON { output.line(JSONValue.model(entry).line) }
    if printsJSON || isQuiet { return }
    output.line("\(safeText(entry.name)) is the model in \(safeText(entry.directory?.description ?? ""))")
  }

  func removed(_ name: String) {
    if printsJSON || isQuiet { return }
    output.line("\(safeText(name)) is not on this machine any more")
  }

  func test(_ test: ModelTest) {
    if printsJSON {
      output.line(JSONValue.modelTest(test).line)
      return
    }
    output.line(
      "\(safeText(test.modelName)): \(test.dimensions) dimensions, opened in \(durationText(test.openingSeconds))")
    if let device = test.device { output.line(safeText(device)) }
    output.line("\(fixed(test.textsPerSecond, 1)) texts/s (64 texts of about 450 bytes)")
    output.line(
      "similarity of a query and the code that it asks for \(fixed(test.matchingSimilarity, 3)), "
        + "of the query and other code \(fixed(test.otherSimilarity, 3))"
        + (test.tellsApart ? "" : ": it does not tell them apart, so something is wrong with it"))
  }

  func runtime(_ lines: [String], isFound: Bool) {
    if printsJSON {
      output.line(
        JSONValue.object([
          ("type", .string("runtime")), ("found", .boolean(isFound)), ("lines", .array(lines.map { .string($0) })),
        ]).line)
      return
    }
    for line in lines { output.line(safeText(line)) }
    let remedy = CairnError.Remedy(.installOnnxRuntime).terminalText(after: .notFound)
    if !isFound, let remedy { output.line(remedy) }
  }

  private func spaces(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }
}
