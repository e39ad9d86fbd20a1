import Corpus
import Primitives

extension PartInput {
  /// Asking the patterns of an ignore file of 200 lines about every path.
  func ignore() -> Part {
    var source = SyntheticSource(seed: 2)
    var lines: [String] = []
    for number in 0..<40 {
      lines += [
        "*.\(source.word())", source.word() + "/", "/\(source.word())/\(source.word())", "!\(source.word()).c",
        number % 2 == 0 ? "\(source.word())/**/\(source.word())" : "\(source.word())*[0-9].tmp",
      ]
    }
    let rules = IgnoreRules(Array(lines.joined(separator: "\n").utf8), foldsCase: false)
    let paths = files.map { ($0.path.bytes, ($0.path.bytes.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1) }
    let repetitions = max(1, 20_000 / paths.count)
    return Part("ignore", per: "path", count: paths.count * repetitions) {
      for _ in 0..<repetitions {
        for (path, nameStart) in paths {
          keep(rules.verdict(path: path.span, nameStart: nameStart, isDirectory: false))
        }
      }
    }
  }
}
