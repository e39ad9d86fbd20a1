import Cairn
import Disk
import Primitives
import Rendering

/// `cairn man [--directory DIR] [COMMAND]`
func runManual(_ arguments: ParsedArguments, _ output: Output) throws(CairnError) -> Int32 {
  let word = arguments.operands.first.map { String(decoding: $0, as: UTF8.self) }
  guard let directory = arguments.values(.directory).last else {
    output.write(try page(word).text)
    return ExitCode.done
  }
  guard word == nil else {
    throw CairnError(.invalidArgument, "--directory writes every page; leave out the name of one")
  }
  let pages = ManualPage.all
  try asCairnError { () throws(Failure) in
    func place(of section: Int) -> FilePath { FilePath(bytes: directory).appending(FilePath("man\(section)")) }
    for section in Set(pages.map(\.section)) { try makeDirectory(place(of: section)) }
    for page in pages {
      var file = try AtomicFile(replacing: place(of: page.section).appending(FilePath(page.fileName)))
      try file.write(Array(page.text.utf8))
      try file.commit()
    }
  }
  if !arguments.has(.quiet) {
    tell("cairn: wrote \(countText(pages.count, "page")) into \(safeText(String(decoding: directory, as: UTF8.self)))")
  }
  return ExitCode.done
}

private func page(_ word: String?) throws(CairnError) -> ManualPage {
  guard let word else { return .main }
  let name = word.hasPrefix("cairn-") ? String(word.dropFirst("cairn-".count)) : word
  if name == "cairn" { return .main }
  if name == Help.settingsTopic { return .settings }
  if let command = Command.Name(rawValue: name) { return .page(for: .named(command)) }
  let near = nearestName(to: name, in: Command.Name.allCases.map(\.rawValue) + [Help.settingsTopic])
  throw CairnError(
    .invalidArgument, "there is no page of \"\(word)\"" + (near.map { "; did you mean \"\($0)\"?" } ?? ""))
}
