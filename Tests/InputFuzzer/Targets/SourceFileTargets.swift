import Inspection
import Primitives

extension InputTarget {
  /// A source file in any encoding. What is decoded is UTF-8, and not much longer.
  static let encoding = InputTarget("encoding", byteLimit: 4096) { input in
    let bytes = input.array
    let text = SourceBytes.text(bytes)
    expect(text.count <= 4 * bytes.count, "\(text.count) bytes of \(bytes.count)")
    _ = SourceBytes.isText(input)
    let isAsItWas = text.count == bytes.count && zip(text, bytes).allSatisfy { $0 == $1 || $1 == UInt8(ascii: "\r") }
    if !isAsItWas, !bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      expect(String(validating: text, as: UTF8.self) != nil, "a text that was decoded is not UTF-8")
    }
  }

  /// A file and its name, by which the first byte chooses: what language it is in, and why it is left out.
  static let inspection = InputTarget("inspection", byteLimit: 4096) { input in
    guard input.count > 0 else { return }
    let names = InspectedNames.all
    let path = FilePath("config/" + names[Int(input[0]) % names.count])
    let content = input.extracting(1...)
    let inspector = ContentInspector()
    let judgement = inspector.judge(content, path: path)
    if judgement.reason == .secret {
      expect(inspector.holdsSecret(content, path: path), "a file is secret and holds no secret")
    }
    let all = inspector.judge(content, path: path, includesGenerated: true)
    expect(all.reason != .generated && all.reason != .minified, "what is wanted is left out as \(all.reason as Any)")
    _ = inspector.language(of: content, path: path)
  }

  /// A notebook. Its text has the length and the lines of the file, and its cells are in order.
  static let notebook = InputTarget("notebook", byteLimit: 8192) { input in
    guard let notebook = NotebookText(input) else { return }
    let newline = UInt8(ascii: "\n")
    expect(notebook.text.count == input.count, "\(notebook.text.count) bytes of \(input.count)")
    for i in input.indices where (input[i] == newline) != (notebook.text[i] == newline) {
      expect(false, "the lines are others from byte \(i) on")
    }
    var end = 0
    for cell in notebook.cells {
      expect(!cell.bytes.isEmpty && cell.bytes.lowerBound >= end, "cells are out of order at byte \(end)")
      end = cell.bytes.upperBound
    }
    expect(end <= input.count, "a cell ends behind the file")
    expect(zip(notebook.breaks, notebook.breaks.dropFirst()).allSatisfy { $0 < $1 }, "breaks are out of order")
    for region in notebook.regions { expect(region.bytes.upperBound <= input.count, "a region ends behind the file") }
    _ = (notebook.spans, notebook.language)
  }
}

private enum InspectedNames {
  /// One for each way in which a name has a say.
  static let all = [
    "main.c", "main.h", "notes.txt", "data.json", ".env", "secrets.yml", "id_rsa", "settings.ini", ".npmrc", "run",
    "a.m", "a.pl", "a.ts", "a.v", "a.inc", "a.xml", "page.min.js", "package-lock.json", ".netrc", "credentials",
    "values.properties", "Dockerfile", "a.sql", "a.tf",
  ]
}
